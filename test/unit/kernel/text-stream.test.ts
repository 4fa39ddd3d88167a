import { describe, expect, it } from "vitest";
import { textStream } from "../../../src/kernel/text-stream.ts";

async function sizesOf(stream: ReadableStream<Uint8Array>): Promise<number[]> {
  const sizes: number[] = [];
  for await (const piece of stream) sizes.push(piece.length);
  return sizes;
}

describe("a stream of texts", () => {
  it("gathers small texts into pieces of about 64 KiB", async () => {
    const texts = Array.from({ length: 3_000 }, () => "x".repeat(50));
    expect(await sizesOf(textStream(texts))).toEqual([65_550, 65_550, 18_900]);
  });

  it("is empty for no text", async () => {
    expect(await sizesOf(textStream([]))).toEqual([]);
  });

  it("fails with its source", async () => {
    async function* source() {
      yield "a".repeat(70_000);
      throw new RangeError("the source broke");
    }
    const reader = textStream(source()).getReader();
    expect((await reader.read()).value?.length).toBe(70_000);
    await expect(reader.read()).rejects.toThrow("the source broke");
  });

  it("ends its source when the reader leaves", async () => {
    let ended = false;
    async function* source() {
      try {
        for (;;) yield "a".repeat(70_000);
      } finally {
        ended = true;
      }
    }
    const reader = textStream(source()).getReader();
    await reader.read();
    await reader.cancel();
    expect(ended).toBe(true);
  });
});
