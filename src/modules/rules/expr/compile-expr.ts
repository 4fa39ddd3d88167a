import { type ASTNode, Environment, ParseError } from "@marcbachmann/cel-js";
import { compileHas, compileIndex, compileSelect } from "./compile/access.ts";
import { compileArithmetic, compileNegation } from "./compile/arithmetic.ts";
import { compileCall, compileMethod } from "./compile/calls.ts";
import { compileEquality, compileIn, compileOrder } from "./compile/comparison.ts";
import { compileList, compileLiteral, compileMap } from "./compile/literals.ts";
import { compileLogic, compileNot, compileTernary } from "./compile/logic.ts";
import { isMacro } from "./compile/macros.ts";
import { type Compiler, decoded, type Frame, literal, type Node } from "./compile/node.ts";
import {
  type Bindings,
  defaultLimits,
  type Expr,
  type ExprIssue,
  type ExprLimits,
  type ExprOptions,
  type ExprOutcome,
  type ExprTypes,
} from "./expr.ts";
import { type CelType, celTypes } from "./values/type.ts";
import { CelFailure, CelTypeName, type CelValue } from "./values/value.ts";

/**
 * Compiles a CEL expression (cel.dev, the standard library and macros, without messages) against declared variables.
 * Only the functions of the catalogue exist, and the limits bound its size and its work, so that any text may be
 * compiled and run. Whole numbers beside doubles are widened with a note.
 */
export function compileExpr(source: string, types: ExprTypes, options: ExprOptions = {}): ExprOutcome {
  const limits = { ...defaultLimits, ...options.limits };
  const parsed = parse(source, limits);
  if (!parsed.ok) return parsed;
  const compilation = new Compilation(source, types, limits, options.widenLiterals ?? true);
  compilation.checkSize(parsed.ast);
  const node = compilation.issues.length === 0 ? compilation.compile(parsed.ast) : undefined;
  if (node === undefined || compilation.issues.length > 0) return { ok: false, issues: compilation.issues };
  return { ok: true, expr: exprOf(source, node, parsed.ast.start, compilation, limits) };
}

function exprOf(
  source: string,
  node: Node,
  at: number,
  { notes, reads }: Compilation,
  limits: ExprLimits,
): Expr {
  const run = decoded(node, at);
  return {
    source,
    type: node.type,
    notes,
    reads: [...reads],
    evaluate: (bindings: Bindings) => run({ bindings, locals: [], steps: limits.steps }),
  };
}

const environments = new Map<string, Environment>();

function environment(limits: ExprLimits): Environment {
  const key = `${limits.nodes}/${limits.listSize}`;
  const known = environments.get(key);
  if (known !== undefined) return known;
  const fresh = new Environment({
    unlistedVariablesAreDyn: true,
    homogeneousAggregateLiterals: false,
    limits: {
      maxAstNodes: limits.nodes * 4,
      maxDepth: 100,
      maxListElements: limits.listSize,
      maxMapEntries: limits.listSize,
      maxCallArguments: 16,
    },
  });
  environments.set(key, fresh);
  return fresh;
}

type Parsed =
  | { readonly ok: true; readonly ast: ASTNode }
  | { readonly ok: false; readonly issues: readonly ExprIssue[] };

function parse(source: string, limits: ExprLimits): Parsed {
  try {
    return { ok: true, ast: environment(limits).parse(source).ast };
  } catch (error) {
    const range = error instanceof ParseError ? error.range : undefined;
    const message = error instanceof ParseError ? error.summary : "The expression can't be read.";
    const start = range?.start ?? 0;
    return {
      ok: false,
      issues: [issueAt(source, start, range?.end ?? source.length, "bad_syntax", message)],
    };
  }
}

function issueAt(source: string, start: number, end: number, code: string, message: string): ExprIssue {
  const before = source.slice(0, start);
  const line = before.split("\n").length;
  return { code, message, line, column: start - (before.lastIndexOf("\n") + 1) + 1, start, end };
}

const typeNames = new Map<string, string>([
  ["bool", "bool"],
  ["int", "int"],
  ["uint", "uint"],
  ["double", "double"],
  ["string", "string"],
  ["bytes", "bytes"],
  ["list", "list"],
  ["map", "map"],
  ["null_type", "null_type"],
  ["type", "type"],
]);

class Compilation implements Compiler {
  readonly issues: ExprIssue[] = [];
  readonly notes: ExprIssue[] = [];
  readonly reads = new Set<string>();
  readonly limits: ExprLimits;
  readonly widen: boolean;
  private readonly source: string;
  private readonly types: ExprTypes;
  private readonly locals: { readonly name: string; readonly type: CelType }[] = [];

  constructor(source: string, types: ExprTypes, limits: ExprLimits, widen: boolean) {
    this.source = source;
    this.types = types;
    this.limits = limits;
    this.widen = widen;
  }

