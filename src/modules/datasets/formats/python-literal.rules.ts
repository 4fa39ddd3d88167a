/** What a Python literal can hold once it is read: None is null, tuples are arrays, dict keys become text. */
export type PythonValue = null | boolean | number | string | PythonValue[] | { [key: string]: PythonValue };

export interface PythonLiteral {
  readonly value: PythonValue;
  /** Items stood side by side without a comma, as NumPy prints an array; they were read as separate items. */
  readonly spaced: boolean;
}

const maxDepth = 32;
const simpleEscapes: Readonly<Record<string, string>> = {
  n: "\n",
  t: "\t",
  r: "\r",
  "\\": "\\",
  "'": "'",
  '"': '"',
  a: "\u0007",
  b: "\b",
  f: "\f",
  v: "\v",
  "0": "\0",
};
const hexEscapes: Readonly<Record<string, number>> = { x: 2, u: 4, U: 8 };

class NotPython extends Error {}

class LiteralReader {
  readonly #text: string;
  #at = 0;
  spaced = false;

  constructor(text: string) {
    this.#text = text;
  }

  whole(): PythonValue {
    const value = this.#value(0);
    this.#space();
    if (this.#at < this.#text.length) throw new NotPython();
    return value;
  }

  #space(): void {
    while (/\s/.test(this.#text.charAt(this.#at))) this.#at += 1;
  }

  #value(depth: number): PythonValue {
    if (depth > maxDepth) throw new NotPython();
    this.#space();
    const char = this.#text.charAt(this.#at);
    if (char === "[") return this.#items("]", depth);
    if (char === "(") return this.#items(")", depth);
    if (char === "{") return this.#dict(depth);
    if (char === "'" || char === '"') return this.#string();
    return this.#word();
  }

  #items(close: string, depth: number): PythonValue[] {
    const items: PythonValue[] = [];
    this.#at += 1;
    let needsComma = false;
    for (;;) {
      this.#space();
      const char = this.#text.charAt(this.#at);
      if (char === close) break;
      if (char === "," && needsComma) {
        this.#at += 1;
        needsComma = false;
        continue;
      }
      if (needsComma) this.spaced = true;
      items.push(this.#value(depth + 1));
      needsComma = true;
    }
    this.#at += 1;
    return items;
  }

  #dict(depth: number): PythonValue {
    const entries: [string, PythonValue][] = [];
    this.#at += 1;
    for (;;) {
      this.#space();
      if (this.#text.charAt(this.#at) === "}") break;
      const key = this.#value(depth + 1);
      this.#space();
      if (this.#text.charAt(this.#at) !== ":" || (typeof key === "object" && key !== null))
        throw new NotPython();
      this.#at += 1;
      entries.push([String(key), this.#value(depth + 1)]);
      this.#space();
      if (this.#text.charAt(this.#at) === ",") this.#at += 1;
      else if (this.#text.charAt(this.#at) !== "}") throw new NotPython();
    }
    this.#at += 1;
    return Object.fromEntries(entries);
  }

  #string(): string {
    const quote = this.#text.charAt(this.#at);
    this.#at += 1;
    let value = "";
    for (;;) {
      if (this.#at >= this.#text.length) throw new NotPython();
      const char = this.#text.charAt(this.#at);
      this.#at += 1;
      if (char === quote) return value;
      value += char === "\\" ? this.#escape() : char;
    }
  }

  #escape(): string {
    const char = this.#text.charAt(this.#at);
    this.#at += 1;
    const digits = hexEscapes[char];
    if (digits === undefined) return simpleEscapes[char] ?? `\\${char}`;
    const hex = this.#text.slice(this.#at, this.#at + digits);
    const code = /^[0-9a-fA-F]+$/.test(hex) && hex.length === digits ? Number.parseInt(hex, 16) : -1;
    if (code < 0 || code > 0x10ffff) throw new NotPython();
    this.#at += digits;
    return String.fromCodePoint(code);
  }

  #word(): PythonValue {
    const match = /[A-Za-z0-9_.+-]+/y;
    match.lastIndex = this.#at;
    const word = match.exec(this.#text)?.[0] ?? "";
    this.#at += word.length;
    if (word === "None" || word === "nan") return null;
    if (word === "True") return true;
    if (word === "False") return false;
    if (/^[+-]?(\d+(?:\.\d*)?|\.\d+)([eE][+-]?\d+)?$/.test(word)) return Number(word);
    throw new NotPython();
  }
}

/** Reads a Python literal (`"['a', 'b']"`, as Hugging Face and pandas write lists into CSV); undefined if it is none. */
export function readPythonLiteral(text: string): PythonLiteral | undefined {
  const reader = new LiteralReader(text);
  try {
    const value = reader.whole();
    return { value, spaced: reader.spaced };
  } catch (error) {
    if (error instanceof NotPython) return undefined;
    throw error;
  }
}
