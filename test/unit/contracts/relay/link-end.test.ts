import { describe, expect, it } from "vitest";
import type { Frame } from "../../../../contracts/relay/frame.ts";
import { LinkError } from "../../../../contracts/relay/link.ts";
import { type LinkStream, StreamEnded } from "../../../../contracts/relay/link-stream.ts";
import { linkLimits } from "../../../../contracts/relay/protocol.ts";
import { StreamBody, sendBody } from "../../../../contracts/relay/stream-body.ts";
import { seededRandom } from "../../../../src/kernel/random.ts";
import { bytesOf, frameTypes, linkPair, listener, textOf } from "./link-pair.ts";

const { REQ, REQ_DATA, RES_DATA, RES_END, RES_FULL, WS_OPEN, WS_DATA, WINDOW, CANCEL, PUSH } = frameTypes;

/** An agent's side that takes streams and remembers them. */
function taking(onOpen: (stream: LinkStream, frame: Frame) => void = () => {}) {
  const streams: { stream: LinkStream; heard: ReturnType<typeof listener> }[] = [];
  const pair = linkPair((stream, frame) => {
    const heard = listener();
    heard.take(frame);
    stream.taker = heard.taker;
    streams.push({ stream, heard });
    onOpen(stream, frame);
  });
  return { pair, streams };
}

