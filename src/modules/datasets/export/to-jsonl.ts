import { textStream } from "../../../kernel/text-stream.ts";

/** Values as a stream of JSON Lines; cases written so are read back by the format `maru-jsonl`. */
export function toJsonl(values: AsyncIterable<unknown> | Iterable<unknown>): ReadableStream<Uint8Array> {
  async function* lines() {
    for await (const value of values) yield `${JSON.stringify(value)}\n`;
  }
  return textStream(lines());
}
