import { type ObjectContext, redactObject } from "./object.rules.ts";

/** The largest single object that the agent holds in memory to take its secrets out. */
export const objectBytes = 16 * 1024 * 1024;

/** An answer that the agent can't read, and so can't let through. */
export class Unreadable extends Error {}

/** Takes bytes of a body as they come and gives back those that may go on. */
export interface BodyFilter {
  push(chunk: Uint8Array): Uint8Array[];
  /** @throws Unreadable when the body broke off */
  end(): Uint8Array[];
}

const encoder = new TextEncoder();
const quote = 0x22;
const backslash = 0x5c;
const newline = 0x0a;

/** A watch: one JSON value a line. */
export function lineFilter(context: ObjectContext): BodyFilter {
  const line = new Gathered();
  const flush = (): Uint8Array[] => {
    const bytes = line.take();
    if (bytes.byteLength === 0) return [];
    return [redactWatchLine(bytes, context), Uint8Array.of(newline)];
  };
  return {
    push(chunk) {
      const out: Uint8Array[] = [];
      let from = 0;
      for (let at = chunk.indexOf(newline); at >= 0; at = chunk.indexOf(newline, from)) {
        line.add(chunk.subarray(from, at));
        out.push(...flush());
        from = at + 1;
      }
      line.add(chunk.subarray(from));
      return out;
    },
    end: flush,
  };
}

function redactWatchLine(bytes: Uint8Array, context: ObjectContext): Uint8Array {
  const event = parseJson(bytes);
  if (typeof event !== "object" || event === null || !("object" in event)) {
    const kept = redactObject(event, context);
    return kept === event ? bytes : encoder.encode(JSON.stringify(kept));
  }
  const object = redactObject(event.object, context);
  return object === event.object ? bytes : encoder.encode(JSON.stringify({ ...event, object }));
}

/** One JSON document: a list goes through element by element, anything else is held until it is whole. */
export function documentFilter(context: ObjectContext): BodyFilter {
  return new DocumentFilter(context);
}

class DocumentFilter implements BodyFilter {
  readonly #context: ObjectContext;
  readonly #held = new Gathered();
  #depth = 0;
  #inString = false;
  #escaped = false;
  #key: number[] | undefined;
  #keyName = "";
  #mode: "head" | "items" | "tail" = "head";
  #hadElement = false;

  constructor(context: ObjectContext) {
    this.#context = context;
  }

  push(chunk: Uint8Array): Uint8Array[] {
    const out: Uint8Array[] = [];
    let from = 0;
    for (let at = 0; at < chunk.byteLength; at++) {
      const byte = chunk[at] ?? 0;
      if (this.#inString) {
        this.#stringByte(byte);
        continue;
      }
      if (byte === quote) {
        this.#inString = true;
        if (this.#mode === "head" && this.#depth === 1) this.#key = [];
        continue;
      }
      const cut = this.#structure(byte);
      if (cut === "none") continue;
      this.#held.add(chunk.subarray(from, cut === "after" ? at + 1 : at));
      from = at + 1;
      this.#emit(byte, out);
    }
    this.#held.add(chunk.subarray(from));
    return out;
  }

  end(): Uint8Array[] {
    if (this.#mode === "items") throw new Unreadable("A list of the cluster broke off.");
    const bytes = this.#held.take();
    if (this.#mode === "head") {
      if (bytes.byteLength === 0) return [];
      const value = parseJson(bytes);
      const kept = redactObject(value, this.#context);
      return [kept === value ? bytes : encoder.encode(JSON.stringify(kept))];
    }
    const rest = parseJson(join([encoder.encode('{"":0'), bytes]));
    const kept = redactObject(rest, this.#context);
    return [kept === rest ? bytes : encoder.encode(JSON.stringify(kept).slice('{"":0'.length))];
  }

  #stringByte(byte: number): void {
    if (this.#escaped) this.#escaped = false;
    else if (byte === backslash) this.#escaped = true;
    else if (byte === quote) {
      this.#inString = false;
      if (this.#key !== undefined) this.#keyName = String.fromCharCode(...this.#key);
      this.#key = undefined;
      return;
    }
    if (this.#key !== undefined && this.#key.length < 64) this.#key.push(byte);
  }

  /** Follows brackets; says whether what is held goes out: up to and with this byte, or without it. */
  #structure(byte: number): "none" | "after" | "without" {
    if (byte === 0x5b || byte === 0x7b) {
      this.#depth++;
      const opensList = byte === 0x5b && this.#depth === 2 && this.#mode === "head";
      return opensList && ["items", "data", "rows"].includes(this.#keyName) ? "after" : "none";
    }
    if (byte === 0x5d || byte === 0x7d) {
      this.#depth--;
      return this.#mode === "items" && this.#depth === 1 ? "without" : "none";
    }
    return byte === 0x2c && this.#mode === "items" && this.#depth === 2 ? "without" : "none";
  }

  #emit(byte: number, out: Uint8Array[]): void {
    const bytes = this.#held.take();
    if (this.#mode === "head") {
      out.push(this.#openList(bytes));
      this.#mode = "items";
      return;
    }
    const element = trimmed(bytes);
    if (element.byteLength > 0) {
      const value = parseJson(element);
      const kept = redactObject(value, this.#context);
      if (this.#hadElement) out.push(Uint8Array.of(0x2c));
      out.push(kept === value ? element : encoder.encode(JSON.stringify(kept)));
      this.#hadElement = true;
    }
    if (byte === 0x5d) {
      out.push(Uint8Array.of(0x5d));
      this.#mode = "tail";
    }
  }

  #openList(bytes: Uint8Array): Uint8Array {
    const value = parseJson(join([bytes, encoder.encode("]}")]));
    const kept = redactObject(value, this.#context);
    return kept === value ? bytes : encoder.encode(JSON.stringify(kept).slice(0, -2));
  }
}

class Gathered {
  #parts: Uint8Array[] = [];
  #bytes = 0;

  add(part: Uint8Array): void {
    if (part.byteLength === 0) return;
    this.#bytes += part.byteLength;
    if (this.#bytes > objectBytes) throw new Unreadable("An object of the cluster is too large to be read.");
    this.#parts.push(part);
  }

  take(): Uint8Array {
    const bytes = this.#parts.length === 1 ? (this.#parts[0] ?? new Uint8Array()) : join(this.#parts);
    this.#parts = [];
    this.#bytes = 0;
    return bytes;
  }
}

function join(parts: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.byteLength, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.byteLength;
  }
  return bytes;
}

function trimmed(bytes: Uint8Array): Uint8Array {
  let from = 0;
  let to = bytes.byteLength;
  while (from < to && (bytes[from] ?? 0) <= 0x20) from++;
  while (to > from && (bytes[to - 1] ?? 0) <= 0x20) to--;
  return bytes.subarray(from, to);
}

function parseJson(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch {
    throw new Unreadable("The cluster's answer is no JSON that the agent can read.");
  }
}
