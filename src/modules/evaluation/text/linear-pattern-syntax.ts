/** A node of a parsed pattern. */
export type PatternNode =
  | { readonly type: "one"; readonly test: (codePoint: number) => boolean }
  | { readonly type: "assert"; readonly at: "start" | "end" | "boundary" | "inside" }
  | { readonly type: "list"; readonly items: readonly PatternNode[] }
  | { readonly type: "either"; readonly items: readonly PatternNode[] }
  | { readonly type: "repeat"; readonly item: PatternNode; readonly least: number; readonly most: number };

/** Why a pattern is refused; `at` is the offset of the fault. */
export class PatternError extends Error {
  override readonly name = "PatternError";
  readonly at: number;

  constructor(message: string, at: number) {
    super(`${message} at ${at}`);
    this.at = at;
  }
}

type Test = (codePoint: number) => boolean;

const maxDepth = 40;
const maxRepeat = 1000;
const controls: Readonly<Record<string, number>> = { n: 10, r: 13, t: 9, f: 12, v: 11, 0: 0 };

export const isWord: Test = (code) =>
  (code >= 48 && code <= 57) || (code >= 65 && code <= 90) || code === 95 || (code >= 97 && code <= 122);
const isDigit: Test = (code) => code >= 48 && code <= 57;
const isSpace: Test = (code) => /^\s$/u.test(String.fromCodePoint(code));
const isLineEnd: Test = (code) => code === 10 || code === 13 || code === 0x2028 || code === 0x2029;
const not =
  (test: Test): Test =>
  (code) =>
    !test(code);
const exactly =
  (wanted: number): Test =>
  (code) =>
    code === wanted;
const classes: Readonly<Record<string, Test>> = {
  d: isDigit,
  D: not(isDigit),
  w: isWord,
  W: not(isWord),
  s: isSpace,
  S: not(isSpace),
};

/**
 * Parses the JavaScript pattern syntax without look-around and back-references: literals, `.`, classes, `\d \w \s \b`,
 * `\p{...}`, groups, alternatives, `* + ? {m,n}` (lazy forms too), `^`, `$`. Throws `PatternError`.
 */
export function parsePattern(source: string, dotAll: boolean): PatternNode {
  return new PatternReader(source, dotAll).whole();
}

class PatternReader {
  private readonly text: readonly string[];
  private readonly dotAll: boolean;
  private at = 0;

  constructor(source: string, dotAll: boolean) {
    this.text = Array.from(source);
    this.dotAll = dotAll;
  }

  whole(): PatternNode {
    const parsed = this.either(0);
    if (this.at < this.text.length) this.fail("there is a bracket too many");
    return parsed;
  }

  private fail(message: string): never {
    throw new PatternError(message, this.at);
  }

  private eat(token: string): boolean {
    const matches = this.text[this.at] === token;
    if (matches) this.at += 1;
    return matches;
  }

  private either(depth: number): PatternNode {
    if (depth > maxDepth) this.fail("groups are nested too deep");
    const items = [this.list(depth)];
    while (this.eat("|")) items.push(this.list(depth));
    return items.length === 1 ? (items[0] ?? { type: "list", items: [] }) : { type: "either", items };
  }

  private list(depth: number): PatternNode {
    const items: PatternNode[] = [];
    while (this.at < this.text.length && this.text[this.at] !== "|" && this.text[this.at] !== ")")
      items.push(this.repeated(this.atom(depth)));
    return { type: "list", items };
  }

  private repeated(item: PatternNode): PatternNode {
    const bounds = this.quantifier();
    if (bounds === undefined) return item;
    if (item.type === "assert") this.fail("nothing to repeat");
    this.eat("?");
    if (this.text[this.at] === "*" || this.text[this.at] === "+") this.fail("nothing to repeat");
    return { type: "repeat", item, least: bounds[0], most: bounds[1] };
  }

  private quantifier(): readonly [number, number] | undefined {
    if (this.eat("*")) return [0, Number.POSITIVE_INFINITY];
    if (this.eat("+")) return [1, Number.POSITIVE_INFINITY];
    if (this.eat("?")) return [0, 1];
    const counted =
      this.text[this.at] === "{"
        ? /^\{(\d{1,6})(,?)(\d{0,6})\}/.exec(this.text.slice(this.at, this.at + 16).join(""))
        : null;
    if (counted === null) return undefined;
    this.at += counted[0].length;
    const least = Number(counted[1]);
    const most =
      counted[2] === "" ? least : counted[3] === "" ? Number.POSITIVE_INFINITY : Number(counted[3]);
    if (least > maxRepeat || (most > maxRepeat && Number.isFinite(most)) || most < least)
      this.fail("a repeat is out of range");
    return [least, most];
  }

