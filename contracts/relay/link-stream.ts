import type { StreamFailure } from "./command.ts";
import { type Frame, type FrameType, frameTypes } from "./frame.ts";
import { u32 } from "./link.ts";
import { linkLimits } from "./protocol.ts";

/** What a stream's owner does with what comes. */
export interface StreamTaker {
  /** A frame of the stream, in order; WINDOW and CANCEL excepted. Give credit back with `consumed`. */
  take(frame: Frame): void;
  /** The stream has ended without an answer: the other side cancelled it, or the link was lost for good. */
  ended(failure: StreamFailure): void;
}

/** What a stream needs of its link. */
export interface StreamWire {
  readonly hasRoom: boolean;
  send(type: FrameType, stream: number, payload: Uint8Array): void;
  /** Calls `stream.wake` once frames have become free. */
  block(stream: LinkStream): void;
  close(stream: LinkStream): void;
}

const noBytes = new Uint8Array();
const encoder = new TextEncoder();
const isData: ReadonlySet<FrameType> = new Set([
  frameTypes.REQ_DATA,
  frameTypes.RES_DATA,
  frameTypes.WS_DATA,
]);

/** Why a write came to nothing: the stream was over. */
export class StreamEnded extends Error {
  override readonly name = "StreamEnded";
  readonly failure: StreamFailure;

  constructor(failure: StreamFailure) {
    super(`${failure.code}: ${failure.detail}`);
    this.failure = failure;
  }
}

/**
 * One stream of a link: a request with its answer, or a WebSocket. Data of either direction is sent against credit of
 * 1 MiB that the reader gives back as it reads; the head frames and the first bytes in them are not counted.
 */
export class LinkStream {
  readonly id: number;
  readonly #wire: StreamWire;
  #taker: StreamTaker | undefined;
  #credit: number = linkLimits.windowBytes;
  /** Bytes that came and whose credit was not given back. */
  #held = 0;
  #consumed = 0;
  #waiting: (() => void)[] = [];
  #waitingBytes = 0;
  #tail: Promise<void> | undefined;
  #failure: StreamFailure | undefined;

  constructor(id: number, wire: StreamWire, taker?: StreamTaker) {
    this.id = id;
    this.#wire = wire;
    this.#taker = taker;
  }

  /** Who takes what comes; to be set at once by whoever is given a stream that the other side opened. */
  set taker(taker: StreamTaker) {
    this.#taker = taker;
  }

  get isOver(): boolean {
    return this.#failure !== undefined;
  }

  /** A frame that needs no credit: heads, ends, closes. Nothing is sent on a stream that is over. */
  send(type: FrameType, payload: Uint8Array = noBytes): void {
    if (!this.isOver) this.#wire.send(type, this.id, payload);
  }

  /** The last frame of the stream from this side and the other: it is over for both. */
  finish(type: FrameType, payload: Uint8Array = noBytes): void {
    this.send(type, payload);
    this.close();
  }

