import { decodeFrame, encodeFrame, type Frame, type FrameType, frameTypes } from "./frame.ts";
import { linkLimits } from "./protocol.ts";

/** The other side broke the protocol: the socket is to be closed with `closeCodes.protocolError` and dialled again. */
export class LinkError extends Error {
  override readonly name = "LinkError";
}

/** What came of received bytes: a frame to act on, a new epoch, frames that have become free, or nothing. */
export type Arrival =
  | { readonly kind: "frame"; readonly frame: Frame }
  | { readonly kind: "began"; readonly epoch: number; readonly survivors: readonly number[] }
  | { readonly kind: "resumed" | "freed" | "nothing" };

interface Kept {
  readonly seq: number;
  readonly stream: number;
  readonly bytes: Uint8Array;
}

const nothing: Arrival = { kind: "nothing" };
const freed: Arrival = { kind: "freed" };
/** Besides every 32 frames: large frames are acknowledged before they fill the sender's memory. */
const ackEveryBytes = linkLimits.unackedBytes / 8;
/** Past this number an epoch should end at a quiet moment, long before numbers run out. */
const wornAt = 0x7fffffff;
const lastSeq = 0xffffffff;

/**
 * One end of a link: numbers frames, keeps those that the other side has not acknowledged, leaves out duplicates, and
 * goes on after a cut from where it was. Both ends run it. It has no socket and no clock: it is told what arrived and
 * says what to send. Kept frames are the very bytes that were sent; nobody may change them.
 */
export class Link {
  #epoch: number;
  #sent = 0;
  #got = 0;
  #acknowledged = 0;
  #gotBytes = 0;
  #kept: Kept[] = [];
  #keptBytes = 0;
  /** Set while the other side has not said that it has begun this epoch. */
  #awaits: number | undefined;

  constructor(epoch = 0) {
    this.#epoch = epoch;
  }

  get epoch(): number {
    return this.#epoch;
  }

  /** The last frame that arrived in order. */
  get got(): number {
    return this.#got;
  }

  /** Whether data may still be sent; what is already on its way fills the memory for resumption otherwise. */
  get hasRoom(): boolean {
    return this.#keptBytes < linkLimits.unackedBytes;
  }

  /** Bytes kept for a resumption. */
  get keptBytes(): number {
    return this.#keptBytes;
  }

  /** Whether a new epoch should begin once nothing is in flight. */
  get isWorn(): boolean {
    return this.#sent > wornAt || this.#got > wornAt;
  }

  /** Whether something arrived that was not acknowledged yet: after a short quiet time the host calls `ack`. */
  get owesAck(): boolean {
    return this.#got !== this.#acknowledged;
  }

  /** Whether so much arrived that it should be acknowledged now. */
  get mustAck(): boolean {
    return this.#got - this.#acknowledged >= linkLimits.ackEveryFrames || this.#gotBytes >= ackEveryBytes;
  }

  /** A numbered frame, kept until it is acknowledged. @throws RangeError when the payload is too large */
  frame(type: FrameType, stream: number, payload: Uint8Array): Uint8Array {
    return this.#keep(stream, encodeFrame(type, stream, this.#next(), payload));
  }

