/** An instant as the API writes it, in whole seconds. @param atMs milliseconds since the epoch */
export function stamp(atMs: number): string {
  return new Date(Math.floor(atMs / 1000) * 1000).toISOString().replace(".000Z", "Z");
}

/** Milliseconds since the epoch; undefined when the text is no instant. */
export function instantOf(text: unknown): number | undefined {
  if (typeof text !== "string") return undefined;
  const atMs = Date.parse(text);
  return Number.isNaN(atMs) ? undefined : atMs;
}
