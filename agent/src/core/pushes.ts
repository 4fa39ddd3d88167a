import { type Frame, frameTypes } from "../../../contracts/relay/frame.ts";
import { u32 } from "../../../contracts/relay/link.ts";
import type { LinkEnd } from "../../../contracts/relay/link-end.ts";
import { linkLimits } from "../../../contracts/relay/protocol.ts";
import type { Push } from "../../../contracts/relay/push.ts";

/** How many pushes may be on their way before one is stored. */
const inFlight = 4;
/** How many events wait while nobody takes them; older ones go first. */
const mostWaiting = 2000;

/** What the agent tells by itself, kept until the relay has stored it. */
export class Pushes {
  #nextId = 1;
  #waiting: Push[] = [];
  readonly #sent = new Map<number, Push>();
  #link: LinkEnd | undefined;
  /** Called when there is room again. */
  onRoom: () => void = () => {};

  /** Whether a push can go out now. */
  get hasRoom(): boolean {
    return this.#link?.hasRoom === true && this.#sent.size < inFlight && this.#waiting.length === 0;
  }

  /** Sends it, or keeps it until it can be sent. */
  add(push: Push): void {
    this.#waiting.push(push);
    if (this.#waiting.length > mostWaiting) this.#waiting.shift();
    this.#flow();
  }

  /** A link on which this agent is the one that tells. `fresh`: the other side has no memory of what was sent. */
  attach(link: LinkEnd, fresh: boolean): void {
    this.#link = link;
    if (fresh) {
      const again = [...this.#sent.values()].filter(({ type }) => type === "events");
      this.#waiting = [...again, ...this.#waiting.filter(({ type }) => type === "events")];
      this.#sent.clear();
    }
    this.#flow();
  }

  detach(): void {
    this.#link = undefined;
  }

  /** A PUSHED came. */
  stored(frame: Frame): void {
    if (frame.type !== frameTypes.PUSHED || frame.payload.byteLength < 4) return;
    this.#sent.delete(new DataView(frame.payload.buffer, frame.payload.byteOffset).getUint32(0));
    this.#flow();
    if (this.hasRoom) this.onRoom();
  }

  #flow(): void {
    while (this.#link?.hasRoom === true && this.#sent.size < inFlight) {
      const push = this.#waiting.shift();
      if (push === undefined) return;
      const id = this.#nextId++;
      const json = new TextEncoder().encode(JSON.stringify(push));
      if (json.byteLength + 4 > linkLimits.frameBytes) continue;
      const payload = new Uint8Array(json.byteLength + 4);
      payload.set(u32(id));
      payload.set(json, 4);
      this.#sent.set(id, push);
      this.#link.send(frameTypes.PUSH, 0, payload);
    }
  }
}