  /** The acknowledgement of everything that arrived. */
  ack(): Uint8Array {
    this.#acknowledged = this.#got;
    this.#gotBytes = 0;
    return encodeFrame(frameTypes.ACK, 0, 0, u32(this.#got));
  }

  /**
   * Takes bytes from the socket.
   * @throws LinkError for what is no frame, a gap, or an acknowledgement of what was never sent
   */
  receive(bytes: Uint8Array): Arrival {
    const frame = read(bytes);
    if (frame.seq === 0) return this.#control(frame);
    if (frame.type >= frameTypes.ACK && frame.type <= frameTypes.RESUMED)
      throw new LinkError("a numbered frame of a kind that has no number");
    if (this.#awaits !== undefined || frame.seq <= this.#got) return nothing;
    if (frame.seq !== this.#got + 1)
      throw new LinkError(`frame ${frame.seq} came, ${this.#got + 1} was expected`);
    this.#got = frame.seq;
    this.#gotBytes += bytes.byteLength;
    return { kind: "frame", frame };
  }

  /**
   * After a cut, in the same epoch: what the other side has not got, to be sent again in this order.
   * @throws LinkError when it can't be: the other side claims what was never sent, or lacks what is gone
   */
  resume(theirGot: number): readonly Uint8Array[] {
    const first = this.#kept[0]?.seq ?? this.#sent + 1;
    if (theirGot < first - 1) throw new LinkError(`frame ${theirGot + 1} is not kept any more`);
    this.#free(theirGot);
    this.#acknowledged = this.#got;
    this.#gotBytes = 0;
    return this.#kept.map(({ bytes }) => bytes);
  }

  /**
   * Begins an epoch, in which both sides count from one. Frames of streams that survive it, such as consoles, are
   * numbered anew and answered, to be sent again; all others are forgotten.
   */
  reset(epoch: number, survives: (stream: number) => boolean = () => false): readonly Uint8Array[] {
    const again = this.#kept.filter(({ stream }) => stream !== 0 && survives(stream));
    this.#epoch = epoch;
    this.#awaits = undefined;
    this.#sent = this.#got = this.#acknowledged = this.#gotBytes = this.#keptBytes = 0;
    this.#kept = [];
    return again.map(({ stream, bytes }) => {
      const copy = bytes.slice();
      new DataView(copy.buffer).setUint32(5, this.#next());
      return this.#keep(stream, copy);
    });
  }

  /**
   * Begins an epoch on a socket that stands, by the side that lost its memory: the frame to send first. What arrives
   * before the other side has begun it too is dropped. `survivors` are the streams that go on in it.
   */
  announce(epoch: number, survivors: readonly number[] = []): Uint8Array {
    this.reset(epoch);
    this.#awaits = epoch;
    return encodeFrame(frameTypes.RESUME, 0, 0, u32(epoch, ...survivors));
  }

  /** The word that an epoch which the other side announced has begun; sent before anything of it. */
  begun(): Uint8Array {
    return encodeFrame(frameTypes.RESUMED, 0, 0, u32(this.#epoch));
  }

  #control({ type, payload }: Frame): Arrival {
    const view = new DataView(payload.buffer, payload.byteOffset, payload.byteLength);
    const isSized = type === frameTypes.RESUME ? payload.byteLength % 4 === 0 : payload.byteLength === 4;
    if (!isSized || payload.byteLength === 0) throw new LinkError("a control frame of another size");
    const value = view.getUint32(0);
    if (type === frameTypes.ACK) {
      if (this.#awaits !== undefined) return nothing;
      this.#free(value);
      return freed;
    }
    if (type === frameTypes.RESUME) {
      if (value <= this.#epoch) throw new LinkError(`epoch ${value} is not after ${this.#epoch}`);
      const survivors = Array.from({ length: payload.byteLength / 4 - 1 }, (_, n) =>
        view.getUint32(4 * n + 4),
      );
      return { kind: "began", epoch: value, survivors };
    }
    if (type === frameTypes.RESUMED) {
      if (this.#awaits !== value) return nothing;
      this.#awaits = undefined;
      return { kind: "resumed" };
    }
    throw new LinkError(`a frame of kind ${type} without a number`);
  }

  #next(): number {
    if (this.#sent >= lastSeq) throw new LinkError("the numbers of this epoch are used up");
    this.#sent += 1;
    return this.#sent;
  }

  #keep(stream: number, bytes: Uint8Array): Uint8Array {
    this.#kept.push({ seq: this.#sent, stream, bytes });
    this.#keptBytes += bytes.byteLength;
    return bytes;
  }

  #free(upTo: number): void {
    const first = this.#kept[0]?.seq ?? this.#sent + 1;
    if (upTo > this.#sent) throw new LinkError(`frame ${upTo} was never sent`);
    if (upTo < first - 1) return;
    const gone = this.#kept.splice(0, upTo - first + 1);
    for (const { bytes } of gone) this.#keptBytes -= bytes.byteLength;
  }
}

function read(bytes: Uint8Array): Frame {
  try {
    return decodeFrame(bytes);
  } catch (error) {
    throw new LinkError(error instanceof Error ? error.message : "no frame");
  }
}

/** Numbers of four bytes, big-endian: the payload of ACK, RESUME, RESUMED, WINDOW and PUSHED. */
export function u32(...values: readonly number[]): Uint8Array {
  const bytes = new Uint8Array(4 * values.length);
  const view = new DataView(bytes.buffer);
  values.forEach((value, n) => void view.setUint32(4 * n, value));
  return bytes;
}
