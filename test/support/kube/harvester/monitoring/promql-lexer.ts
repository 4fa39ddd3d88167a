export interface Token {
  readonly kind: "number" | "duration" | "name" | "string" | "sign" | "end";
  readonly text: string;
  /** Where it begins, from 0. */
  readonly at: number;
}

/** What can't be read as PromQL, said as Prometheus says it: `1:5: parse error: …`. */
export class PromqlError extends Error {
  constructor(at: number, why: string) {
    super(`1:${at + 1}: parse error: ${why}`);
  }
}

const patterns: readonly (readonly [Token["kind"], RegExp])[] = [
  ["duration", /(?:\d+(?:ms|[smhdwy]))+(?![\w:])/y],
  ["number", /(?:0x[0-9a-fA-F]+|(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)(?![\w:])/y],
  ["name", /[a-zA-Z_:][\w:]*/y],
  ["string", /"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|`[^`]*`/y],
  ["sign", /==|!=|>=|<=|=~|!~|[-+*/%^(){}[\],<>=:@]/y],
];

const blank = /(?:\s+|#[^\n]*)+/y;

/** Splits a PromQL query. @throws PromqlError */
export function tokensOf(query: string): Token[] {
  const tokens: Token[] = [];
  let at = 0;
  while (at < query.length) {
    blank.lastIndex = at;
    const space = blank.exec(query);
    if (space !== null) {
      at += space[0].length;
      continue;
    }
    const token = tokenAt(query, at);
    tokens.push(token);
    at += token.text.length;
  }
  return [...tokens, { kind: "end", text: "", at }];
}

function tokenAt(query: string, at: number): Token {
  for (const [kind, pattern] of patterns) {
    pattern.lastIndex = at;
    const found = pattern.exec(query);
    if (found !== null) return { kind, text: found[0], at };
  }
  const character = query[at] ?? "";
  if (`"'\``.includes(character)) throw new PromqlError(at, "unterminated quoted string");
  throw new PromqlError(at, `unexpected character: '${character}'`);
}

const unitMs: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1_000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 604_800_000,
  y: 31_536_000_000,
};

/** "1h30m" in milliseconds; undefined when it is no duration. */
export function durationMs(text: string): number | undefined {
  if (!/^(?:\d+(?:ms|[smhdwy]))+$/.test(text)) return undefined;
  let sum = 0;
  for (const [, count, unit] of text.matchAll(/(\d+)(ms|[smhdwy])/g))
    sum += Number(count) * (unitMs[unit ?? ""] ?? 0);
  return sum;
}
