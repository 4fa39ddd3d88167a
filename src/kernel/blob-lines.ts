import * as z from "zod";
import type { BlobPort } from "./ports/blob.ts";

/** Where lines begin: the byte offset of every `every`-th line, then the end of the last. */
export const LineIndex = z.strictObject({
  every: z.int().min(1),
  lines: z.int().min(0),
  bytes: z.int().min(0),
  offsets: z.array(z.int()),
});
export type LineIndex = z.infer<typeof LineIndex>;

/** Writes lines as one object, streaming, and tells where to find each. Lines must not hold a line break. */
export async function writeLines(
  blobs: BlobPort,
  key: string,
  lines: AsyncIterable<string>,
  every: number,
  contentType = "application/x-ndjson",
): Promise<LineIndex> {
  const encoder = new TextEncoder();
  const offsets: number[] = [];
  const iterator = lines[Symbol.asyncIterator]();
  let count = 0;
  let bytes = 0;
  const body = new ReadableStream<Uint8Array>({
    async pull(controller) {
      let text = "";
      let size = 0;
      while (size < 64 * 1024) {
        const next = await iterator.next();
        if (next.done) {
          if (text !== "") controller.enqueue(encoder.encode(text));
          controller.close();
          return;
        }
        if (count % every === 0) offsets.push(bytes);
        const line = `${next.value}\n`;
        const length = encoder.encode(line).byteLength;
        text += line;
        size += length;
        bytes += length;
        count++;
      }
      controller.enqueue(encoder.encode(text));
    },
    async cancel() {
      await iterator.return?.();
    },
  });
  await blobs.put(key, body, contentType);
  return { every, lines: count, bytes, offsets };
}

/** Reads lines `from` (inclusive) to `to` (exclusive), fetching only the bytes around them. */
export async function* readLines(
  blobs: BlobPort,
  key: string,
  index: LineIndex,
  from = 0,
  to = index.lines,
): AsyncGenerator<string> {
  const end = Math.min(to, index.lines);
  if (from >= end) return;
  const first = Math.floor(from / index.every);
  const offset = index.offsets[first] ?? 0;
  const after = index.offsets[Math.ceil(end / index.every)] ?? index.bytes;
  const object = await blobs.get(key, { offset, length: after - offset });
  if (object === null) throw new Error(`the object ${key} is gone`);
  let line = first * index.every;
  for await (const text of splitLines(object.body)) {
    if (line >= end) return;
    if (line >= from) yield text;
    line++;
  }
}

/** The lines of a stream of UTF-8, however it is cut; throws where it isn't UTF-8. */
export async function* splitLines(stream: ReadableStream<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
  let pieces: string[] = [];
  for await (const bytes of stream) {
    const [first = "", ...rest] = decoder.decode(bytes, { stream: true }).split("\n");
    pieces.push(first);
    for (const line of rest) {
      yield pieces.join("");
      pieces = [line];
    }
  }
  const last = pieces.join("") + decoder.decode();
  if (last !== "") yield last;
}
