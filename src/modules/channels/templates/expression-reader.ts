import { filters } from "./filters.rules.ts";
import { type CompareOp, type Condition, type Operand, type Piped, TemplateError } from "./template-nodes.ts";

interface Token {
  readonly type: "name" | "number" | "string" | "sign" | "end";
  readonly text: string;
  readonly at: number;
}

const pattern =
  /\s+|([\p{L}_][\p{L}\p{N}_-]*)|(-?\d+(?:\.\d+)?)|"((?:[^"\\]|\\.)*)"|'((?:[^'\\]|\\.)*)'|(==|!=|<=|>=|[<>|:,.()[\]])/uy;
const compareOps: ReadonlySet<string> = new Set(["==", "!=", "<", "<=", ">", ">=", "contains"]);
const maxSegments = 10;
const maxFilters = 10;
const maxDepth = 10;

/** Reads what stands between the braces of a tag. Throws `TemplateError` with the offset in the whole source. */
export class ExpressionReader {
  readonly #tokens: readonly Token[];
  #next = 0;
  #depth = 0;

  constructor(text: string, offset: number) {
    this.#tokens = tokensOf(text, offset);
  }

  /** A word that must come next, if `word` is given that one. */
  name(word?: string): string {
    const token = this.#take();
    if (token.type !== "name" || (word !== undefined && token.text !== word))
      throw unexpected(token, word === undefined ? "a name" : `"${word}"`);
    return token.text;
  }

  takes(word: string): boolean {
    if (this.#peek().type === "end" || this.#peek().type === "string" || this.#peek().text !== word)
      return false;
    this.#next += 1;
    return true;
  }

  wholeNumber(): number {
    const token = this.#take();
    if (token.type !== "number" || !/^\d+$/.test(token.text)) throw unexpected(token, "a whole number");
    return Number(token.text);
  }

  end(): void {
    const token = this.#peek();
    if (token.type !== "end") throw unexpected(token, "the end of the tag");
  }

  piped(): Piped {
    const from = this.#operand();
    const found: { name: string; args: Operand[] }[] = [];
    while (this.takes("|")) {
      const { at } = this.#peek();
      const name = this.name();
      const filter = Object.hasOwn(filters, name) ? filters[name] : undefined;
      if (filter === undefined)
        throw new TemplateError(at, "unknown_filter", `There is no filter "${name}".`);
      const args = this.takes(":") ? this.#list() : [];
      if (args.length < filter.least || args.length > filter.most) {
        const wanted = filter.least === filter.most ? `${filter.least}` : `${filter.least} to ${filter.most}`;
        throw new TemplateError(at, "bad_expression", `The filter "${name}" takes ${wanted} values.`);
      }
      found.push({ name, args });
      if (found.length > maxFilters)
        throw new TemplateError(at, "bad_expression", "There are too many filters.");
    }
    return { from, filters: found };
  }

  /** `or` binds weaker than `and`, that weaker than `not`. */
  condition(): Condition {
    this.#depth += 1;
    if (this.#depth > maxDepth)
      throw new TemplateError(this.#peek().at, "too_deep", "The condition is too deep.");
    const any = this.#many("or", () => this.#many("and", () => this.#negatable()));
    this.#depth -= 1;
    return any;
  }

  #many(type: "and" | "or", read: () => Condition): Condition {
    const first = read();
    const of = [first];
    while (this.takes(type)) of.push(read());
    return of.length === 1 ? first : { type, of };
  }

  #negatable(): Condition {
    if (this.takes("not")) {
      this.#depth += 1;
      if (this.#depth > maxDepth)
        throw new TemplateError(this.#peek().at, "too_deep", "The condition is too deep.");
      const of = this.#negatable();
      this.#depth -= 1;
      return { type: "not", of };
    }
    if (this.takes("(")) {
      const inner = this.condition();
      if (!this.takes(")")) throw unexpected(this.#peek(), '")"');
      return inner;
    }
    const left = this.piped();
    const { type, text } = this.#peek();
    if (type === "string" || !compareOps.has(text)) return { type: "value", value: left };
    this.#next += 1;
    return { type: "compare", op: text as CompareOp, left, right: this.piped() };
  }

  #list(): Operand[] {
    const list = [this.#operand()];
    while (this.takes(",")) list.push(this.#operand());
    return list;
  }

  #operand(): Operand {
    const token = this.#take();
    if (token.type === "string") return { type: "literal", value: token.text };
    if (token.type === "number") return { type: "literal", value: Number(token.text) };
    if (token.type !== "name") throw unexpected(token, "a path or a value");
    if (token.text === "true" || token.text === "false")
      return { type: "literal", value: token.text === "true" };
    if (token.text === "null") return { type: "literal", value: null };
    const path = [token.text];
    for (;;) {
      if (this.takes(".")) path.push(this.#segment(["name", "number"]));
      else if (this.takes("[")) {
        path.push(this.#segment(["string", "number"]));
        if (!this.takes("]")) throw unexpected(this.#peek(), '"]"');
      } else return { type: "path", path };
      if (path.length > maxSegments)
        throw new TemplateError(token.at, "bad_expression", "The path is too long.");
    }
  }

  #segment(types: readonly Token["type"][]): string {
    const token = this.#take();
    if (!types.includes(token.type)) throw unexpected(token, "the name of a field");
    return token.text;
  }

  #peek(): Token {
    return this.#tokens[this.#next] ?? { type: "end", text: "", at: 0 };
  }

  #take(): Token {
    const token = this.#peek();
    if (token.type !== "end") this.#next += 1;
    return token;
  }
}

function tokensOf(text: string, offset: number): Token[] {
  const tokens: Token[] = [];
  let place = 0;
  while (place < text.length) {
    pattern.lastIndex = place;
    const match = pattern.exec(text);
    if (match === null) {
      const sign = String.fromCodePoint(text.codePointAt(place) ?? 0);
      throw new TemplateError(offset + place, "bad_expression", `"${sign}" is not understood here.`);
    }
    const [whole, name, number, double, single, sign] = match;
    const at = offset + place;
    const quoted = double ?? single;
    if (name !== undefined) tokens.push({ type: "name", text: name, at });
    else if (number !== undefined) tokens.push({ type: "number", text: number, at });
    else if (quoted !== undefined) tokens.push({ type: "string", text: unescaped(quoted), at });
    else if (sign !== undefined) tokens.push({ type: "sign", text: sign, at });
    place += whole.length;
  }
  return [...tokens, { type: "end", text: "", at: offset + text.length }];
}

function unescaped(text: string): string {
  return text.replace(/\\(.)/gsu, (_, sign: string) => (sign === "n" ? "\n" : sign));
}

function unexpected(token: Token, wanted: string): TemplateError {
  const found = token.type === "end" ? "the tag ends" : `"${token.text}" stands`;
  return new TemplateError(token.at, "bad_expression", `Here ${found}, but ${wanted} is expected.`);
}
