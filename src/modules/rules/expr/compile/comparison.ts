import type { ASTNode } from "@marcbachmann/cel-js";
import { compareValues, equalValues } from "../values/compare.ts";
import { type CelType, celTypes, typeNameOf, typeText } from "../values/type.ts";
import {
  CelFailure,
  CelMap,
  type CelResult,
  CelUint,
  type CelValue,
  isObject,
  mapKey,
} from "../values/value.ts";
import { type Compiler, decoded, type Node, type Run } from "./node.ts";

type Operator = "<" | "<=" | ">" | ">=";

const holds: Readonly<Record<Operator, (order: number) => boolean>> = {
  "<": (order) => order < 0,
  "<=": (order) => order <= 0,
  ">": (order) => order > 0,
  ">=": (order) => order >= 0,
};

const numeric = new Set<CelType["kind"]>(["int", "uint", "double"]);
const ordered = new Set<CelType["kind"]>(["bool", "string", "bytes", "timestamp", "duration", ...numeric]);

/** `<`, `<=`, `>`, `>=`: numbers of any types among themselves, otherwise values of one type. */
export function compileOrder(c: Compiler, node: ASTNode & { op: Operator }): Node {
  const left = c.compile(node.args[0]);
  const right = c.compile(node.args[1]);
  if (!comparable(left.type, right.type)) {
    const text = `${typeText(left.type)} ${node.op} ${typeText(right.type)}`;
    return c.refuse(node, "no_overload", `There is no order between these: ${text}.`);
  }
  const at = node.start;
  const runLeft = decoded(left, at);
  const fast = orderAgainstNumber(node.op, right.literal, runLeft, at);
  if (fast !== undefined) return { type: celTypes.bool, run: fast };
  const runRight = decoded(right, at);
  const test = holds[node.op];
  return {
    type: celTypes.bool,
    run: (frame) => {
      const a = runLeft(frame);
      if (a instanceof CelFailure) return a;
      const b = runRight(frame);
      return b instanceof CelFailure ? b : orderOf(a, b, test, node.op, at);
    },
  };
}

function orderOf(
  a: CelValue,
  b: CelValue,
  test: (order: number) => boolean,
  op: string,
  at: number,
): CelResult {
  const order = compareValues(a, b);
  if (order !== undefined) return test(order);
  return new CelFailure("no_overload", `No such comparison: ${typeNameOf(a)} ${op} ${typeNameOf(b)}.`, at);
}

function comparable(a: CelType, b: CelType): boolean {
  if (a.kind === "dyn" || b.kind === "dyn") return true;
  return ordered.has(a.kind) && (a.kind === b.kind || (numeric.has(a.kind) && numeric.has(b.kind)));
}

/** The usual threshold, `x > 80`, without a generic comparison; undefined where the other side is no plain number. */
function orderAgainstNumber(
  op: Operator,
  limit: CelValue | undefined,
  run: Run,
  at: number,
): Run | undefined {
  const number = plainNumber(limit);
  if (number === undefined || limit === undefined) return undefined;
  const test = holds[op];
  const other = (value: CelResult): CelResult =>
    value instanceof CelFailure ? value : orderOf(value, limit, test, op, at);
  switch (op) {
    case "<":
      return (frame) => {
        const value = run(frame);
        return typeof value === "number" ? value < number : other(value);
      };
    case "<=":
      return (frame) => {
        const value = run(frame);
        return typeof value === "number" ? value <= number : other(value);
      };
    case ">":
      return (frame) => {
        const value = run(frame);
        return typeof value === "number" ? value > number : other(value);
      };
    default:
      return (frame) => {
        const value = run(frame);
        return typeof value === "number" ? value >= number : other(value);
      };
  }
}

/** The double that stands for a numeric literal exactly. */
function plainNumber(value: CelValue | undefined): number | undefined {
  const whole = value instanceof CelUint ? value.value : value;
  if (typeof whole === "number") return whole;
  return typeof whole === "bigint" && Number.isSafeInteger(Number(whole)) ? Number(whole) : undefined;
}

/** `==` and `!=`: values of different types are unequal, numbers are compared by value. */
export function compileEquality(c: Compiler, node: ASTNode & { op: "==" | "!=" }): Node {
  const left = c.compile(node.args[0]);
  const right = c.compile(node.args[1]);
  const wanted = node.op === "==";
  const at = node.start;
  const runLeft = decoded(left, at);
  const text = typeof right.literal === "string" ? right.literal : undefined;
  if (text !== undefined) {
    return {
      type: celTypes.bool,
      run: (frame) => {
        const value = runLeft(frame);
        return value instanceof CelFailure ? value : (value === text) === wanted;
      },
    };
  }
  const runRight = decoded(right, at);
  return {
    type: celTypes.bool,
    run: (frame) => {
      const a = runLeft(frame);
      if (a instanceof CelFailure) return a;
      const b = runRight(frame);
      return b instanceof CelFailure ? b : equalValues(a, b) === wanted;
    },
  };
}

/** `x in list` and `key in map`. */
export function compileIn(c: Compiler, node: ASTNode & { op: "in" }): Node {
  const item = c.compile(node.args[0]);
  const group = c.compile(node.args[1]);
  const { kind } = group.type;
  if (kind !== "list" && kind !== "map" && kind !== "object" && kind !== "dyn") {
    return c.refuse(node, "no_overload", `"in" looks into a list or a map, this is ${typeText(group.type)}.`);
  }
  const at = node.start;
  const runItem = decoded(item, at);
  const texts = textsOf(group.literal);
  const runGroup = decoded(group, at);
  return {
    type: celTypes.bool,
    run: (frame) => {
      const value = runItem(frame);
      if (value instanceof CelFailure) return value;
      if (texts !== undefined) return typeof value === "string" && texts.has(value);
      const all = runGroup(frame);
      return all instanceof CelFailure ? all : isIn(value, all, at);
    },
  };
}

function textsOf(group: CelValue | undefined): ReadonlySet<string> | undefined {
  if (!Array.isArray(group)) return undefined;
  const texts = group.filter((item) => typeof item === "string");
  return texts.length === group.length ? new Set(texts) : undefined;
}

function isIn(value: CelValue, group: CelValue, at: number): CelResult {
  if (Array.isArray(group)) return group.some((item) => equalValues(value, item));
  if (group instanceof CelMap) return group.entries.has(mapKey(value) ?? "");
  if (isObject(group)) return typeof value === "string" && Object.hasOwn(group, value);
  return new CelFailure("no_overload", `"in" looks into a list or a map, this is ${typeNameOf(group)}.`, at);
}
