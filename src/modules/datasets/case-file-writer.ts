import type { EvaluationCase } from "../../../contracts/evaluation-case.ts";
import type { BlobInfo, BlobPort } from "../../kernel/ports/blob.ts";
import { casesPerEntry } from "./case-index.rules.ts";

const pieceBytes = 64 * 1024;
const encoder = new TextEncoder();

/** Writes cases as JSON lines into one object while they come, and remembers where every 25th begins. */
export class CaseFileWriter {
  readonly offsets: number[] = [];
  bytes = 0;
  count = 0;
  readonly #writer: WritableStreamDefaultWriter<Uint8Array>;
  readonly #stored: Promise<BlobInfo>;
  #lines: Uint8Array[] = [];
  #held = 0;

  constructor(blobs: BlobPort, key: string) {
    const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>();
    this.#writer = writable.getWriter();
    this.#writer.closed.catch(() => {});
    this.#stored = blobs.put(key, readable, "application/x-ndjson");
    this.#stored.catch(() => {});
  }

  /** Takes a case; what it gives must be awaited before the next one. */
  add(evaluationCase: EvaluationCase): void | Promise<void> {
    if (this.count % casesPerEntry === 0) this.offsets.push(this.bytes);
    const line = encoder.encode(`${JSON.stringify(evaluationCase)}\n`);
    this.#lines.push(line);
    this.#held += line.byteLength;
    this.bytes += line.byteLength;
    this.count += 1;
    return this.#held < pieceBytes ? undefined : this.#flush();
  }

  async finish(): Promise<void> {
    await this.#flush();
    await this.#writer.close();
    const { size } = await this.#stored;
    if (size !== this.bytes) throw new Error(`${size} of ${this.bytes} bytes of cases were stored`);
  }

  /** Gives up: the object is not made. */
  async abort(reason: unknown): Promise<void> {
    await this.#writer.abort(reason).catch(() => {});
    await this.#stored.catch(() => {});
  }

  async #flush(): Promise<void> {
    const piece = new Uint8Array(this.#held);
    let at = 0;
    for (const line of this.#lines) {
      piece.set(line, at);
      at += line.byteLength;
    }
    this.#lines = [];
    this.#held = 0;
    if (piece.byteLength === 0) return;
    try {
      await this.#writer.write(piece);
    } catch (error) {
      // The store's own error says more than the stream's.
      await this.#stored;
      throw error;
    }
  }
}
