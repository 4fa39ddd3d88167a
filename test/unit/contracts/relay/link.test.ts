import { describe, expect, it } from "vitest";
import { decodeFrame, encodeFrame, frameTypes } from "../../../../contracts/relay/frame.ts";
import { Link, LinkError, u32 } from "../../../../contracts/relay/link.ts";
import { linkLimits } from "../../../../contracts/relay/protocol.ts";
import { seededRandom } from "../../../../src/kernel/random.ts";

const data = (text: string) => new TextEncoder().encode(text);
const { REQ, ACK, RESUME, RESUMED, WS_DATA, PUSH } = frameTypes;

describe("the link", () => {
  it("numbers frames in each direction and delivers them once and in order", () => {
    const [here, there] = [new Link(1), new Link(1)];
    const frames = ["a", "b", "c"].map((text) => here.frame(REQ, 2, data(text)));
    const got = frames.map((bytes) => there.receive(bytes));
    expect(got.map((arrival) => arrival.kind === "frame" && arrival.frame.seq)).toEqual([1, 2, 3]);
    expect(there.receive(frames[1] as Uint8Array)).toEqual({ kind: "nothing" });
    expect(there.got).toBe(3);
  });

  it("refuses a gap, a number that was never sent, and what is no frame", () => {
    const link = new Link(1);
    expect(() => link.receive(encodeFrame(REQ, 2, 2, data("x")))).toThrow(LinkError);
    expect(() => link.receive(encodeFrame(ACK, 0, 0, u32(1)))).toThrow(LinkError);
    expect(() => link.receive(new Uint8Array(3))).toThrow(LinkError);
    expect(() => link.receive(encodeFrame(REQ, 2, 0, data("x")))).toThrow(LinkError);
    expect(() => link.receive(encodeFrame(ACK, 0, 1, u32(0)))).toThrow(LinkError);
    expect(() => link.resume(5)).toThrow(LinkError);
  });

  it("wants an acknowledgement after 32 frames, and frees what is acknowledged", () => {
    const [here, there] = [new Link(1), new Link(1)];
    for (let n = 0; n < linkLimits.ackEveryFrames; n++) {
      expect(there.mustAck).toBe(false);
      there.receive(here.frame(REQ, 2, data("x")));
    }
    expect(there.mustAck).toBe(true);
    const kept = here.keptBytes;
    expect(here.receive(there.ack())).toEqual({ kind: "freed" });
    expect(kept).toBeGreaterThan(0);
    expect(here.keptBytes).toBe(0);
    expect(there.owesAck).toBe(false);
  });

  it("takes repeated and reordered acknowledgements as they come", () => {
    const [here, there] = [new Link(1), new Link(1)];
    const acks: Uint8Array[] = [];
    for (let n = 0; n < 5; n++) {
      there.receive(here.frame(REQ, 2, data(`${n}`)));
      acks.push(there.ack());
    }
    for (const at of [3, 1, 3, 0, 4, 4, 2]) here.receive(acks[at] as Uint8Array);
    expect(here.keptBytes).toBe(0);
    expect(here.resume(5)).toEqual([]);
    expect(() => here.resume(2)).toThrow(LinkError);
  });

  it("acknowledges large frames before they fill the sender's memory", () => {
    const [here, there] = [new Link(1), new Link(1)];
    there.receive(here.frame(REQ, 2, new Uint8Array(linkLimits.frameBytes)));
    expect(there.mustAck).toBe(true);
    for (let n = 0; n < 8; n++) here.frame(REQ, 2, new Uint8Array(linkLimits.frameBytes));
    expect(here.hasRoom).toBe(false);
  });

  it("sends again after a cut what the other side has not got, as the very same bytes", () => {
    const [here, there] = [new Link(3), new Link(3)];
    const frames = ["a", "b", "c", "d"].map((text) => here.frame(REQ, 2, data(text)));
    there.receive(frames[0] as Uint8Array);
    there.receive(frames[1] as Uint8Array);
    const again = here.resume(there.got);
    expect(again).toHaveLength(2);
    expect(again[0]).toBe(frames[2]);
    expect(again.map((bytes) => there.receive(bytes).kind)).toEqual(["frame", "frame"]);
  });

  it("drops what comes before the other side has begun the epoch that was announced", () => {
    const [relay, agent] = [new Link(7), new Link(7)];
    const early = agent.frame(PUSH, 0, data("early"));
    const announced = relay.announce(8, [4, 70_000]);
    expect(relay.receive(early)).toEqual({ kind: "nothing" });
    expect(relay.receive(agent.ack())).toEqual({ kind: "nothing" });
    expect(agent.receive(announced)).toEqual({ kind: "began", epoch: 8, survivors: [4, 70_000] });
    agent.reset(8);
    expect(relay.receive(agent.begun())).toEqual({ kind: "resumed" });
    expect(relay.receive(agent.frame(PUSH, 0, data("late")))).toMatchObject({ kind: "frame" });
    expect(decodeFrame(agent.begun())).toMatchObject({ type: RESUMED, seq: 0 });
  });

  it("refuses an epoch that is not a later one", () => {
    const agent = new Link(7);
    expect(() => agent.receive(encodeFrame(RESUME, 0, 0, u32(7)))).toThrow(LinkError);
  });

  it("numbers the unacknowledged frames of streams that survive an epoch anew", () => {
    const link = new Link(1);
    link.frame(REQ, 2, data("gone"));
    link.frame(WS_DATA, 4, data("kept"));
    link.frame(PUSH, 0, data("told again by whoever keeps it"));
    const again = link.reset(2, (stream) => stream === 4);
    expect(again.map(decodeFrame)).toMatchObject([{ type: WS_DATA, stream: 4, seq: 1 }]);
    expect(decodeFrame(link.frame(REQ, 6, data("next"))).seq).toBe(2);
  });

  it("delivers everything once and in order however often the wire is cut", () => {
    for (let seed = 1; seed <= 200; seed++) {
      const random = seededRandom(seed);
      const [here, there] = [new Link(1), new Link(1)];
      let wire: Uint8Array[] = [];
      let back: Uint8Array[] = [];
      const sent: string[] = [];
      const got: string[] = [];
      const arrive = (bytes: Uint8Array) => {
        const arrival = there.receive(bytes);
        if (arrival.kind === "frame") got.push(new TextDecoder().decode(arrival.frame.payload));
        if (there.mustAck || random() < 0.1) back.push(there.ack());
      };
      for (let n = 0; n < 300; n++) {
        sent.push(`${seed}-${n}`);
        wire.push(here.frame(WS_DATA, 2, data(`${seed}-${n}`)));
        while (wire.length > 0 && random() < 0.5) arrive(wire.shift() as Uint8Array);
        while (back.length > 0 && random() < 0.5) here.receive(back.shift() as Uint8Array);
        if (random() < 0.03) {
          back = [];
          wire = [...here.resume(there.got)];
        }
      }
      for (const bytes of wire) arrive(bytes);
      expect(got, `seed ${seed}`).toEqual(sent);
    }
  });
});

describe("the frame codec", () => {
  it("reads back what it wrote, and throws nothing but RangeError at noise", () => {
    const random = seededRandom(11);
    for (let n = 0; n < 2000; n++) {
      const noise = Uint8Array.from({ length: Math.floor(random() * 40) }, () => Math.floor(random() * 256));
      try {
        const { type, stream, seq, payload } = decodeFrame(noise);
        expect(encodeFrame(type, stream, seq, payload)).toEqual(noise);
      } catch (error) {
        expect(error).toBeInstanceOf(RangeError);
      }
    }
  });

  it("refuses a frame that is too large, in either direction", () => {
    const large = new Uint8Array(linkLimits.frameBytes + 1);
    expect(() => encodeFrame(REQ, 2, 1, large)).toThrow(RangeError);
    expect(() => decodeFrame(new Uint8Array(linkLimits.frameBytes + 10).fill(1))).toThrow(RangeError);
  });
});
