import { durationMs, PromqlError, type Token, tokensOf } from "./promql-lexer.ts";

export interface Matcher {
  readonly label: string;
  readonly op: "=" | "!=" | "=~" | "!~";
  readonly value: string;
  readonly pattern?: RegExp;
}

export interface Selector {
  readonly type: "selector";
  readonly name: string | undefined;
  readonly matchers: readonly Matcher[];
  readonly rangeMs?: number;
  readonly offsetMs: number;
}

export interface Grouping {
  readonly without: boolean;
  readonly labels: readonly string[];
}

export interface Matching {
  readonly labels: readonly string[] | undefined;
  readonly on: boolean;
  /** Labels that the side of many takes over from the other. */
  readonly group: { readonly side: "left" | "right"; readonly include: readonly string[] } | undefined;
}

export type Expression =
  | Selector
  | { readonly type: "number"; readonly value: number }
  | { readonly type: "string"; readonly value: string }
  | { readonly type: "negative"; readonly of: Expression }
  | {
      readonly type: "call";
      readonly name: string;
      readonly args: readonly Expression[];
      readonly at: number;
    }
  | {
      readonly type: "aggregate";
      readonly name: string;
      readonly grouping: Grouping | undefined;
      readonly args: readonly Expression[];
    }
  | {
      readonly type: "binary";
      readonly op: string;
      readonly bool: boolean;
      readonly matching: Matching;
      readonly left: Expression;
      readonly right: Expression;
    };

const aggregations = ["sum", "avg", "min", "max", "count", "group", "topk", "bottomk", "quantile", "stddev"];

const precedence: readonly (readonly string[])[] = [
  ["or"],
  ["and", "unless"],
  ["==", "!=", ">", "<", ">=", "<="],
  ["+", "-"],
  ["*", "/", "%"],
];

/** A parser of PromQL: selectors with ranges and offsets, calls, aggregations, arithmetic, comparisons and sets. */
class Parser {
  readonly #tokens: readonly Token[];
  #next = 0;

  constructor(query: string) {
    this.#tokens = tokensOf(query);
  }

  whole(): Expression {
    if (this.#peek().kind === "end") throw new PromqlError(this.#peek().at, "no expression found in input");
    const expression = this.#level(0);
    if (this.#peek().kind !== "end") this.#unexpected();
    return expression;
  }

  #peek(): Token {
    return this.#tokens[this.#next] ?? { kind: "end", text: "", at: 0 };
  }

  #take(): Token {
    const token = this.#peek();
    this.#next += 1;
    return token;
  }

