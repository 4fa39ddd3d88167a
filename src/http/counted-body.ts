/** What is still read of a body that was refused, so that its sender is there to read the answer. */
const discardedBytes = 64 * 1024 * 1024;

/**
 * A body that fails with `tooLarge()` once more than `maxBytes` have come. What comes after that, or after it was
 * cancelled, is read and dropped for a while: a connection that is closed on a sender in the middle loses the answer.
 */
export function countedBody(
  body: ReadableStream<Uint8Array>,
  maxBytes: number,
  tooLarge: () => Error,
  after: (work: Promise<unknown>) => void,
): ReadableStream<Uint8Array> {
  const reader = body.getReader();
  let size = 0;
  return new ReadableStream<Uint8Array>({
    async pull(controller) {
      const { done, value } = await reader.read();
      if (done) {
        controller.close();
        return;
      }
      size += value.byteLength;
      if (size <= maxBytes) {
        controller.enqueue(value);
        return;
      }
      controller.error(tooLarge());
      after(discard(reader));
    },
    cancel: () => after(discard(reader)),
  });
}

/** Reads the rest of a body that nobody wants, up to a bound, and then hangs up. Never throws. */
export async function discard(reader: ReadableStreamDefaultReader<Uint8Array>): Promise<void> {
  try {
    for (let left = discardedBytes; left > 0; ) {
      const { done, value } = await reader.read();
      if (done) return;
      left -= value.byteLength;
    }
    await reader.cancel();
  } catch {
    // The sender has gone.
  }
}