describe("the ends of a link", () => {
  it("carry a request and its answer", async () => {
    const { pair, streams } = taking((stream) => stream.finish(RES_FULL, bytesOf("hello")));
    const heard = listener();
    pair.relay.start(2, REQ, bytesOf("who?"), heard.taker);
    await pair.settle();
    expect(textOf(streams[0]?.heard.frames[0]?.payload as Uint8Array)).toBe("who?");
    expect(heard.frames).toMatchObject([{ type: RES_FULL, stream: 2 }]);
    expect(pair.agent.open).toBe(0);
  });

  it("hold a writer back when its reader doesn't read, and let it go on when it does", async () => {
    const { pair, streams } = taking();
    const heard = listener();
    const mine = pair.relay.start(2, REQ, bytesOf("get"), heard.taker);
    await pair.settle();
    const theirs = streams[0]?.stream as LinkStream;
    let done = false;
    void Promise.resolve(theirs.write(RES_DATA, new Uint8Array(3 * linkLimits.windowBytes))).then(() => {
      done = true;
    });
    await pair.settle();
    const arrived = () => heard.frames.reduce((sum, { payload }) => sum + payload.byteLength, 0);
    expect(arrived()).toBe(linkLimits.windowBytes);
    expect(done).toBe(false);
    for (let round = 0; round < 4; round++) {
      mine.consumed(linkLimits.windowBytes);
      await pair.settle();
    }
    expect(arrived()).toBe(3 * linkLimits.windowBytes);
    expect(done).toBe(true);
  });

  it("don't let one slow reader hold up the others", async () => {
    const { pair, streams } = taking();
    const [slow, quick] = [listener(), listener()];
    pair.relay.start(2, REQ, bytesOf("slow"), slow.taker);
    pair.relay.start(4, REQ, bytesOf("quick"), quick.taker);
    await pair.settle();
    void Promise.resolve(
      streams[0]?.stream.write(RES_DATA, new Uint8Array(4 * linkLimits.windowBytes)),
    ).catch(() => {});
    await pair.settle();
    streams[1]?.stream.finish(RES_FULL, bytesOf("done"));
    await pair.settle();
    expect(quick.frames).toMatchObject([{ type: RES_FULL }]);
  });

  it("stop sending when the link keeps as much as it may, also over many streams", async () => {
    const { pair, streams } = taking();
    const count = 40;
    for (let n = 1; n <= count; n++) pair.relay.start(2 * n, REQ, bytesOf("x"), listener().taker);
    await pair.settle();
    pair.cut();
    const writes = streams.map(({ stream }) =>
      stream.write(RES_DATA, new Uint8Array(linkLimits.windowBytes)),
    );
    await pair.settle();
    const waiting = streams.reduce((sum, { stream }) => sum + stream.waitingBytes, 0);
    expect(waiting).toBeGreaterThan((count - 10) * linkLimits.windowBytes);
    pair.mend();
    await pair.settle();
    await Promise.all(writes);
    expect(streams.every(({ stream }) => stream.waitingBytes === 0)).toBe(true);
  });

  it("end a stream that gets data without credit", async () => {
    const { pair, streams } = taking();
    const heard = listener();
    pair.relay.start(2, REQ, bytesOf("x"), heard.taker);
    await pair.settle();
    for (let n = 0; n < 3; n++) pair.agent.send(RES_DATA, 2, new Uint8Array(linkLimits.frameBytes));
    await pair.settle();
    expect(heard.ended).toEqual(["protocol"]);
    expect(streams[0]?.heard.ended).toEqual(["protocol"]);
  });

  it("answer to a stream that nobody opened, and let pass what came too late", async () => {
    const { pair } = taking();
    pair.relay.send(REQ_DATA, 40, bytesOf("?"));
    await pair.settle();
    const heard = listener();
    const stream = pair.relay.start(42, REQ, bytesOf("x"), heard.taker);
    stream.cancel({ code: "cancelled", detail: "gone", ran: "no" });
    pair.agent.send(RES_DATA, 42, bytesOf("late"));
    pair.agent.send(WINDOW, 44, bytesOf("late"));
    pair.agent.send(CANCEL, 46, new Uint8Array());
    await pair.settle();
    expect(heard.frames).toEqual([]);
    expect(() => pair.relay.start(42, REQ, bytesOf("x"), heard.taker)).not.toThrow();
    expect(() => pair.relay.start(42, REQ, bytesOf("x"), heard.taker)).toThrow(RangeError);
  });

  it("refuse a stream of the other side's parity, and streams beyond the limit", async () => {
    const { pair, streams } = taking();
    for (let n = 1; n <= linkLimits.streams; n++)
      pair.relay.start(2 * n, REQ, bytesOf("x"), listener().taker);
    const last = listener();
    pair.relay.start(2 * linkLimits.streams + 2, REQ, bytesOf("x"), last.taker);
    await pair.settle();
    expect(streams).toHaveLength(linkLimits.streams);
    expect(last.ended).toEqual(["overloaded"]);
    pair.relay.send(REQ, 5001, bytesOf("x"));
    expect(() => pair.step("toAgent")).toThrow(LinkError);
  });

  it("carry a thousand streams at once", async () => {
    const { pair } = taking((stream, frame) => stream.finish(RES_FULL, frame.payload.slice()));
    const all = Array.from({ length: 1000 }, () => listener());
    all.forEach((heard, n) => void pair.relay.start(2 * n + 2, REQ, bytesOf(`${n}`), heard.taker));
    await pair.settle();
    expect(all.map((heard) => textOf(heard.frames[0]?.payload as Uint8Array))).toEqual(
      all.map((_, n) => `${n}`),
    );
  });

  it("go on after a cut at any frame, with nothing lost and nothing twice", async () => {
    for (let seed = 1; seed <= 25; seed++) {
      const random = seededRandom(seed);
      const { pair, streams } = taking();
      const heard = listener();
      const mine = pair.relay.start(2, WS_OPEN, bytesOf("console"), heard.taker);
      await pair.settle();
      const theirs = streams[0]?.stream as LinkStream;
      const said: string[] = [];
      for (let n = 0; n < 120; n++) {
        const text = `${n}`.padStart(5 + Math.floor(random() * 3000), "·");
        said.push(text);
        void theirs.writeWhole(WS_DATA, bytesOf(text));
        void mine.writeWhole(WS_DATA, bytesOf(text));
        while (random() < 0.6 && (pair.step("toAgent") || pair.step("toRelay"))) {}
        if (random() < 0.1) {
          pair.cut();
          pair.mend();
        }
      }
      await pair.settle();
      const texts = (frames: readonly Frame[]) => frames.map(({ payload }) => textOf(payload));
      expect(texts(heard.frames), `seed ${seed}`).toEqual(said);
      expect(texts(streams[0]?.heard.frames.slice(1) ?? []), `seed ${seed}`).toEqual(said);
    }
  });

  it("end streams when the other side has forgotten them, and keep those that survive", async () => {
    const { pair, streams } = taking();
    const [request, terminal] = [listener(), listener()];
    pair.relay.start(2, REQ, bytesOf("x"), request.taker);
    pair.relay.start(4, WS_OPEN, bytesOf("x"), terminal.taker);
    await pair.settle();
    pair.survivors.add(4);
    pair.cut();
    void streams[1]?.stream.writeWhole(WS_DATA, bytesOf("said while away"));
    pair.mendForgotten();
    await pair.settle();
    expect(request.ended).toEqual(["upstream_broken"]);
    expect(streams[0]?.heard.ended).toEqual(["upstream_broken"]);
    expect(terminal.frames.map(({ payload }) => textOf(payload))).toEqual(["said while away"]);
  });

  it("keep what an agent tells by itself apart from streams", async () => {
    const { pair } = taking();
    pair.agent.send(PUSH, 0, bytesOf("news"));
    await pair.settle();
    expect(pair.told).toMatchObject([{ side: "relay", frame: { type: PUSH } }]);
  });
});

