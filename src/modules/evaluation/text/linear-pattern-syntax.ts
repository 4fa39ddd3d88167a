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
  const text = Array.from(source);
  let at = 0;
  const fail = (message: string): never => {
    throw new PatternError(message, at);
  };
  const eat = (token: string): boolean => {
    const matches = text[at] === token;
    if (matches) at += 1;
    return matches;
  };

  function either(depth: number): PatternNode {
    if (depth > maxDepth) fail("groups are nested too deep");
    const items = [list(depth)];
    while (eat("|")) items.push(list(depth));
    return items.length === 1 ? (items[0] ?? { type: "list", items: [] }) : { type: "either", items };
  }

  function list(depth: number): PatternNode {
    const items: PatternNode[] = [];
    while (at < text.length && text[at] !== "|" && text[at] !== ")") items.push(repeated(atom(depth)));
    return { type: "list", items };
  }

  function repeated(item: PatternNode): PatternNode {
    const bounds = quantifier();
    if (bounds === undefined) return item;
    if (item.type === "assert") fail("nothing to repeat");
    eat("?");
    if (text[at] === "*" || text[at] === "+") fail("nothing to repeat");
    return { type: "repeat", item, least: bounds[0], most: bounds[1] };
  }

  function quantifier(): readonly [number, number] | undefined {
    if (eat("*")) return [0, Number.POSITIVE_INFINITY];
    if (eat("+")) return [1, Number.POSITIVE_INFINITY];
    if (eat("?")) return [0, 1];
    const counted =
      text[at] === "{" ? /^\{(\d{1,6})(,?)(\d{0,6})\}/.exec(text.slice(at, at + 16).join("")) : null;
    if (counted === null) return undefined;
    at += counted[0].length;
    const least = Number(counted[1]);
    const most =
      counted[2] === "" ? least : counted[3] === "" ? Number.POSITIVE_INFINITY : Number(counted[3]);
    if (least > maxRepeat || (most > maxRepeat && Number.isFinite(most)) || most < least)
      fail("a repeat is out of range");
    return [least, most];
  }

  function atom(depth: number): PatternNode {
    const token = text[at] ?? "";
    at += 1;
    if (token === "(") return group(depth);
    if (token === "[") return { type: "one", test: charClass() };
    if (token === ".") return { type: "one", test: dotAll ? () => true : not(isLineEnd) };
    if (token === "^") return { type: "assert", at: "start" };
    if (token === "$") return { type: "assert", at: "end" };
    if (token === "\\") return escaped();
    if ("*+?".includes(token)) fail("nothing to repeat");
    return { type: "one", test: exactly(token.codePointAt(0) ?? 0) };
  }

  function group(depth: number): PatternNode {
    if (eat("?")) {
      const named = /^<[A-Za-z_]\w{0,63}>/.exec(text.slice(at, at + 70).join(""));
      if (named !== null) at += named[0].length;
      else if (!eat(":")) fail("look-around and inline flags are not supported");
    }
    const inner = either(depth + 1);
    if (!eat(")")) fail("a group is not closed");
    return inner;
  }

  function escaped(): PatternNode {
    if (eat("b")) return { type: "assert", at: "boundary" };
    if (eat("B")) return { type: "assert", at: "inside" };
    return { type: "one", test: escapedTest() };
  }

  function escapedTest(): Test {
    const token = text[at] ?? fail("the pattern ends in a backslash");
    at += 1;
    const known = classes[token];
    if (known !== undefined) return known;
    if (token === "p" || token === "P") return property(token === "P");
    return exactly(escapedCode(token));
  }

  function escapedCode(token: string): number {
    if (/[1-9k]/.test(token)) fail("back-references are not supported");
    const control = controls[token];
    if (control !== undefined) return control;
    if (token !== "x" && token !== "u") return token.codePointAt(0) ?? 0;
    const form = token === "x" ? /^([0-9a-fA-F]{2})/ : /^(?:([0-9a-fA-F]{4})|\{([0-9a-fA-F]{1,6})\})/;
    const digits = form.exec(text.slice(at, at + 8).join(""));
    const code = Number.parseInt(digits?.[1] ?? digits?.[2] ?? "", 16);
    if (digits === null || Number.isNaN(code) || code > 0x10ffff) return fail("a code point is not valid");
    at += digits[0].length;
    return code;
  }

  function property(negated: boolean): Test {
    const name = /^\{([A-Za-z_]{1,40}(?:=[A-Za-z_]{1,40})?)\}/.exec(text.slice(at, at + 90).join(""));
    if (name === null) return fail("a property is not valid");
    at += name[0].length;
    try {
      const single = new RegExp(`^\\${negated ? "P" : "p"}{${name[1]}}$`, "u");
      return (code) => single.test(String.fromCodePoint(code));
    } catch {
      return fail("a property is not known");
    }
  }

  function charClass(): Test {
    const negated = eat("^");
    const tests: Test[] = [];
    while (at < text.length && text[at] !== "]") {
      const low = classItem();
      const isRange =
        typeof low === "number" && text[at] === "-" && text[at + 1] !== "]" && text[at + 1] !== undefined;
      if (!isRange) {
        tests.push(typeof low === "number" ? exactly(low) : low);
        continue;
      }
      at += 1;
      const high = classItem();
      if (typeof high !== "number" || high < low) return fail("a range of a class is out of order");
      tests.push((code) => code >= low && code <= high);
    }
    if (!eat("]")) fail("a class is not closed");
    return negated ? (code) => !tests.some((test) => test(code)) : (code) => tests.some((test) => test(code));
  }

  function classItem(): number | Test {
    const token = text[at] ?? "";
    at += 1;
    if (token !== "\\") return token.codePointAt(0) ?? 0;
    const next = text[at] ?? fail("a class is not closed");
    if (next === "b") {
      at += 1;
      return 8;
    }
    if (classes[next] !== undefined || next === "p" || next === "P") return escapedTest();
    at += 1;
    return escapedCode(next);
  }

  const parsed = either(0);
  if (at < text.length) fail("there is a bracket too many");
  return parsed;
}