  /**
   * Data, cut into chunks, as credit allows; resolves once all was handed to the link, and is undefined where that was
   * at once. Writes that don't wait for each other keep their order.
   * @throws StreamEnded
   */
  write(type: FrameType, bytes: Uint8Array): Promise<void> | undefined {
    const from = this.#tail === undefined ? this.#sendChunks(type, bytes, 0) : 0;
    if (from === bytes.byteLength) return undefined;
    return this.#later(bytes.byteLength - from, async () => {
      for (let at = from; at < bytes.byteLength; at = this.#sendChunks(type, bytes, at)) await this.#ready();
    });
  }

  /** The same for what must not be cut, a message of a WebSocket. @throws RangeError when it is larger than a frame */
  writeWhole(type: FrameType, bytes: Uint8Array): Promise<void> | undefined {
    if (bytes.byteLength > linkLimits.frameBytes)
      throw new RangeError(`a message of ${bytes.byteLength} bytes`);
    if (this.#tail === undefined && this.#maySend && !this.isOver) {
      this.#sendCounted(type, bytes);
      return undefined;
    }
    return this.#later(bytes.byteLength, async () => {
      await this.#ready();
      this.#sendCounted(type, bytes);
    });
  }

  /** Bytes that were written and wait for credit. */
  get waitingBytes(): number {
    return this.#waitingBytes;
  }

  /** Ends the stream from this side and says why; nothing of it is taken any more. */
  cancel(failure: StreamFailure): void {
    if (this.isOver) return;
    this.send(frameTypes.CANCEL, encoder.encode(JSON.stringify(failure)));
    this.#end(failure);
  }

  /** The stream is over and well. */
  close(): void {
    if (!this.isOver) this.#end({ code: "cancelled", detail: "The stream is over.", ran: "unknown" });
  }

  /** Gives back credit for so many bytes of data that were read. */
  consumed(bytes: number): void {
    this.#consumed += bytes;
    if (this.#consumed < linkLimits.windowBytes / 2 || this.isOver) return;
    this.#held -= this.#consumed;
    const given = u32(this.#consumed);
    this.#consumed = 0;
    this.send(frameTypes.WINDOW, given);
  }

  /** For the link: a frame of this stream came. */
  arrive(frame: Frame, failure: (payload: Uint8Array) => StreamFailure): void {
    const { type, payload } = frame;
    if (type === frameTypes.WINDOW) this.#addCredit(payload);
    else if (type === frameTypes.CANCEL) this.lose(failure(payload));
    else {
      if (isData.has(type)) this.#held += payload.byteLength;
      if (this.#held > linkLimits.windowBytes + linkLimits.frameBytes) this.#refuse("data without credit");
      else this.#taker?.take(frame);
    }
  }

  /** For the link: the stream has ended from the other side, or with the link. */
  lose(failure: StreamFailure): void {
    if (this.isOver) return;
    this.#end(failure);
    this.#taker?.ended(failure);
  }

  /** For the link: both sides begin a new epoch and the stream goes on in it, with whole credit in both directions. */
  renew(): void {
    this.#credit = linkLimits.windowBytes;
    this.#held = this.#consumed = 0;
    this.wake();
  }

  /** For the link: there may be room again. */
  wake(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const go of waiting) go();
  }

  get #maySend(): boolean {
    return this.#credit > 0 && this.#wire.hasRoom;
  }

  #sendCounted(type: FrameType, bytes: Uint8Array): void {
    this.#credit -= bytes.byteLength;
    this.#wire.send(type, this.id, bytes);
  }

  /** Sends what may be sent now, from `at` on; answers how far it came. */
  #sendChunks(type: FrameType, bytes: Uint8Array, at: number): number {
    let next = at;
    while (next < bytes.byteLength && this.#maySend && !this.isOver) {
      const chunk = bytes.subarray(next, next + Math.min(linkLimits.chunkBytes, this.#credit));
      this.#sendCounted(type, chunk);
      next += chunk.byteLength;
    }
    return next;
  }

  #later(bytes: number, work: () => Promise<void>): Promise<void> {
    this.#waitingBytes += bytes;
    const tail = (this.#tail ?? Promise.resolve()).then(work).finally(() => {
      this.#waitingBytes -= bytes;
      if (this.#tail === tail) this.#tail = undefined;
    });
    this.#tail = tail;
    return tail;
  }

  async #ready(): Promise<void> {
    while (this.#failure === undefined && !this.#maySend) {
      this.#wire.block(this);
      await new Promise<void>((go) => this.#waiting.push(go));
    }
    if (this.#failure) throw new StreamEnded(this.#failure);
  }

  #addCredit(payload: Uint8Array): void {
    if (payload.byteLength === 4) {
      this.#credit += new DataView(payload.buffer, payload.byteOffset).getUint32(0);
      this.wake();
    } else this.#refuse("a credit of another size");
  }

  /** The other side broke the rules of the stream. */
  #refuse(detail: string): void {
    const failure: StreamFailure = { code: "protocol", detail, ran: "unknown" };
    this.cancel(failure);
    this.#taker?.ended(failure);
  }

  #end(failure: StreamFailure): void {
    this.#failure = failure;
    this.#wire.close(this);
    this.wake();
  }
}
