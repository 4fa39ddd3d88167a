import { describe, expect, it } from "vitest";
import { countedBody } from "../../../src/http/counted-body.ts";

const mebibyte = 1024 * 1024;

/** A sender of so many pieces that counts what is taken of it. */
function sender(pieces: number, bytes: number) {
  const told = { sent: 0, hungUp: false };
  const stream = new ReadableStream<Uint8Array>(
    {
      pull(controller) {
        if (told.sent === pieces) controller.close();
        else {
          told.sent += 1;
          controller.enqueue(new Uint8Array(bytes));
        }
      },
      cancel() {
        told.hungUp = true;
      },
    },
    { highWaterMark: 0 },
  );
  return { told, stream };
}

const limited = (stream: ReadableStream<Uint8Array>, maxBytes: number) => {
  const later: Promise<unknown>[] = [];
  const body = countedBody(
    stream,
    maxBytes,
    () => new Error("too large"),
    (work) => void later.push(work),
  );
  return { body, later };
};

describe("a body that is counted", () => {
  it("passes whole when it is as large as it may be", async () => {
    const { body, later } = limited(sender(3, 10).stream, 30);
    expect((await new Response(body).arrayBuffer()).byteLength).toBe(30);
    expect(later).toEqual([]);
  });

  it("fails beyond that, and its sender is read to the end so that the answer reaches it", async () => {
    const { told, stream } = sender(10, 10);
    const { body, later } = limited(stream, 35);
    await expect(new Response(body).arrayBuffer()).rejects.toThrow("too large");
    await Promise.all(later);
    expect(told).toEqual({ sent: 10, hungUp: false });
  });

  it("is read on for a while when nobody wants it, not without end", async () => {
    const { told, stream } = sender(1_000, mebibyte);
    const { body, later } = limited(stream, 1_000 * mebibyte);
    await body.cancel();
    await Promise.all(later);
    expect(told).toEqual({ sent: 64, hungUp: true });
  });
});
