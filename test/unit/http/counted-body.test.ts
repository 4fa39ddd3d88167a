import { describe, expect, it, vi } from "vitest";
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
  const { stream: body, heardOut } = countedBody(
    stream,
    maxBytes,
    () => new Error("too large"),
    (work) => void later.push(work),
  );
  return { body, heardOut, later };
};

describe("a body that is counted", () => {
  it("passes whole when it is as large as it may be", async () => {
    const { body, later } = limited(sender(3, 10).stream, 30);
    expect((await new Response(body).arrayBuffer()).byteLength).toBe(30);
    expect(later).toEqual([]);
  });

  it("fails beyond that, and its sender is read to the end so that the answer reaches it", async () => {
    const { told, stream } = sender(10, 10);
    const { body } = limited(stream, 35);
    await expect(new Response(body).arrayBuffer()).rejects.toThrow("too large");
    expect(told).toEqual({ sent: 10, hungUp: false });
  });

  it("is read on for a while when nobody wants it, not without end", async () => {
    const { told, stream } = sender(1_000, mebibyte);
    const { heardOut } = limited(stream, 1_000 * mebibyte);
    await heardOut();
    expect(told).toEqual({ sent: 320, hungUp: true });
  });

  it("is heard out where a pipe that carried it broke", async () => {
    const { told, stream } = sender(10, 10);
    const { body, heardOut } = limited(stream, 1_000);
    const broken = body.pipeThrough(
      new TransformStream({
        transform() {
          throw new Error("not this");
        },
      }),
    );
    await expect(new Response(broken).arrayBuffer()).rejects.toThrow("not this");
    await heardOut();
    expect(told).toEqual({ sent: 10, hungUp: false });
  });

  it("keeps the answer of a slow sender waiting for seconds, not for ever", async () => {
    vi.useFakeTimers();
    const { body, later } = limited(new ReadableStream(), 10);
    const cancelled = body.cancel();
    await vi.advanceTimersByTimeAsync(20_000);
    await cancelled;
    expect(later).toHaveLength(1);
    vi.useRealTimers();
  });
});
