import type { Command } from "../../../contracts/relay/command.ts";
import { frameTypes } from "../../../contracts/relay/frame.ts";
import type { LinkStream } from "../../../contracts/relay/link-stream.ts";
import { DriverFailure } from "../drivers/driver.ts";
import { HashedBody, PieceQueue } from "./request-body.ts";

interface IncomingTaker {
  /** The whole body, or none. */
  whole(body: Uint8Array | undefined): void;
  /** The body comes in pieces from now on. */
  pieces(pieces: PieceQueue): void;
  fail(error: unknown): void;
  /** The caller has gone; what runs has been told by the signal. */
  gone(failure: DriverFailure): void;
}

/** A body that is held in memory to be hashed is no larger. */
const hashedBytes = 16 * 1024 * 1024;

/** The request side of a stream: gathers the body, or lets it flow; a CANCEL stops what runs. */
export class IncomingBody {
  readonly #stream: LinkStream;
  readonly #taker: IncomingTaker;
  #hashed: HashedBody | undefined;
  #pieces: PieceQueue | undefined;

  constructor(
    stream: LinkStream,
    { bodySha256, bodyBytes = 0 }: Command,
    rest: Uint8Array,
    most: number,
    abort: AbortController,
    taker: IncomingTaker,
  ) {
    this.#stream = stream;
    this.#taker = taker;
    stream.taker = {
      take: ({ type, payload }) => {
        if (type === frameTypes.REQ_DATA) this.#add(payload, true);
        else if (type === frameTypes.REQ_END) this.#pieces?.end();
      },
      ended: ({ detail }) => {
        this.#pieces?.break();
        this.#hashed = undefined;
        const cancelled = new DriverFailure("cancelled", detail || "The caller has gone.", "unknown");
        abort.abort(cancelled);
        taker.gone(cancelled);
      },
    };
    if (bodySha256 === undefined) {
      taker.whole(undefined);
      return;
    }
    if (bodySha256 === "stream") {
      this.#pieces = new PieceQueue(stream, most);
      this.#add(rest, false);
      taker.pieces(this.#pieces);
      return;
    }
    try {
      this.#hashed = new HashedBody(bodySha256, bodyBytes, Math.min(most, hashedBytes));
    } catch (error) {
      taker.fail(error);
      return;
    }
    this.#add(rest, false);
  }

  #add(bytes: Uint8Array, counted: boolean): void {
    try {
      this.#pieces?.put(bytes, counted);
      const body = this.#hashed?.add(bytes);
      if (counted && this.#hashed !== undefined) this.#stream.consumed(bytes.byteLength);
      if (body === undefined) return;
      this.#hashed = undefined;
      this.#taker.whole(body);
    } catch (error) {
      this.#hashed = undefined;
      this.#pieces?.break();
      this.#taker.fail(error);
    }
  }
}
