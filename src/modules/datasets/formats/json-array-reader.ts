import { problem } from "../../../kernel/problem.ts";
import { jsonRecord, tooLong } from "./json-record.ts";
import type { RecordReader, SourceItem } from "./source-record.ts";

/** The members of a top-level object whose arrays hold the records. */
export const recordArrayNames: ReadonlySet<string> = new Set([
  "test_cases",
  "conversations",
  "data",
  "items",
  "rows",
  "cases",
  "samples",
  "examples",
]);

type Place = "start" | "members" | "colon" | "value" | "afterValue" | "elements" | "afterElement" | "done";

function isSpace(code: number): boolean {
  return code === 32 || code === 10 || code === 13 || code === 9;
}

/**
 * Reads the elements of a JSON array one at a time: of the array the file is, or of the arrays named above in the
 * object it is. The other members of that object are kept in `envelope`, as far as they were read and up to a limit.
 */
export class JsonArrayReader implements RecordReader {
  readonly envelope: Record<string, unknown> = Object.create(null);
  readonly arrays: string[] = [];
  readonly skippedMembers: string[] = [];
  readonly #maxChars: number;
  readonly #maxEnvelope: number;
  #place: Place = "start";
  #inObject = false;
  #comma = false;
  #line = 1;
  #capturing: "key" | "member" | "element" | undefined;
  #startLine = 1;
  #parts: string[] = [];
  #length = 0;
  #depth = 0;
  #inString = false;
  #escaped = false;
  #isString = false;
  #key = "";
  #envelopeLength = 0;
  #items: SourceItem[] = [];

  constructor(maxChars: number, maxEnvelope: number) {
    this.#maxChars = maxChars;
    this.#maxEnvelope = maxEnvelope;
  }

  push(text: string): SourceItem[] {
    this.#items = [];
    let at = 0;
    while (at < text.length) at = this.#capturing ? this.#capture(text, at) : this.#step(text, at);
    return this.#items;
  }

  end(): SourceItem[] {
    if (this.#place !== "done") throw this.#malformed("the file ends before its structure is closed");
    if (this.arrays.length === 0) {
      throw problem(
        "invalid_input",
        "datasets.no_records_array",
        `The JSON object has no array of records; looked for ${[...recordArrayNames].join(", ")}.`,
        { errors: [{ pointer: "", code: "no_records_array", message: "Put the records in an array." }] },
      );
    }
    return [];
  }

  /** Between values: one character of structure. Returns the index of the next character to look at. */
  #step(text: string, at: number): number {
    const code = text.charCodeAt(at);
    if (code === 10) this.#line += 1;
    if (isSpace(code)) return at + 1;
    const char = text.charAt(at);
    switch (this.#place) {
      case "start":
        if (char === "[") this.#openArray("");
        else if (char === "{") this.#place = "members";
        else throw this.#malformed(`expected an array or an object, found ${JSON.stringify(char)}`);
        if (char === "{") this.#inObject = true;
        return at + 1;
      case "members":
        if (char === "}" && !this.#comma) return this.#close(at);
        if (char !== '"') throw this.#malformed("expected the name of a member");
        return this.#begin("key", at);
      case "colon":
        if (char !== ":") throw this.#malformed('expected ":" after a name');
        this.#place = "value";
        return at + 1;
      case "value":
        if (char === "[" && recordArrayNames.has(this.#key)) {
          this.#openArray(this.#key);
          return at + 1;
        }
        return this.#begin("member", at);
      case "elements":
        if (char === "]" && !this.#comma) return this.#closeArray(at);
        if (char === "," || char === "]" || char === "}") throw this.#malformed("expected an element");
        return this.#begin("element", at);
      case "afterElement":
      case "afterValue":
        return this.#after(char, at);
      default:
        throw this.#malformed("there is text after the end");
    }
  }

  #after(char: string, at: number): number {
    const inArray = this.#place === "afterElement";
    if (char === ",") {
      this.#comma = true;
      this.#place = inArray ? "elements" : "members";
      return at + 1;
    }
    if (inArray && char === "]") return this.#closeArray(at);
    if (!inArray && char === "}") return this.#close(at);
    throw this.#malformed(`expected "," or the end, found ${JSON.stringify(char)}`);
  }

  #openArray(name: string): void {
    this.arrays.push(name);
    this.#place = "elements";
    this.#comma = false;
  }

  #closeArray(at: number): number {
    this.#place = this.#inObject ? "afterValue" : "done";
    return at + 1;
  }

  #close(at: number): number {
    this.#place = "done";
    return at + 1;
  }

  #begin(what: "key" | "member" | "element", at: number): number {
    this.#capturing = what;
    this.#startLine = this.#line;
    this.#parts = [];
    this.#length = 0;
    this.#depth = 0;
    this.#inString = false;
    this.#escaped = false;
    this.#isString = false;
    this.#comma = false;
    return at;
  }

  /** Inside a value: scans to its end or to the end of the piece. */
  #capture(text: string, from: number): number {
    let at = from;
    let ended = false;
    const fresh = this.#length === 0;
    if (fresh && text.charAt(at) === '"') this.#isString = true;
    while (at < text.length && !ended) {
      const code = text.charCodeAt(at);
      if (code === 10) this.#line += 1;
      if (this.#inString) {
        if (this.#escaped) this.#escaped = false;
        else if (code === 92) this.#escaped = true;
        else if (code === 34) {
          this.#inString = false;
          ended = this.#isString && this.#depth === 0;
        }
        at += 1;
      } else if (code === 34) {
        this.#inString = true;
        at += 1;
      } else if (code === 123 || code === 91) {
        this.#depth += 1;
        at += 1;
      } else if (code === 125 || code === 93) {
        if (this.#depth === 0) break;
        this.#depth -= 1;
        at += 1;
        ended = this.#depth === 0;
      } else if (this.#depth === 0 && (code === 44 || isSpace(code))) {
        if (code === 10) this.#line -= 1;
        break;
      } else at += 1;
    }
    const piece = text.slice(from, at);
    this.#length += piece.length;
    if (this.#length <= this.#limit()) this.#parts.push(piece);
    if (ended || at < text.length) this.#finish();
    return at;
  }

  #limit(): number {
    return this.#capturing === "element" ? this.#maxChars : this.#maxEnvelope;
  }

  #finish(): void {
    const tooBig = this.#length > this.#limit();
    const raw = tooBig ? "" : this.#parts.join("");
    const what = this.#capturing;
    this.#capturing = undefined;
    this.#parts = [];
    if (what === "key") {
      this.#key = String(this.#parsed(raw));
      this.#place = "colon";
    } else if (what === "element") {
      this.#items.push(tooBig ? tooLong(this.#startLine, this.#maxChars) : jsonRecord(raw, this.#startLine));
      this.#place = "afterElement";
    } else {
      this.#envelopeLength += raw.length;
      if (tooBig || this.#envelopeLength > this.#maxEnvelope) this.skippedMembers.push(this.#key);
      else this.envelope[this.#key] = this.#parsed(raw);
      this.#place = "afterValue";
    }
  }

  #parsed(raw: string): unknown {
    try {
      return JSON.parse(raw);
    } catch {
      throw this.#malformed("a value outside the records is not JSON");
    }
  }

  #malformed(why: string) {
    const message = `${why} (line ${this.#line})`;
    return problem("invalid_input", "datasets.malformed_json", `The file is not JSON: ${message}.`, {
      errors: [{ pointer: "", code: "malformed_json", message }],
      data: { line: this.#line },
    });
  }
}
