import { describe, expect, it } from "vitest";
import { eventStreamParser, readEvents } from "../../../../cli/src/client/event-stream.ts";
import { seededRandom } from "../../../../src/kernel/random.ts";

const text =
  '\uFEFFretry: 1000\r\n\r\n: waiting\n\nid: 1\nevent: job.started\ndata: {"a":1}\n\nid: 2\rdata:one\rdata: two\r\r' +
  "data\n\nid: 3\nevent: unfinished\ndata: lost";

const expected = [
  { id: "1", event: "job.started", data: '{"a":1}' },
  { id: "2", event: "message", data: "one\ntwo" },
  { id: "2", event: "message", data: "" },
];

describe("an event stream", () => {
  it("gives whole messages, with every line end that the standard knows", () => {
    expect(eventStreamParser()(text)).toEqual(expected);
  });

  it("gives the same however the text is cut", () => {
    for (let seed = 1; seed <= 300; seed++) {
      const random = seededRandom(seed);
      const parse = eventStreamParser();
      const found = [];
      for (let at = 0; at < text.length; ) {
        const next = at + 1 + Math.floor(random() * 6);
        found.push(...parse(text.slice(at, next)));
        at = next;
      }
      expect(found, `seed ${seed}`).toEqual(expected);
    }
  });

  it("keeps letters whole that arrive in two parts", async () => {
    const bytes = new TextEncoder().encode("data: 한글\n\n");
    const stream = new ReadableStream<Uint8Array>({
      start(controller) {
        for (const byte of bytes) controller.enqueue(new Uint8Array([byte]));
        controller.close();
      },
    });
    const found = [];
    for await (const event of readEvents(stream, 1000)) found.push(event.data);
    expect(found).toEqual(["한글"]);
  });

  it("gives up on a stream that falls silent", async () => {
    const silent = new ReadableStream<Uint8Array>({ start: () => {} });
    await expect(readEvents(silent, 10).next()).rejects.toThrow("silent");
  });
});
