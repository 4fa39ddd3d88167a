import { problem } from "../../../kernel/problem.ts";
import type { ContentHash } from "./content-hash.ts";

const pieceLength = 128 * 1024;

/** Bytes of a stream in pieces of at most 128 KiB, hashed and counted as they pass, refused beyond `maxBytes`. */
export class ByteSource {
  count = 0;
  readonly #reader: ReadableStreamDefaultReader<Uint8Array>;
  readonly #hash: ContentHash;
  readonly #maxBytes: number;
  #left: Uint8Array = new Uint8Array(0);

  constructor(source: ReadableStream<Uint8Array>, hash: ContentHash, maxBytes: number) {
    this.#reader = source.getReader();
    this.#hash = hash;
    this.#maxBytes = maxBytes;
  }

  /** The next piece, or undefined at the end. */
  async next(): Promise<Uint8Array | undefined> {
    while (this.#left.length === 0) {
      const { done, value } = await this.#reader.read();
      if (done) return undefined;
      this.count += value.length;
      if (this.count > this.#maxBytes) throw tooLarge(this.#maxBytes);
      const hashed = this.#hash.update(value);
      if (hashed) await hashed;
      this.#left = value;
    }
    const piece = this.#left.subarray(0, pieceLength);
    this.#left = this.#left.subarray(piece.length);
    return piece;
  }

  /** Everything that is left, for containers that are held whole. */
  async rest(first: readonly Uint8Array[], maxBytes: number): Promise<Uint8Array> {
    const pieces = [...first];
    let length = pieces.reduce((sum, piece) => sum + piece.length, 0);
    for (;;) {
      if (length > maxBytes) throw tooLarge(maxBytes);
      const piece = await this.next();
      if (!piece) break;
      pieces.push(piece);
      length += piece.length;
    }
    const whole = new Uint8Array(length);
    let at = 0;
    for (const piece of pieces) {
      whole.set(piece, at);
      at += piece.length;
    }
    return whole;
  }

  async cancel(reason: unknown): Promise<void> {
    await this.#reader.cancel(reason).catch(() => undefined);
  }
}

function tooLarge(maxBytes: number) {
  return problem("too_large", "datasets.too_large", `The file is larger than ${maxBytes} bytes.`, {
    data: { maxBytes },
  });
}