  private atom(depth: number): PatternNode {
    const token = this.text[this.at] ?? "";
    this.at += 1;
    if (token === "(") return this.group(depth);
    if (token === "[") return { type: "one", test: this.charClass() };
    if (token === ".") return { type: "one", test: this.dotAll ? () => true : not(isLineEnd) };
    if (token === "^") return { type: "assert", at: "start" };
    if (token === "$") return { type: "assert", at: "end" };
    if (token === "\\") return this.escaped();
    if ("*+?".includes(token)) this.fail("nothing to repeat");
    return { type: "one", test: exactly(token.codePointAt(0) ?? 0) };
  }

  private group(depth: number): PatternNode {
    if (this.eat("?")) {
      const named = /^<[A-Za-z_]\w{0,63}>/.exec(this.text.slice(this.at, this.at + 70).join(""));
      if (named !== null) this.at += named[0].length;
      else if (!this.eat(":")) this.fail("look-around and inline flags are not supported");
    }
    const inner = this.either(depth + 1);
    if (!this.eat(")")) this.fail("a group is not closed");
    return inner;
  }

  private escaped(): PatternNode {
    if (this.eat("b")) return { type: "assert", at: "boundary" };
    if (this.eat("B")) return { type: "assert", at: "inside" };
    return { type: "one", test: this.escapedTest() };
  }

  private escapedTest(): Test {
    const token = this.text[this.at] ?? this.fail("the pattern ends in a backslash");
    this.at += 1;
    const known = classes[token];
    if (known !== undefined) return known;
    if (token === "p" || token === "P") return this.property(token === "P");
    return exactly(this.escapedCode(token));
  }

  private escapedCode(token: string): number {
    if (/[1-9k]/.test(token)) this.fail("back-references are not supported");
    const control = controls[token];
    if (control !== undefined) return control;
    if (token !== "x" && token !== "u") return token.codePointAt(0) ?? 0;
    const form = token === "x" ? /^([0-9a-fA-F]{2})/ : /^(?:([0-9a-fA-F]{4})|\{([0-9a-fA-F]{1,6})\})/;
    const digits = form.exec(this.text.slice(this.at, this.at + 8).join(""));
    const code = Number.parseInt(digits?.[1] ?? digits?.[2] ?? "", 16);
    if (digits === null || Number.isNaN(code) || code > 0x10ffff)
      return this.fail("a code point is not valid");
    this.at += digits[0].length;
    return code;
  }

  private property(negated: boolean): Test {
    const name = /^\{([A-Za-z_]{1,40}(?:=[A-Za-z_]{1,40})?)\}/.exec(
      this.text.slice(this.at, this.at + 90).join(""),
    );
    if (name === null) return this.fail("a property is not valid");
    this.at += name[0].length;
    try {
      const single = new RegExp(`^\\${negated ? "P" : "p"}{${name[1]}}$`, "u");
      return (code) => single.test(String.fromCodePoint(code));
    } catch {
      return this.fail("a property is not known");
    }
  }

  private charClass(): Test {
    const negated = this.eat("^");
    const tests: Test[] = [];
    while (this.at < this.text.length && this.text[this.at] !== "]") {
      const low = this.classItem();
      const isRange =
        typeof low === "number" &&
        this.text[this.at] === "-" &&
        this.text[this.at + 1] !== "]" &&
        this.text[this.at + 1] !== undefined;
      if (!isRange) {
        tests.push(typeof low === "number" ? exactly(low) : low);
        continue;
      }
      this.at += 1;
      const high = this.classItem();
      if (typeof high !== "number" || high < low) return this.fail("a range of a class is out of order");
      tests.push((code) => code >= low && code <= high);
    }
    if (!this.eat("]")) this.fail("a class is not closed");
    return negated ? (code) => !tests.some((test) => test(code)) : (code) => tests.some((test) => test(code));
  }

  private classItem(): number | Test {
    const token = this.text[this.at] ?? "";
    this.at += 1;
    if (token !== "\\") return token.codePointAt(0) ?? 0;
    const next = this.text[this.at] ?? this.fail("a class is not closed");
    if (next === "b") {
      this.at += 1;
      return 8;
    }
    if (classes[next] !== undefined || next === "p" || next === "P") return this.escapedTest();
    this.at += 1;
    return this.escapedCode(next);
  }
}
