import { Inflate } from "fflate";
import { problem } from "../../../kernel/problem.ts";
import type { ImportLimits } from "./import-options.ts";

const endSignature = 0x06054b50;
const entrySignature = 0x02014b50;
const localSignature = 0x04034b50;
const sliceLength = 8 * 1024;
/** Below this much output the ratio says nothing: a sheet of a few rows compresses well. */
const ratioFloor = 1024 * 1024;

interface ZipEntry {
  readonly method: number;
  readonly start: number;
  readonly compressedLength: number;
}

function broken(why: string) {
  return problem("invalid_input", "datasets.malformed_xlsx", `The workbook cannot be read: ${why}.`, {
    errors: [{ pointer: "", code: "malformed_xlsx", message: why }],
  });
}

function bomb(why: string) {
  return problem("invalid_input", "datasets.zip_bomb", `The workbook is refused: ${why}.`, {
    errors: [{ pointer: "", code: "zip_bomb", message: why }],
  });
}

/**
 * A ZIP archive in memory, read by its central directory (APPNOTE 4.3.12). Entries inflate piece by piece and what
 * comes out is counted over all of them: sizes in headers are never believed.
 */
export class ZipArchive {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  readonly #limits: ImportLimits;
  readonly #entries = new Map<string, ZipEntry>();
  #inflated = 0;
  #consumed = 0;

  constructor(bytes: Uint8Array, limits: ImportLimits) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#limits = limits;
    this.#readDirectory();
  }

  has(name: string): boolean {
    return this.#entries.has(name.toLowerCase());
  }

  /** The bytes of an entry, inflated as they are asked for. */
  *pieces(name: string): Generator<Uint8Array> {
    const entry = this.#entries.get(name.toLowerCase());
    if (!entry) throw broken(`it has no part ${name}`);
    const packed = this.#bytes.subarray(entry.start, entry.start + entry.compressedLength);
    if (packed.length < entry.compressedLength) throw broken(`the part ${name} is cut off`);
    if (entry.method === 0) {
      this.#count(packed.length, packed.length);
      yield packed;
    } else if (entry.method === 8) yield* this.#inflate(packed, name);
    else throw broken(`the part ${name} is compressed in a way (${entry.method}) that is not supported`);
  }

  *#inflate(packed: Uint8Array, name: string): Generator<Uint8Array> {
    const ready: Uint8Array[] = [];
    let ended = false;
    const inflate = new Inflate((piece, final) => {
      ended ||= final;
      if (piece.length > 0) ready.push(piece);
    });
    for (let at = 0; at < packed.length && !ended; at += sliceLength) {
      const slice = packed.subarray(at, at + sliceLength);
      try {
        inflate.push(slice, at + sliceLength >= packed.length);
      } catch {
        throw broken(`the part ${name} is damaged`);
      }
      this.#count(
        ready.reduce((sum, piece) => sum + piece.length, 0),
        slice.length,
      );
      yield* ready.splice(0);
    }
    if (!ended) throw broken(`the part ${name} is cut off`);
  }

  #count(inflated: number, consumed: number): void {
    this.#inflated += inflated;
    this.#consumed += consumed;
    const { maxInflatedBytes, maxInflateRatio } = this.#limits;
    if (this.#inflated > maxInflatedBytes) throw bomb(`it inflates to more than ${maxInflatedBytes} bytes`);
    if (this.#inflated > ratioFloor && this.#inflated > this.#consumed * maxInflateRatio) {
      throw bomb(`it inflates to more than ${maxInflateRatio} times its size`);
    }
  }

  #readDirectory(): void {
    const end = this.#findEnd();
    const count = this.#view.getUint16(end + 10, true);
    const start = this.#view.getUint32(end + 16, true);
    if (count === 0xffff || start === 0xffffffff) throw broken("ZIP64 is not supported");
    if (count > this.#limits.maxZipEntries) throw bomb(`it has ${count} parts`);
    let at = start;
    for (let i = 0; i < count; i++) {
      if (at + 46 > this.#bytes.length || this.#view.getUint32(at, true) !== entrySignature) {
        throw broken("its directory is damaged");
      }
      at = this.#readEntry(at);
    }
  }

  #readEntry(at: number): number {
    const nameLength = this.#view.getUint16(at + 28, true);
    const next =
      at + 46 + nameLength + this.#view.getUint16(at + 30, true) + this.#view.getUint16(at + 32, true);
    const name = new TextDecoder().decode(this.#bytes.subarray(at + 46, at + 46 + nameLength));
    const encrypted = (this.#view.getUint16(at + 8, true) & 1) === 1;
    if (encrypted) throw broken("it is encrypted; save it without a password");
    const local = this.#view.getUint32(at + 42, true);
    if (local + 30 > this.#bytes.length || this.#view.getUint32(local, true) !== localSignature) {
      throw broken(`the part ${name} has no header`);
    }
    const start =
      local + 30 + this.#view.getUint16(local + 26, true) + this.#view.getUint16(local + 28, true);
    this.#entries.set(name.toLowerCase(), {
      method: this.#view.getUint16(at + 10, true),
      start,
      compressedLength: this.#view.getUint32(at + 20, true),
    });
    return next;
  }

  #findEnd(): number {
    const lowest = Math.max(0, this.#bytes.length - 22 - 0xffff);
    for (let at = this.#bytes.length - 22; at >= lowest; at--) {
      if (this.#view.getUint32(at, true) === endSignature) return at;
    }
    throw broken("it is not a ZIP archive, or its end is missing");
  }
}
