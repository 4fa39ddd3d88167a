import { problem } from "../../../kernel/problem.ts";
import { decodeCp949 } from "./cp949.ts";
import type { EncodingName } from "./import-options.ts";
import { scanUtf8 } from "./utf8.rules.ts";

type Encoding = "utf-8" | "cp949" | "utf-16le" | "utf-16be" | "latin-1";

/** How many bytes, from the first that isn't ASCII, the choice between UTF-8 and CP949 looks at. */
const choiceWindow = 64 * 1024;
const emptyBytes = new Uint8Array(0);

function joinBytes(a: Uint8Array, b: Uint8Array): Uint8Array {
  if (a.length === 0) return b;
  const joined = new Uint8Array(a.length + b.length);
  joined.set(a);
  joined.set(b, a.length);
  return joined;
}

function newlines(bytes: Uint8Array, end: number): number {
  let count = 0;
  for (let at = bytes.indexOf(10); at !== -1 && at < end; at = bytes.indexOf(10, at + 1)) count += 1;
  return count;
}

function hexByte(byte: number): string {
  return `0x${byte.toString(16).toUpperCase().padStart(2, "0")}`;
}

/**
 * Turns bytes into text piece by piece; the text is the same however the bytes are cut. The encoding is a byte order
 * mark's, else UTF-8, else CP949, decided on the first 64 KiB that follow the first byte above 0x7F. Nothing is ever
 * guessed beyond that: bytes that fit neither are refused with their offset and line.
 */
export class TextDecoding {
  #encoding: Encoding | undefined;
  readonly #asked: boolean;
  #marked = false;
  #started = false;
  #decoder: TextDecoder | undefined;
  #held: Uint8Array = emptyBytes;
  #offset = 0;
  #line = 1;

  constructor(asked: EncodingName) {
    this.#asked = asked !== "auto";
    if (asked !== "auto") this.#encoding = asked === "euc-kr" ? "cp949" : asked;
  }

  /** The name for the report: `utf-8`, `utf-8-sig` with a byte order mark, `cp949`, `utf-16le`, `utf-16be`, `latin-1`. */
  get encoding(): string {
    if (this.#encoding === undefined) return "utf-8";
    return this.#encoding === "utf-8" && this.#marked ? "utf-8-sig" : this.#encoding;
  }

  push(bytes: Uint8Array): string {
    return this.#take(joinBytes(this.#held, bytes), false);
  }

  end(): string {
    return this.#take(this.#held, true);
  }

  #take(bytes: Uint8Array, last: boolean): string {
    this.#held = emptyBytes;
    let rest = bytes;
    if (!this.#started) {
      if (rest.length < 3 && !last) return this.#hold(rest);
      this.#started = true;
      rest = this.#skipMark(rest);
    }
    if (this.#encoding !== undefined) return this.#decode(rest, last);
    const high = rest.findIndex((byte) => byte >= 0x80);
    if (high === -1) return this.#decodeAs("utf-8", rest, last);
    const head = this.#decodeAs("utf-8", rest.subarray(0, high), false);
    const tail = rest.subarray(high);
    if (tail.length < choiceWindow && !last) return head + this.#hold(tail);
    this.#encoding = this.#choose(tail.subarray(0, choiceWindow), last && tail.length <= choiceWindow);
    return head + this.#decode(tail, last);
  }

  #hold(bytes: Uint8Array): string {
    this.#held = bytes.slice();
    return "";
  }

  #skipMark(bytes: Uint8Array): Uint8Array {
    const [a, b, c] = bytes;
    if (a === 0xef && b === 0xbb && c === 0xbf) return this.#mark("utf-8", bytes, 3);
    if (a === 0xff && b === 0xfe) return this.#mark("utf-16le", bytes, 2);
    if (a === 0xfe && b === 0xff) return this.#mark("utf-16be", bytes, 2);
    return bytes;
  }

  #mark(encoding: Encoding, bytes: Uint8Array, length: number): Uint8Array {
    if (this.#asked && this.#encoding !== encoding) {
      throw problem(
        "invalid_input",
        "datasets.encoding_mismatch",
        `The file starts with a byte order mark of ${encoding}, but ${this.#encoding} was asked for.`,
        {
          errors: [
            { pointer: "/encoding", code: "encoding_mismatch", message: `Leave it out or say ${encoding}.` },
          ],
        },
      );
    }
    this.#encoding = encoding;
    this.#marked = true;
    this.#offset += length;
    return bytes.subarray(length);
  }

  #choose(window: Uint8Array, whole: boolean): Encoding {
    const utf8 = scanUtf8(window);
    if (utf8.bad === -1 && (!whole || utf8.whole === window.length)) return "utf-8";
    const korean = decodeCp949(window);
    if (korean.bad === -1 && (!whole || korean.whole === window.length)) return "cp949";
    const at = utf8.bad === -1 ? utf8.whole : utf8.bad;
    throw this.#refusal(window, at, "datasets.unknown_encoding", "The text is neither UTF-8 nor CP949.");
  }

  #decode(bytes: Uint8Array, last: boolean): string {
    return this.#decodeAs(this.#encoding ?? "utf-8", bytes, last);
  }

  #decodeAs(encoding: Encoding, bytes: Uint8Array, last: boolean): string {
    if (encoding === "cp949") {
      const { text, bad, whole } = decodeCp949(bytes);
      if (bad !== -1 || (last && whole < bytes.length))
        throw this.#wrong(bytes, bad === -1 ? whole : bad, encoding);
      return this.#advance(bytes, whole, text);
    }
    if (encoding === "utf-8") {
      const { bad, whole } = scanUtf8(bytes);
      if (bad !== -1 || (last && whole < bytes.length))
        throw this.#wrong(bytes, bad === -1 ? whole : bad, encoding);
      this.#decoder ??= new TextDecoder("utf-8", { fatal: false, ignoreBOM: true });
      return this.#advance(bytes, whole, this.#decoder.decode(bytes.subarray(0, whole)));
    }
    const unit = encoding === "latin-1" ? 1 : 2;
    const whole = bytes.length - (bytes.length % unit);
    if (last && whole < bytes.length) throw this.#wrong(bytes, whole, encoding);
    this.#decoder ??= new TextDecoder(encoding === "latin-1" ? "windows-1252" : encoding, {
      fatal: false,
      ignoreBOM: true,
    });
    const text = this.#decoder.decode(bytes.subarray(0, whole), { stream: !last });
    return this.#advance(bytes, whole, text);
  }

  #advance(bytes: Uint8Array, whole: number, text: string): string {
    this.#line += newlines(bytes, whole);
    this.#offset += whole;
    if (whole < bytes.length) this.#held = bytes.slice(whole);
    return text;
  }

  #wrong(bytes: Uint8Array, at: number, encoding: Encoding) {
    const hint = this.#asked ? "" : " If the file is in another encoding, name it (for example cp949).";
    return this.#refusal(bytes, at, "datasets.bad_encoding", `The text is not valid ${encoding}.${hint}`);
  }

  #refusal(bytes: Uint8Array, at: number, code: string, why: string) {
    const offset = this.#offset + at;
    const line = this.#line + newlines(bytes, at);
    const place = `byte ${hexByte(bytes[at] ?? 0)} at offset ${offset}, line ${line}`;
    return problem("invalid_input", code, `${why} The first byte that does not fit is ${place}.`, {
      errors: [{ pointer: "", code: code.slice("datasets.".length), message: place }],
      data: { offset, line },
    });
  }
}
