import { StreamFailure } from "./command.ts";
import { type Frame, type FrameType, frameTypes } from "./frame.ts";
import { Link, LinkError } from "./link.ts";
import { LinkStream, type StreamTaker, type StreamWire } from "./link-stream.ts";
import { linkLimits } from "./protocol.ts";

/** What an end of a link needs of where it runs. */
export interface LinkHost {
  /** `relay` opens even streams, `agent` odd ones. */
  readonly side: "relay" | "agent";
  /** Puts bytes on the socket. Where there is none they are dropped: the link has kept them and `resume` sends them. */
  write(bytes: Uint8Array): void;
  /** The other side opened a stream with a REQ or WS_OPEN; set its taker, or cancel it. */
  opened(stream: LinkStream, frame: Frame): void;
  /** A PUSH or PUSHED. */
  told(frame: Frame): void;
  /** Runs something after so many milliseconds. */
  later(work: () => void, ms: number): void;
  /** The other side begins a new epoch. Streams that don't survive it have ended already. */
  began?(epoch: number): void;
}

/** How long a frame may stay unacknowledged when no more come. */
const quietMs = 25;
/** What streams end with whose link is gone for good. */
export const linkGone: StreamFailure = {
  code: "upstream_broken",
  detail: "The link was lost and did not come back as it was.",
  ran: "unknown",
};

/**
 * One end of a link with its streams, as both relay and agent run it. It outlives sockets: after a cut give the new
 * socket to `write` and call `resume`, or `begin` when a side has no memory of the epoch.
 */
export class LinkEnd implements StreamWire {
  readonly #host: LinkHost;
  readonly #link: Link;
  readonly #streams = new Map<number, LinkStream>();
  #blocked = new Set<LinkStream>();
  /** The highest stream that the other side has opened in this epoch: what comes for older ones came too late. */
  #highest = 0;
  #ackSoon = false;

  constructor(host: LinkHost, epoch = 0) {
    this.#host = host;
    this.#link = new Link(epoch);
  }

  get epoch(): number {
    return this.#link.epoch;
  }
  get got(): number {
    return this.#link.got;
  }
  get isWorn(): boolean {
    return this.#link.isWorn;
  }
  get hasRoom(): boolean {
    return this.#link.hasRoom;
  }
  /** Streams open now. */
  get open(): number {
    return this.#streams.size;
  }

  find(stream: number): LinkStream | undefined {
    return this.#streams.get(stream);
  }

  /** Opens a stream with its first frame. The caller picks an id of its parity that no open stream has. */
  start(id: number, type: FrameType, payload: Uint8Array, taker: StreamTaker): LinkStream {
    const stream = this.adopt(id, taker);
    this.send(type, id, payload);
    return stream;
  }

