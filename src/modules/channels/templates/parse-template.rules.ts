import { ExpressionReader } from "./expression-reader.ts";
import { type Branch, TemplateError, type TemplateNode, type TemplateProblem } from "./template-nodes.ts";

const maxChars = 20_000;
const maxDepth = 8;
const maxTags = 1000;
const maxProblems = 20;

export interface ParsedTemplate {
  readonly nodes: readonly TemplateNode[];
  readonly problems: readonly TemplateProblem[];
}

type Piece =
  | { readonly type: "text"; readonly text: string }
  | { readonly type: "value" | "tag"; readonly text: string; readonly at: number; readonly start: number };

/** An `if` or `for` that is still open. */
interface Open {
  readonly type: "if" | "for" | "root";
  readonly start: number;
  readonly nodes: TemplateNode[];
  readonly close: (open: Open) => TemplateNode | undefined;
  branch?: (() => void) | undefined;
}

/**
 * Parses `{{ path | filter }}`, `{% if %} {% elsif %} {% else %} {% endif %}`, `{% for x in list limit 5 %}
 * {% endfor %}` and `{# comments #}`. A tag that stands alone on its line takes the line with it. With problems the
 * nodes are what could be read.
 */
export function parseTemplate(source: string): ParsedTemplate {
  if (source.length > maxChars) {
    const message = `A template may have ${maxChars} characters at most.`;
    return { nodes: [], problems: [{ offset: maxChars, line: 1, column: 1, code: "too_long", message }] };
  }
  const problems: TemplateProblem[] = [];
  const stack: Open[] = [{ type: "root", start: 0, nodes: [], close: () => undefined }];
  const failed = (error: unknown) => {
    if (!(error instanceof TemplateError)) throw error;
    if (problems.length < maxProblems) problems.push(problemAt(source, error));
  };
  try {
    for (const piece of piecesOf(source)) {
      try {
        readPiece(stack, piece);
      } catch (error) {
        failed(error);
      }
    }
  } catch (error) {
    failed(error);
  }
  for (const { start, type } of stack.slice(1))
    failed(new TemplateError(start, "unclosed", `This "${type}" has no "end${type}".`));
  return { nodes: stack[0]?.nodes ?? [], problems: problems.sort((a, b) => a.offset - b.offset) };
}

function readPiece(stack: Open[], piece: Piece): void {
  const top = stack.at(-1);
  if (top === undefined) return;
  if (piece.type === "text") {
    top.nodes.push(piece);
    return;
  }
  const reader = new ExpressionReader(piece.text, piece.at);
  if (piece.type === "value") {
    const value = reader.piped();
    reader.end();
    top.nodes.push({ type: "value", value });
    return;
  }
  const word = reader.name();
  if (word === "if" || word === "for") {
    const open = word === "if" ? openIf(piece.start) : openFor(piece.start);
    stack.push(open.frame);
    if (stack.length - 1 > maxDepth)
      throw new TemplateError(piece.start, "too_deep", `Tags may be ${maxDepth} deep at most.`);
    open.read(reader);
  } else if (word === "elsif" || word === "else") {
    if (top.type !== "if" || top.branch === undefined)
      throw new TemplateError(piece.start, "unexpected", `There is no "if" that this "${word}" belongs to.`);
    nextBranch(top, word, reader);
  } else if (word === "endif" || word === "endfor") {
    if (top.type !== word.slice(3))
      throw new TemplateError(piece.start, "unexpected", `There is no "${word.slice(3)}" to end here.`);
    reader.end();
    stack.pop();
    const node = top.close(top);
    if (node !== undefined) stack.at(-1)?.nodes.push(node);
  } else {
    throw new TemplateError(piece.start, "unknown_tag", `There is no tag "${word}".`);
  }
}

interface Opening {
  readonly frame: Open;
  readonly read: (reader: ExpressionReader) => void;
}

interface OpenIf extends Open {
  readonly branches: Branch[];
  when: Branch["when"] | undefined;
}

function openIf(start: number): Opening {
  const branches: Branch[] = [];
  const frame: OpenIf = { type: "if", start, nodes: [], branches, when: undefined, close: closeIf };
  const endBranch = () => {
    if (frame.when !== undefined) branches.push({ when: frame.when, body: frame.nodes.splice(0) });
    frame.when = undefined;
  };
  frame.branch = endBranch;
  const read = (reader: ExpressionReader) => {
    frame.when = reader.condition();
    reader.end();
  };
  return { frame, read };
}

function closeIf(open: Open): TemplateNode {
  const frame = open as OpenIf;
  frame.branch?.();
  return { type: "if", branches: frame.branches, otherwise: frame.nodes };
}

function nextBranch(open: Open, word: "elsif" | "else", reader: ExpressionReader): void {
  const frame = open as OpenIf;
  frame.branch?.();
  if (word === "elsif") frame.when = reader.condition();
  else frame.branch = undefined;
  reader.end();
}

function openFor(start: number): Opening {
  let made: Omit<Extract<TemplateNode, { type: "for" }>, "body" | "type"> | undefined;
  const close = ({ nodes }: Open): TemplateNode | undefined =>
    made === undefined ? undefined : { type: "for", ...made, body: nodes };
  const read = (reader: ExpressionReader) => {
    const name = reader.name();
    reader.name("in");
    const list = reader.piped();
    const limit = reader.takes("limit") ? reader.wholeNumber() : null;
    reader.end();
    made = { name, list, limit };
  };
  return { frame: { type: "for", start, nodes: [], close }, read };
}

function* piecesOf(source: string): Generator<Piece> {
  let [place, from, tags] = [0, 0, 0];
  for (;;) {
    const start = source.indexOf("{", from);
    const sign = start < 0 ? "" : source.charAt(start + 1);
    if (start < 0) break;
    if (sign !== "{" && sign !== "%" && sign !== "#") {
      from = start + 1;
      continue;
    }
    tags += 1;
    if (tags > maxTags)
      throw new TemplateError(start, "too_long", `A template may have ${maxTags} tags at most.`);
    const closing = sign === "{" ? "}}" : `${sign}}`;
    const end = source.indexOf(closing, start + 2);
    if (end < 0) throw new TemplateError(start, "unclosed", `This tag has no "${closing}".`);
    const after = end + 2;
    const alone = sign !== "{" && isAlone(source, start, after);
    const text = source.slice(place, alone ? lineStart(source, start) : start);
    if (text !== "") yield { type: "text", text };
    if (sign !== "#")
      yield {
        type: sign === "{" ? "value" : "tag",
        text: source.slice(start + 2, end),
        at: start + 2,
        start,
      };
    place = alone ? lineEnd(source, after) : after;
    from = place;
  }
  if (place < source.length) yield { type: "text", text: source.slice(place) };
}

function lineStart(source: string, at: number): number {
  return source.lastIndexOf("\n", at - 1) + 1;
}

function lineEnd(source: string, at: number): number {
  const end = source.indexOf("\n", at);
  return end < 0 ? source.length : end + 1;
}

function isAlone(source: string, start: number, after: number): boolean {
  const before = start === 0 ? "" : source.slice(lineStart(source, start), start);
  const rest = source.slice(after, lineEnd(source, after));
  return before.trim() === "" && rest.trim() === "";
}

function problemAt(source: string, { offset, code, message }: TemplateError): TemplateProblem {
  const before = source.slice(0, offset);
  return {
    offset,
    line: before.split("\n").length,
    column: offset - before.lastIndexOf("\n"),
    code,
    message,
  };
}
