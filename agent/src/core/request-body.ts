import { createHash } from "node:crypto";
import type { LinkStream } from "../../../contracts/relay/link-stream.ts";
import { DriverFailure } from "../drivers/driver.ts";

/** Gathers the body of a command that carries its size and hash. */
export class HashedBody {
  readonly #hash: string;
  readonly #bytes: number;
  #parts: Uint8Array[] = [];
  #size = 0;

  /** @throws DriverFailure when it is larger than the agent allows */
  constructor(hash: string, bytes: number, most: number) {
    if (bytes > most) {
      throw new DriverFailure("too_large", `The body has ${bytes} bytes; the agent allows ${most} here.`);
    }
    this.#hash = hash;
    this.#bytes = bytes;
  }

  /** Adds what came; the body once it is whole. @throws DriverFailure when it is not the one that was signed */
  add(bytes: Uint8Array): Uint8Array | undefined {
    this.#parts.push(bytes);
    this.#size += bytes.byteLength;
    if (this.#size < this.#bytes) return undefined;
    const body = this.#parts.length === 1 ? bytes : Buffer.concat(this.#parts);
    if (this.#size > this.#bytes || createHash("sha256").update(body).digest("hex") !== this.#hash) {
      throw new DriverFailure("body_mismatch", "The body is not the one that was signed.");
    }
    return body;
  }
}

/** A body that comes in pieces, waiting to be taken by the upstream; credit is given back as it takes them. */
export class PieceQueue {
  readonly #stream: LinkStream;
  readonly #most: number;
  #queue: { readonly bytes: Uint8Array; readonly counted: boolean }[] = [];
  #size = 0;
  #state: "open" | "ended" | "broken" = "open";
  #wake: (() => void) | undefined;

  constructor(stream: LinkStream, most: number) {
    this.#stream = stream;
    this.#most = most;
  }

  get size(): number {
    return this.#size;
  }

  /** @throws DriverFailure when the body is too large */
  put(bytes: Uint8Array, counted: boolean): void {
    this.#size += bytes.byteLength;
    if (this.#size > this.#most) {
      throw new DriverFailure(
        "too_large",
        `The body is larger than the ${this.#most} bytes that the agent allows here.`,
        "unknown",
      );
    }
    if (bytes.byteLength > 0) this.#queue.push({ bytes, counted });
    this.#go();
  }

  end(): void {
    if (this.#state === "open") this.#state = "ended";
    this.#go();
  }

  break(): void {
    this.#state = "broken";
    this.#go();
  }

  /** Moves everything into a sink as it has room. `done` is called when the last byte is in. */
  async drainInto(
    sink: { write(bytes: Uint8Array): Promise<void> | undefined; end(): void; abort(): void },
    done: () => void,
  ): Promise<void> {
    for (;;) {
      const next = this.#queue.shift();
      if (this.#state === "broken") return sink.abort();
      if (next !== undefined) {
        const wait = sink.write(next.bytes);
        if (wait !== undefined) await wait;
        if (next.counted) this.#stream.consumed(next.bytes.byteLength);
      } else if (this.#state === "ended") {
        sink.end();
        return done();
      } else {
        await new Promise<void>((go) => {
          this.#wake = go;
        });
      }
    }
  }

  #go(): void {
    const go = this.#wake;
    this.#wake = undefined;
    go?.();
  }
}