  /** Goes on with a stream that is known from before this end lost its memory. */
  adopt(id: number, taker: StreamTaker): LinkStream {
    if (this.#streams.has(id)) throw new RangeError(`stream ${id} is open`);
    const stream = new LinkStream(id, this, taker);
    this.#streams.set(id, stream);
    return stream;
  }

  /** Sends a numbered frame. Stream 0 carries PUSH and PUSHED. */
  send(type: FrameType, stream: number, payload: Uint8Array): void {
    this.#host.write(this.#link.frame(type, stream, payload));
  }

  /**
   * Takes bytes from the socket.
   * @throws LinkError when the other side broke the protocol: close the socket with `closeCodes.protocolError`
   */
  receive(bytes: Uint8Array): void {
    const arrival = this.#link.receive(bytes);
    if (arrival.kind === "freed") this.#wakeAll();
    else if (arrival.kind === "began") this.#followEpoch(arrival.epoch, arrival.survivors);
    else if (arrival.kind === "frame") {
      if (this.#link.mustAck) this.#host.write(this.#link.ack());
      else this.#acknowledgeSoon();
      this.#dispatch(arrival.frame);
    }
  }

  /** Acknowledges now: before a side that may lose its memory falls asleep. */
  acknowledge(): void {
    if (this.#link.owesAck) this.#host.write(this.#link.ack());
  }

  /** After a cut, in the same epoch: sends again what the other side has not got. @throws LinkError */
  resume(theirGot: number): void {
    for (const bytes of this.#link.resume(theirGot)) this.#host.write(bytes);
    this.#wakeAll();
  }

  /**
   * Both sides have agreed on a new epoch on a new socket: counts from one. `survivors` are the WebSockets that go on,
   * as the relay named them; all other streams end.
   */
  begin(epoch: number, survivors: readonly number[] = []): void {
    this.#highest = 0;
    const goesOn = new Set(survivors);
    const again = this.#link.reset(epoch, (stream) => goesOn.has(stream));
    for (const bytes of again) this.#host.write(bytes);
    this.#endStreams(goesOn);
  }

  /** Begins an epoch on a socket that stands, by the relay after it lost its memory. `survivors` are to be adopted then. */
  announce(epoch: number, survivors: readonly number[] = []): void {
    this.#highest = 0;
    this.#host.write(this.#link.announce(epoch, survivors));
    this.#endStreams(new Set());
  }

  /** The link is gone for good: every stream ends. */
  fail(failure: StreamFailure = linkGone): void {
    for (const stream of [...this.#streams.values()]) stream.lose(failure);
  }

  block(stream: LinkStream): void {
    this.#blocked.add(stream);
  }

  close(stream: LinkStream): void {
    this.#streams.delete(stream.id);
    this.#blocked.delete(stream);
  }

  #followEpoch(epoch: number, survivors: readonly number[]): void {
    this.#highest = 0;
    const goesOn = new Set(survivors);
    const again = this.#link.reset(epoch, (stream) => goesOn.has(stream));
    this.#host.write(this.#link.begun());
    for (const bytes of again) this.#host.write(bytes);
    this.#endStreams(goesOn);
    this.#host.began?.(epoch);
  }

  #dispatch(frame: Frame): void {
    const { type, stream: id } = frame;
    const known = this.#streams.get(id);
    if (type === frameTypes.PUSH || type === frameTypes.PUSHED) this.#host.told(frame);
    else if (known !== undefined) known.arrive(frame, readFailure);
    else if (type === frameTypes.REQ || type === frameTypes.WS_OPEN) this.#accept(frame);
    else if (!this.#isLate(frame)) this.#refuse(id, "protocol", `there is no stream ${id}`);
  }

  #accept(frame: Frame): void {
    const id = frame.stream;
    if (id === 0 || this.#isOwn(id)) throw new LinkError(`stream ${id} is not the other side's to open`);
    this.#highest = Math.max(this.#highest, id);
    if (this.#streams.size >= linkLimits.streams) {
      this.#refuse(id, "overloaded", `${linkLimits.streams} streams are open already`);
      return;
    }
    const stream = new LinkStream(id, this);
    this.#streams.set(id, stream);
    this.#host.opened(stream, frame);
  }

  #refuse(id: number, code: StreamFailure["code"], detail: string): void {
    const failure: StreamFailure = { code, detail, ran: "no" };
    this.send(frameTypes.CANCEL, id, new TextEncoder().encode(JSON.stringify(failure)));
  }

  /** Whether a frame is of a stream that has ended here, which the other side can't know yet. */
  #isLate({ type, stream }: Frame): boolean {
    const answersNothing = type === frameTypes.CANCEL || type === frameTypes.WINDOW;
    if (type === frameTypes.WS_DATA) return false;
    return answersNothing || this.#isOwn(stream) || stream <= this.#highest;
  }

  #isOwn(id: number): boolean {
    return (id % 2 === 0) === (this.#host.side === "relay");
  }

  #endStreams(goesOn: ReadonlySet<number>): void {
    for (const stream of [...this.#streams.values()]) {
      if (goesOn.has(stream.id)) stream.renew();
      else stream.lose(linkGone);
    }
  }

  #acknowledgeSoon(): void {
    if (this.#ackSoon) return;
    this.#ackSoon = true;
    this.#host.later(() => {
      this.#ackSoon = false;
      this.acknowledge();
    }, quietMs);
  }

  #wakeAll(): void {
    if (this.#blocked.size === 0) return;
    const blocked = this.#blocked;
    this.#blocked = new Set();
    for (const stream of blocked) stream.wake();
  }
}

function readFailure(payload: Uint8Array): StreamFailure {
  const unknown: StreamFailure = {
    code: "cancelled",
    detail: "The other side ended the stream.",
    ran: "unknown",
  };
  if (payload.byteLength === 0) return unknown;
  try {
    return StreamFailure.parse(JSON.parse(new TextDecoder().decode(payload)));
  } catch {
    return unknown;
  }
}