  compile(node: ASTNode): Node {
    switch (node.op) {
      case "value":
        return compileLiteral(this, node);
      case "id":
        return this.variable(node.args, node) ?? this.unknownName(node, node.args);
      case ".":
        return this.qualified(node) ?? compileSelect(this, node);
      case "[]":
        return compileIndex(this, node);
      case "list":
        return compileList(this, node);
      case "map":
        return compileMap(this, node);
      case "call":
        return node.args[0] === "has" ? compileHas(this, node, node.args[1]) : compileCall(this, node);
      case "rcall":
        return compileMethod(this, node);
      case "&&":
      case "||":
        return compileLogic(this, node);
      case "?:":
        return compileTernary(this, node);
      case "!_":
        return compileNot(this, node);
      case "-_":
        return compileNegation(this, node);
      case "==":
      case "!=":
        return compileEquality(this, node);
      case "in":
        return compileIn(this, node);
      case "<":
      case "<=":
      case ">":
      case ">=":
        return compileOrder(this, node);
      case "+":
      case "-":
      case "*":
      case "/":
      case "%":
        return compileArithmetic(this, node);
      default:
        return this.refuse(node, "not_allowed", "This form is not allowed here.");
    }
  }

  variable(name: string, node: ASTNode): Node | undefined {
    const slot = this.locals.findLastIndex((local) => local.name === name);
    const local = this.locals[slot];
    if (local !== undefined) return { type: local.type, run: (frame) => frame.locals[slot] ?? null };
    if (Object.hasOwn(this.types, name)) {
      this.reads.add(name);
      return bindingNode(name, this.types[name] ?? celTypes.dyn, node.start);
    }
    const type = typeNames.get(name);
    return type === undefined ? undefined : literal(new CelTypeName(type), celTypes.type);
  }

  /** Names with dots: a declared one, and the names of the two time types. */
  private qualified(node: ASTNode & { op: "." }): Node | undefined {
    const name = dotted(node);
    if (name === undefined) return undefined;
    if (Object.hasOwn(this.types, name)) return this.variable(name, node);
    const known = name === "google.protobuf.Timestamp" || name === "google.protobuf.Duration";
    return known ? literal(new CelTypeName(name), celTypes.type) : undefined;
  }

  local<T>(name: string, type: CelType, body: (slot: number) => T): T {
    this.locals.push({ name, type });
    const result = body(this.locals.length - 1);
    this.locals.pop();
    return result;
  }

  refuse(node: ASTNode, code: string, message: string): Node {
    this.issues.push(issueAt(this.source, node.start, node.end, code, message));
    return { type: celTypes.dyn, run: () => new CelFailure("no_overload", message, node.start) };
  }

  note(node: ASTNode, code: string, message: string): void {
    this.notes.push(issueAt(this.source, node.start, node.end, code, message));
  }

  /** The bound on what is written: nodes, and macros within macros. */
  checkSize(root: ASTNode): void {
    let nodes = 0;
    const walk = (node: ASTNode, depth: number): void => {
      if (++nodes > this.limits.nodes) return;
      const macro = node.op === "rcall" && isMacro(node.args[0], node.args[2].length);
      if (macro && depth + 1 > this.limits.macroDepth) {
        this.refuse(node, "too_complex", `Macros may stand ${this.limits.macroDepth} deep in one another.`);
        return;
      }
      for (const child of childrenOf(node))
        walk(child, macro && child !== childOfRange(node) ? depth + 1 : depth);
    };
    walk(root, 0);
    if (nodes > this.limits.nodes) {
      this.refuse(root, "too_complex", `The expression has more than ${this.limits.nodes} parts.`);
    }
  }

  private unknownName(node: ASTNode, name: string): Node {
    const known = Object.keys(this.types).slice(0, 20).join(", ");
    return this.refuse(node, "unknown_name", `There is no "${name}" here; there is ${known || "nothing"}.`);
  }
}

function bindingNode(name: string, type: CelType, at: number): Node {
  return {
    type,
    raw: true,
    run: ({ bindings }: Frame) => {
      const value = bindings[name] as CelValue | undefined;
      return value === undefined ? new CelFailure("absent", `"${name}" is not there.`, at) : value;
    },
  };
}

function dotted(node: ASTNode): string | undefined {
  if (node.op === "id") return node.args;
  if (node.op !== ".") return undefined;
  const before = dotted(node.args[0]);
  return before === undefined ? undefined : `${before}.${node.args[1]}`;
}

function childOfRange(node: ASTNode): ASTNode | undefined {
  return node.op === "rcall" ? node.args[1] : undefined;
}

function childrenOf(node: ASTNode): readonly ASTNode[] {
  switch (node.op) {
    case "value":
    case "id":
      return [];
    case ".":
    case ".?":
      return [node.args[0]];
    case "call":
      return node.args[1];
    case "rcall":
      return [node.args[1], ...node.args[2]];
    case "list":
      return node.args;
    case "map":
      return node.args.flat();
    case "!_":
    case "-_":
      return [node.args];
    default:
      return node.args;
  }
}
