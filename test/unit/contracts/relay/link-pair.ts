import { type Frame, frameTypes } from "../../../../contracts/relay/frame.ts";
import { LinkEnd } from "../../../../contracts/relay/link-end.ts";
import type { LinkStream } from "../../../../contracts/relay/link-stream.ts";

/** Two ends with a wire between them that tests cut and mend; bytes travel when `settle` or `step` is called. */
export function linkPair(opened: (stream: LinkStream, frame: Frame) => void = () => {}) {
  const wires = { toAgent: [] as Uint8Array[], toRelay: [] as Uint8Array[] };
  let connected = true;
  let epoch = 1;
  const told: { side: string; frame: Frame }[] = [];
  const timers: (() => void)[] = [];
  const survivors = new Set<number>();
  const host = (side: "relay" | "agent") => ({
    side,
    write(bytes: Uint8Array) {
      if (connected) (side === "relay" ? wires.toAgent : wires.toRelay).push(bytes.slice());
    },
    opened,
    told: (frame: Frame) => void told.push({ side, frame }),
    later: (work: () => void) => void timers.push(work),
  });
  const relay = new LinkEnd(host("relay"), epoch);
  const agent = new LinkEnd(host("agent"), epoch);
  const pair = {
    relay,
    agent,
    wires,
    told,
    survivors,
    /** Delivers one frame in one direction, if there is one. */
    step(way: "toAgent" | "toRelay"): boolean {
      const bytes = wires[way].shift();
      if (bytes !== undefined) (way === "toAgent" ? agent : relay).receive(bytes);
      return bytes !== undefined;
    },
    /** Lets everything travel until nothing moves. */
    async settle() {
      for (let quiet = 0; quiet < 3; ) {
        const moved = pair.step("toAgent") || pair.step("toRelay");
        for (const run of timers.splice(0)) run();
        await new Promise((done) => setImmediate(done));
        quiet = moved || wires.toAgent.length + wires.toRelay.length > 0 ? 0 : quiet + 1;
      }
    },
    /** The socket is gone, and with it what was on its way. */
    cut() {
      connected = false;
      wires.toAgent.length = 0;
      wires.toRelay.length = 0;
    },
    /** A new socket, with both sides' memory as it was. */
    mend() {
      const got = { relay: relay.got, agent: agent.got };
      connected = true;
      relay.resume(got.agent);
      agent.resume(got.relay);
    },
    /** A new socket, where the relay has forgotten. */
    mendForgotten() {
      connected = true;
      epoch += 1;
      relay.begin(epoch, [...survivors]);
      agent.begin(epoch, [...survivors]);
    },
  };
  return pair;
}

/** An owner of a stream that remembers what came. */
export function listener() {
  const frames: Frame[] = [];
  const ended: string[] = [];
  return {
    frames,
    ended,
    take: (frame: Frame) => void frames.push({ ...frame, payload: frame.payload.slice() }),
    end: ({ code }: { code: string }) => void ended.push(code),
    get taker() {
      return { take: this.take, ended: this.end };
    },
  };
}

export const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);
export const textOf = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);
export { frameTypes };
