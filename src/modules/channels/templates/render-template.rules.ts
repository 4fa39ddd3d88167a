import type { Json } from "../../../kernel/json.ts";
import { escapeText, type TextFormat } from "./escape-text.rules.ts";
import { filters, isEmpty, numberOf, plainText, type Surroundings } from "./filters.rules.ts";
import type { CompareOp, Condition, Operand, Piped, TemplateNode } from "./template-nodes.ts";

const maxSteps = 20_000;
const maxChars = 65_536;

export type TemplateContext = { readonly [name: string]: Json };

export interface Rendered {
  readonly text: string;
  /** The text or the work reached its limit and ends with "…". */
  readonly truncated: boolean;
  /** Paths that the context doesn't have, each once. */
  readonly missing: readonly string[];
}

/** Writes a parsed template. Never fails: what is missing is empty, what is too long is cut. */
export function renderTemplate(
  nodes: readonly TemplateNode[],
  context: TemplateContext,
  format: TextFormat,
  around: Surroundings,
): Rendered {
  const writer = new Writer(format, around);
  writer.write(nodes, [context]);
  return writer.rendered();
}

type Scopes = readonly TemplateContext[];

class Writer {
  readonly #format: TextFormat;
  readonly #around: Surroundings;
  readonly #missing = new Set<string>();
  readonly #parts: string[] = [];
  #length = 0;
  #steps = 0;

  constructor(format: TextFormat, around: Surroundings) {
    this.#format = format;
    this.#around = around;
  }

  rendered(): Rendered {
    const text = this.#parts.join("");
    const truncated = this.#isFull();
    return {
      text: truncated ? `${cut(text, maxChars)}…` : text,
      truncated,
      missing: [...this.#missing],
    };
  }

  write(nodes: readonly TemplateNode[], scopes: Scopes): void {
    for (const node of nodes) {
      this.#steps += 1;
      if (this.#isFull()) return;
      if (node.type === "text") this.#add(node.text);
      else if (node.type === "value") this.#add(this.#escaped(this.#piped(node.value, scopes)));
      else if (node.type === "for") this.#loop(node, scopes);
      else {
        const branch = node.branches.find(({ when }) => this.#holds(when, scopes));
        this.write(branch?.body ?? node.otherwise, scopes);
      }
    }
  }

  #escaped(value: Json): string {
    return escapeText(plainText(value), this.#format);
  }

  #loop(node: Extract<TemplateNode, { type: "for" }>, scopes: Scopes): void {
    const list = this.#piped(node.list, scopes);
    const items: readonly Json[] = Array.isArray(list) ? list : entriesOf(list);
    const shown = node.limit === null ? items : items.slice(0, node.limit);
    shown.forEach((item, index) => {
      this.#steps += 1;
      if (this.#isFull()) return;
      const loop = { index: index + 1, first: index === 0, last: index === shown.length - 1 };
      this.write(node.body, [{ [node.name]: item, loop }, ...scopes]);
    });
  }

  #holds(condition: Condition, scopes: Scopes): boolean {
    this.#steps += 1;
    if (condition.type === "not") return !this.#holds(condition.of, scopes);
    if (condition.type === "and") return condition.of.every((part) => this.#holds(part, scopes));
    if (condition.type === "or") return condition.of.some((part) => this.#holds(part, scopes));
    if (condition.type === "value") return !isEmpty(this.#piped(condition.value, scopes));
    const [left, right] = [this.#piped(condition.left, scopes), this.#piped(condition.right, scopes)];
    this.#steps += weightOf(left) + weightOf(right);
    return compares(condition.op, left, right);
  }

  #piped({ from, filters: pipe }: Piped, scopes: Scopes): Json {
    let value = this.#operand(from, scopes);
    for (const { name, args } of pipe) {
      const given = args.map((arg) => this.#operand(arg, scopes));
      this.#steps += weightOf(value);
      value = filters[name]?.apply(value, given, this.#around) ?? null;
    }
    return value;
  }

  #operand(operand: Operand, scopes: Scopes): Json {
    if (operand.type === "literal") return operand.value;
    const [name = "", ...rest] = operand.path;
    const scope = scopes.find((candidate) => Object.hasOwn(candidate, name));
    let value: Json | undefined = scope?.[name];
    for (const part of rest) value = memberOf(value, part);
    if (value === undefined) this.#missing.add(operand.path.join("."));
    return value ?? null;
  }

  #add(text: string): void {
    this.#parts.push(text);
    this.#length += text.length;
  }

  #isFull(): boolean {
    return this.#length > maxChars || this.#steps > maxSteps;
  }
}

/** What it costs to read a value whole, in steps. */
function weightOf(value: Json): number {
  if (typeof value === "string") return value.length >> 8;
  return value !== null && typeof value === "object" ? 50 : 0;
}

function memberOf(value: Json | undefined, name: string): Json | undefined {
  if (value === null || typeof value !== "object" || !Object.hasOwn(value, name)) return undefined;
  if (Array.isArray(value)) return name === "length" ? undefined : value[Number(name)];
  return (value as { readonly [key: string]: Json | undefined })[name];
}

function entriesOf(value: Json): Json[] {
  if (value === null || typeof value !== "object") return [];
  return Object.entries(value).map(([name, member]) => ({ name, value: member ?? null }));
}

function compares(op: CompareOp, left: Json, right: Json): boolean {
  if (op === "contains") {
    if (Array.isArray(left)) return left.some((item) => plainText(item) === plainText(right));
    return !isEmpty(right) && plainText(left).includes(plainText(right));
  }
  const [a, b] = [numberOf(left), numberOf(right)];
  if (op === "==" || op === "!=") {
    const same = a !== undefined && b !== undefined ? a === b : plainText(left) === plainText(right);
    return same === (op === "==");
  }
  if (a === undefined || b === undefined) return false;
  if (op === "<") return a < b;
  if (op === "<=") return a <= b;
  return op === ">" ? a > b : a >= b;
}

/** Cuts between characters, not within one. */
function cut(text: string, length: number): string {
  return text.length <= length ? text : text.slice(0, length).replace(/[\ud800-\udbff]$/, "");
}
