const shownBytes = 2000;

/** What an answer says, in short: the message of a refusal, or its beginning as text. The rest is let go. */
export async function saidOf(body: Uint8Array | ReadableStream<Uint8Array>): Promise<string> {
  const decode = (bytes: Uint8Array | undefined) => new TextDecoder().decode(bytes?.subarray(0, shownBytes));
  if (!(body instanceof Uint8Array)) {
    const reader = body.getReader();
    const { value } = await reader.read();
    await reader.cancel();
    return decode(value);
  }
  try {
    const { message } = JSON.parse(new TextDecoder().decode(body)) as { message?: unknown };
    if (typeof message === "string") return message.slice(0, shownBytes);
  } catch {
    // Not JSON: the text itself tells.
  }
  return decode(body);
}
