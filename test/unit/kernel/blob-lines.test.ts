import { describe, expect, it } from "vitest";
import { splitLines } from "../../../src/kernel/blob-lines.ts";

const linesOf = async (bytes: Uint8Array, size: number): Promise<string[]> => {
  const stream = new ReadableStream<Uint8Array>({
    start(controller) {
      for (let at = 0; at < bytes.length; at += size) controller.enqueue(bytes.slice(at, at + size));
      controller.close();
    },
  });
  const lines: string[] = [];
  for await (const line of splitLines(stream)) lines.push(line);
  return lines;
};

const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);

describe("the lines of a stream", () => {
  it("are the same however the bytes are cut, between the bytes of a character too", async () => {
    const bytes = utf8('보험금 5천만 원\n\n{"a":"🙂"}\n');
    for (let size = 1; size <= bytes.length; size++) {
      expect(await linesOf(bytes, size)).toEqual(["보험금 5천만 원", "", '{"a":"🙂"}']);
    }
  });

  it("end with one that has no line break", async () => {
    expect(await linesOf(utf8("a\nb"), 2)).toEqual(["a", "b"]);
    expect(await linesOf(utf8(""), 2)).toEqual([]);
  });

  it("keep a byte order mark, which belongs to no JSON", async () => {
    expect(await linesOf(utf8("\uFEFFa\n"), 9)).toEqual(["\uFEFFa"]);
  });

  it("refuse bytes that are not UTF-8, at the end too", async () => {
    await expect(linesOf(new Uint8Array([0x61, 0xff, 0x0a]), 1)).rejects.toThrow(TypeError);
    await expect(linesOf(new Uint8Array([0x61, 0x0a, 0xec]), 1)).rejects.toThrow(TypeError);
  });
});