  #takeIf(text: string): boolean {
    const { text: there, kind } = this.#peek();
    if (kind === "string" || there.toLowerCase() !== text) return false;
    this.#next += 1;
    return true;
  }

  #must(text: string): void {
    if (!this.#takeIf(text)) this.#unexpected(`, expected "${text}"`);
  }

  #unexpected(more = ""): never {
    const { text, at, kind } = this.#peek();
    throw new PromqlError(
      at,
      kind === "end" ? `unexpected end of input${more}` : `unexpected "${text}"${more}`,
    );
  }

  #level(depth: number): Expression {
    const ops = precedence[depth];
    if (ops === undefined) return this.#unary();
    let left = this.#level(depth + 1);
    for (let op = this.#operator(ops); op !== undefined; op = this.#operator(ops)) {
      const bool = this.#takeIf("bool");
      const matching = this.#matching();
      left = { type: "binary", op, bool, matching, left, right: this.#level(depth + 1) };
    }
    return left;
  }

  #operator(ops: readonly string[]): string | undefined {
    return ops.find((op) => this.#takeIf(op));
  }

  #matching(): Matching {
    const on = this.#takeIf("on");
    const labels = on || this.#takeIf("ignoring") ? this.#labels() : undefined;
    const left = this.#takeIf("group_left");
    if (!left && !this.#takeIf("group_right")) return { labels, on, group: undefined };
    const include = this.#peek().text === "(" ? this.#labels() : [];
    return { labels, on, group: { side: left ? "left" : "right", include } };
  }

  #labels(): string[] {
    this.#must("(");
    const labels: string[] = [];
    while (!this.#takeIf(")")) {
      if (this.#peek().kind !== "name") this.#unexpected(" in grouping opts");
      labels.push(this.#take().text);
      if (this.#peek().text !== ")") this.#must(",");
    }
    return labels;
  }

  #unary(): Expression {
    if (this.#takeIf("-")) return { type: "negative", of: this.#unary() };
    if (this.#takeIf("+")) return this.#unary();
    const base = this.#postfix(this.#primary());
    if (!this.#takeIf("^")) return base;
    const matching: Matching = { labels: undefined, on: false, group: undefined };
    return { type: "binary", op: "^", bool: false, matching, left: base, right: this.#unary() };
  }

  #primary(): Expression {
    const token = this.#peek();
    if (token.kind === "number") return { type: "number", value: Number(this.#take().text) };
    if (token.kind === "string") return { type: "string", value: unquoted(this.#take().text) };
    if (this.#takeIf("(")) {
      const inner = this.#level(0);
      this.#must(")");
      return inner;
    }
    if (token.text === "{") return this.#selector(undefined);
    if (token.kind !== "name") this.#unexpected();
    this.#take();
    const lower = token.text.toLowerCase();
    if (lower === "inf" || lower === "nan")
      return { type: "number", value: lower === "inf" ? Number.POSITIVE_INFINITY : Number.NaN };
    const after = this.#peek().text;
    if (aggregations.includes(lower) && ["(", "by", "without"].includes(after)) return this.#aggregate(lower);
    return after === "("
      ? { type: "call", name: token.text, args: this.#args(), at: token.at }
      : this.#selector(token.text);
  }

  #aggregate(name: string): Expression {
    const before = this.#grouping();
    const args = this.#args();
    return { type: "aggregate", name, grouping: before ?? this.#grouping(), args };
  }

  #grouping(): Grouping | undefined {
    if (this.#takeIf("by")) return { without: false, labels: this.#labels() };
    return this.#takeIf("without") ? { without: true, labels: this.#labels() } : undefined;
  }

  #args(): Expression[] {
    this.#must("(");
    const args: Expression[] = [];
    while (!this.#takeIf(")")) {
      args.push(this.#level(0));
      if (this.#peek().text !== ")") this.#must(",");
    }
    return args;
  }

  #selector(name: string | undefined): Selector {
    const matchers: Matcher[] = [];
    if (this.#takeIf("{"))
      while (!this.#takeIf("}")) {
        matchers.push(this.#matcher());
        if (this.#peek().text !== "}") this.#must(",");
      }
    return { type: "selector", name, matchers, offsetMs: 0 };
  }

  #matcher(): Matcher {
    if (this.#peek().kind !== "name") this.#unexpected(' in label matching, expected identifier or "}"');
    const label = this.#take().text;
    const op = this.#take();
    if (op.text !== "=" && op.text !== "!=" && op.text !== "=~" && op.text !== "!~")
      throw new PromqlError(
        op.at,
        `unexpected "${op.text}" in label matching, expected label matching operator`,
      );
    const token = this.#peek();
    if (token.kind !== "string") this.#unexpected(" in label matching, expected string");
    const value = unquoted(this.#take().text);
    if (op.text === "=" || op.text === "!=") return { label, op: op.text, value };
    try {
      return { label, op: op.text, value, pattern: new RegExp(`^(?:${value})$`, "s") };
    } catch {
      throw new PromqlError(token.at, `error parsing regexp: invalid pattern: \`${value}\``);
    }
  }

  #postfix(expression: Expression): Expression {
    if (expression.type !== "selector") return expression;
    let { rangeMs, offsetMs } = expression;
    if (this.#takeIf("[")) {
      rangeMs = this.#duration();
      this.#must("]");
    }
    if (this.#takeIf("offset")) offsetMs = (this.#takeIf("-") ? -1 : 1) * this.#duration();
    return { ...expression, offsetMs, ...(rangeMs === undefined ? {} : { rangeMs }) };
  }

  #duration(): number {
    const token = this.#take();
    const ms = durationMs(token.text);
    if (ms === undefined) throw new PromqlError(token.at, `unexpected "${token.text}", expected duration`);
    return ms;
  }
}

function unquoted(text: string): string {
  const inner = text.slice(1, -1);
  return text.startsWith("`")
    ? inner
    : inner.replace(/\\(.)/g, (_all, one: string) => (one === "n" ? "\n" : one));
}

/** Reads a PromQL query. @throws PromqlError */
export function parsePromql(query: string): Expression {
  return new Parser(query).whole();
}
