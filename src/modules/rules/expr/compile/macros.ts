import type { ASTNode } from "@marcbachmann/cel-js";
import { mapOf } from "../values/compare.ts";
import { type CelType, celTypes, listOf, typeNameOf, typeText } from "../values/type.ts";
import { CelFailure, type CelResult, type CelValue } from "../values/value.ts";
import { type Compiler, decoded, type Frame, type Node, type Run } from "./node.ts";

const macros = new Map([
  ["all", [2]],
  ["exists", [2]],
  ["exists_one", [2]],
  ["filter", [2]],
  ["map", [2, 3]],
]);

export function isMacro(name: string, args: number): boolean {
  return macros.get(name)?.includes(args) === true;
}

/** Walks the elements of a list or the keys of a map; how long it may take is bounded. */
export function compileMacro(
  c: Compiler,
  node: ASTNode,
  name: string,
  target: ASTNode,
  args: readonly ASTNode[],
): Node {
  const range = c.compile(target);
  const item = itemType(range.type);
  if (item === undefined)
    return c.refuse(target, "no_overload", `${name}() walks a list or a map, not ${typeText(range.type)}.`);
  const [variable, ...bodies] = args;
  if (variable === undefined || variable.op !== "id") {
    return c.refuse(
      variable ?? node,
      "bad_macro",
      `The first argument of ${name}() is the name of a variable.`,
    );
  }
  return c.local(variable.args, item, (slot) => {
    const parts = bodies.map((body) => c.compile(body));
    const predicate = name === "map" ? (parts.length === 2 ? parts[0] : undefined) : parts[0];
    const predicateNode = bodies[0] ?? node;
    if (predicate !== undefined && predicate.type.kind !== "bool" && predicate.type.kind !== "dyn") {
      return c.refuse(
        predicateNode,
        "no_overload",
        `${name}() needs bool, this is ${typeText(predicate.type)}.`,
      );
    }
    const last = parts.at(-1);
    const walk: Walk = {
      range: decoded(range, target.start),
      slot,
      listSize: c.limits.listSize,
      at: node.start,
      test: predicate?.run ?? (() => true),
      give: last === undefined ? () => null : decoded(last, node.start),
    };
    return macroNode(name, walk, range.type, last?.type ?? celTypes.dyn);
  });
}

function itemType(range: CelType): CelType | undefined {
  if (range.kind === "list") return range.of;
  if (range.kind === "map" || range.kind === "object") return celTypes.dyn;
  return range.kind === "dyn" ? celTypes.dyn : undefined;
}

interface Walk {
  readonly range: Run;
  readonly slot: number;
  readonly listSize: number;
  readonly at: number;
  readonly test: Run;
  readonly give: Run;
}

function macroNode(name: string, walk: Walk, range: CelType, last: CelType): Node {
  switch (name) {
    case "all":
      return { type: celTypes.bool, run: quantifier(walk, false) };
    case "exists":
      return { type: celTypes.bool, run: quantifier(walk, true) };
    case "exists_one":
      return { type: celTypes.bool, run: exactlyOne(walk) };
    case "filter":
      return { type: range.kind === "list" ? range : listOf(celTypes.dyn), run: collect(walk, true) };
    default:
      return { type: listOf(last), run: collect(walk, false) };
  }
}

/** `all` and `exists`: an element that decides wins over elements that fail. */
function quantifier(walk: Walk, decides: boolean): Run {
  return (frame) => {
    const items = itemsOf(walk, frame);
    if (items instanceof CelFailure) return items;
    let failed: CelFailure | undefined;
    for (const item of items) {
      const value = testItem(walk, frame, item);
      if (value === decides) return decides;
      if (value instanceof CelFailure) {
        if (value.code === "too_much_work") return value;
        failed ??= value;
      }
    }
    return failed ?? !decides;
  };
}

function exactlyOne(walk: Walk): Run {
  return (frame) => {
    const items = itemsOf(walk, frame);
    if (items instanceof CelFailure) return items;
    let count = 0;
    for (const item of items) {
      const value = testItem(walk, frame, item);
      if (value instanceof CelFailure) return value;
      if (value) count++;
    }
    return count === 1;
  };
}

function collect(walk: Walk, keepItem: boolean): Run {
  return (frame) => {
    const items = itemsOf(walk, frame);
    if (items instanceof CelFailure) return items;
    const kept: CelValue[] = [];
    for (const item of items) {
      const value = testItem(walk, frame, item);
      if (value instanceof CelFailure) return value;
      if (!value) continue;
      const given = keepItem ? item : walk.give(frame);
      if (given instanceof CelFailure) return given;
      kept.push(given);
    }
    return kept;
  };
}

function testItem(walk: Walk, frame: Frame, item: CelValue): boolean | CelFailure {
  if (--frame.steps < 0)
    return new CelFailure("too_much_work", "The expression takes too many steps.", walk.at);
  frame.locals[walk.slot] = item;
  const value = walk.test(frame);
  if (typeof value === "boolean" || value instanceof CelFailure) return value;
  return new CelFailure("no_overload", `This should be bool but is ${typeNameOf(value)}.`, walk.at);
}

function itemsOf(walk: Walk, frame: Frame): readonly CelValue[] | CelFailure {
  const value: CelResult = walk.range(frame);
  if (value instanceof CelFailure) return value;
  const items = Array.isArray(value) ? value : keysOf(value);
  if (items === undefined) {
    return new CelFailure("no_overload", `A ${typeNameOf(value)} can't be walked through.`, walk.at);
  }
  if (items.length > walk.listSize) {
    return new CelFailure("too_much_work", `The list is longer than ${walk.listSize}.`, walk.at);
  }
  return items;
}

function keysOf(value: CelValue): readonly CelValue[] | undefined {
  const entries = mapOf(value);
  return entries === undefined ? undefined : Array.from(entries.values(), ([key]) => key);
}
