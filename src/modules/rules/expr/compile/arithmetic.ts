import type { ASTNode } from "@marcbachmann/cel-js";
import {
  addValues,
  divideValues,
  multiplyValues,
  negateValue,
  remainderOf,
  subtractValues,
} from "../values/arithmetic.ts";
import { type CelType, celTypes, joinTypes, listOf, typeText } from "../values/type.ts";
import { CelFailure, type CelResult, type CelValue } from "../values/value.ts";
import { type Compiler, decoded, literal, type Node, type Run } from "./node.ts";

type Operator = "+" | "-" | "*" | "/" | "%";

const operations: Readonly<Record<Operator, (a: CelValue, b: CelValue, at: number) => CelResult>> = {
  "+": addValues,
  "-": subtractValues,
  "*": multiplyValues,
  "/": divideValues,
  "%": remainderOf,
};

/** `+ - * / %`: numbers of one type; also text, bytes, lists, instants and durations where they make sense. */
export function compileArithmetic(c: Compiler, node: ASTNode & { op: Operator }): Node {
  const [leftNode, rightNode] = node.args;
  const left = c.compile(leftNode);
  const right = c.compile(rightNode);
  const at = node.start;
  const a = c.widen ? beside(c, leftNode, left, right, node.op, at) : decoded(left, at);
  const b = c.widen ? beside(c, rightNode, right, left, node.op, at) : decoded(right, at);
  const type = resultType(node.op, widened(c, left, right), widened(c, right, left));
  if (type === undefined) {
    const text = `${typeText(left.type)} ${node.op} ${typeText(right.type)}`;
    return c.refuse(node, "no_overload", `There is no such operation: ${text}.`);
  }
  const operate = operations[node.op];
  return {
    type,
    run: isAdaptive(c, left, right) ? adapt(a, b, left, right, operate, at) : plain(a, b, operate, at),
  };
}

function plain(
  a: Run,
  b: Run,
  operate: (a: CelValue, b: CelValue, at: number) => CelResult,
  at: number,
): Run {
  return (frame) => {
    const x = a(frame);
    if (x instanceof CelFailure) return x;
    const y = b(frame);
    return y instanceof CelFailure ? y : operate(x, y, at);
  };
}

/** A whole number beside a value without a declared type: it follows the type the value turns out to have. */
function adapt(
  a: Run,
  b: Run,
  left: Node,
  right: Node,
  operate: (a: CelValue, b: CelValue, at: number) => CelResult,
  at: number,
): Run {
  return (frame) => {
    const x = a(frame);
    if (x instanceof CelFailure) return x;
    const y = b(frame);
    if (y instanceof CelFailure) return y;
    if (left.wide !== undefined && typeof y === "number") return operate(left.wide, y, at);
    if (right.wide !== undefined && typeof x === "number") return operate(x, right.wide, at);
    return operate(x, y, at);
  };
}

function isAdaptive(c: Compiler, left: Node, right: Node): boolean {
  if (!c.widen) return false;
  return (
    (left.wide !== undefined && right.type.kind === "dyn") ||
    (right.wide !== undefined && left.type.kind === "dyn")
  );
}

function widened(c: Compiler, node: Node, other: Node): CelType {
  return c.widen && node.wide !== undefined && other.type.kind === "double" ? celTypes.double : node.type;
}

function beside(c: Compiler, ast: ASTNode, node: Node, other: Node, op: Operator, at: number): Run {
  if (node.wide === undefined) return decoded(node, at);
  if (other.type.kind === "dyn") {
    const advice =
      op === "%"
        ? "% needs whole numbers: write int(x) % n, or declare the field's type."
        : "It follows that value.";
    c.note(ast, "untyped_number", `The type of the other side is not declared. ${advice}`);
  }
  if (other.type.kind !== "double" || op === "%") return decoded(node, at);
  c.note(ast, "literal_widened", `Read as ${node.wide.toFixed(1)}, as the other side is a double.`);
  return literal(node.wide, celTypes.double).run;
}

function resultType(op: Operator, a: CelType, b: CelType): CelType | undefined {
  if (a.kind === "dyn" || b.kind === "dyn")
    return op === "+" || op === "-" ? celTypes.dyn : numberBeside(a, b);
  if (a.kind === b.kind && (a.kind === "int" || a.kind === "uint")) return a;
  if (a.kind === "double" && b.kind === "double") return op === "%" ? undefined : celTypes.double;
  if (op === "+") return sumType(a, b);
  if (op !== "-") return undefined;
  if (a.kind === "timestamp")
    return b.kind === "timestamp" ? celTypes.duration : b.kind === "duration" ? a : undefined;
  return a.kind === "duration" && b.kind === "duration" ? a : undefined;
}

function numberBeside(a: CelType, b: CelType): CelType | undefined {
  const known = a.kind === "dyn" ? b : a;
  if (known.kind === "dyn") return celTypes.dyn;
  return known.kind === "int" || known.kind === "uint" || known.kind === "double" ? celTypes.dyn : undefined;
}

function sumType(a: CelType, b: CelType): CelType | undefined {
  if (a.kind === "list" && b.kind === "list") return listOf(joinTypes(a.of, b.of));
  if (a.kind === b.kind && (a.kind === "string" || a.kind === "bytes" || a.kind === "duration")) return a;
  if (a.kind === "timestamp" && b.kind === "duration") return a;
  return a.kind === "duration" && b.kind === "timestamp" ? b : undefined;
}

/** `-x`. */
export function compileNegation(c: Compiler, node: ASTNode & { op: "-_" }): Node {
  const part = c.compile(node.args);
  const { kind } = part.type;
  if (kind !== "int" && kind !== "double" && kind !== "dyn") {
    return c.refuse(node, "no_overload", `- needs a number, this is ${typeText(part.type)}.`);
  }
  const at = node.start;
  if (part.literal !== undefined) {
    const value = negateValue(part.literal, at);
    if (value instanceof CelFailure) return c.refuse(node, value.code, value.message);
    const folded = literal(value, part.type);
    return part.wide === undefined ? folded : { ...folded, wide: -part.wide };
  }
  const run = decoded(part, at);
  return {
    type: part.type,
    run: (frame) => {
      const value = run(frame);
      return value instanceof CelFailure ? value : negateValue(value, at);
    },
  };
}