describe("bodies of streams", () => {
  it("pass through as Web Streams with back-pressure, large ones too", async () => {
    const size = 5 * 1024 * 1024 + 17;
    const { pair, streams } = taking();
    let body: StreamBody | undefined;
    const mine = pair.relay.start(2, REQ, bytesOf("get"), {
      take(frame) {
        if (frame.type === RES_DATA) body?.put(frame.payload);
        if (frame.type === RES_END) body?.end();
      },
      ended: (failure) => body?.fail(failure),
    });
    body = new StreamBody(mine);
    await pair.settle();
    const theirs = streams[0]?.stream as LinkStream;
    let made = 0;
    const source = new ReadableStream<Uint8Array>({
      type: "bytes",
      pull(controller) {
        const piece = new Uint8Array(Math.min(10_000, size - made)).map((_, n) => (made + n) % 251);
        made += piece.byteLength;
        controller.enqueue(piece);
        if (made === size) controller.close();
      },
    });
    const sending = sendBody(theirs, RES_DATA, source).then(() => theirs.finish(RES_END));
    const reader = body.readable("bytes", () => {}).getReader();
    let got = 0;
    let wrong = 0;
    for (;;) {
      const next = reader.read();
      await pair.settle();
      const { value, done } = await next;
      if (done) break;
      for (const byte of value) wrong += byte === got++ % 251 ? 0 : 1;
    }
    await sending;
    expect({ got, wrong }).toEqual({ got: size, wrong: 0 });
  });

  it("fail their reader when the stream is cut off, and their writer when it is cancelled", async () => {
    const { pair, streams } = taking();
    let body: StreamBody | undefined;
    const mine = pair.relay.start(2, REQ, bytesOf("get"), {
      take: () => {},
      ended: (failure) => body?.fail(failure),
    });
    body = new StreamBody(mine);
    await pair.settle();
    const theirs = streams[0]?.stream as LinkStream;
    const writing = theirs.write(RES_DATA, new Uint8Array(2 * linkLimits.windowBytes));
    const reading = body.whole(1024);
    const both = Promise.all([
      expect(writing).rejects.toThrow(StreamEnded),
      expect(reading).rejects.toThrow(StreamEnded),
    ]);
    mine.cancel({ code: "cancelled", detail: "enough", ran: "unknown" });
    body.fail({ code: "cancelled", detail: "enough", ran: "unknown" });
    await pair.settle();
    await both;
    expect(streams[0]?.heard.ended).toEqual(["cancelled"]);
  });

  it("say when there is more than may be", async () => {
    const { pair } = taking();
    const body = new StreamBody(pair.relay.start(2, REQ, bytesOf("get"), listener().taker));
    body.put(new Uint8Array(2000));
    await expect(body.whole(1024)).rejects.toThrow(RangeError);
  });
});
