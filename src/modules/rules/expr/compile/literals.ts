import type { ASTNode } from "@marcbachmann/cel-js";
import { type CelType, celTypes, joinTypes, listOf, mapTo, typeNameOf } from "../values/type.ts";
import { CelFailure, CelMap, type CelResult, CelUint, type CelValue, mapKey } from "../values/value.ts";
import { type Compiler, decoded, literal, type Node } from "./node.ts";

export function compileLiteral(c: Compiler, node: ASTNode & { op: "value" }): Node {
  const value = node.args;
  if (value === null) return literal(null, celTypes.null);
  if (value instanceof Uint8Array) {
    const written = node.input.slice(node.start, node.end);
    if ([...written].some((char) => char > "\x7f"))
      return c.refuse(node, "bad_syntax", "Write bytes beyond ASCII as escapes.");
    return literal(new Uint8Array(value), celTypes.bytes);
  }
  if (typeof value === "object") {
    const whole: unknown = value.valueOf();
    if (typeof whole === "bigint") return literal(new CelUint(whole), celTypes.uint);
  }
  switch (typeof value) {
    case "bigint":
      return { ...literal(value, celTypes.int), wide: Number(value) };
    case "number":
      return literal(value, celTypes.double);
    case "string":
      return literal(value, celTypes.string);
    case "boolean":
      return literal(value, celTypes.bool);
    default:
      return c.refuse(node, "bad_syntax", "This can't be read.");
  }
}

export function compileList(c: Compiler, node: ASTNode & { op: "list" }): Node {
  const parts = node.args.map((part) => c.compile(part));
  const types = parts.map((part) => part.type);
  const type = listOf(types.length === 0 ? celTypes.dyn : types.reduce(joinTypes));
  const known = parts.map((part) => part.literal);
  if (known.every((value) => value !== undefined)) return literal(known, type);
  const runs = parts.map((part, i) => decoded(part, node.args[i]?.start ?? 0));
  return {
    type,
    run: (frame) => {
      const values: CelValue[] = [];
      for (const run of runs) {
        const value = run(frame);
        if (value instanceof CelFailure) return value;
        values.push(value);
      }
      return values;
    },
  };
}

export function compileMap(c: Compiler, node: ASTNode & { op: "map" }): Node {
  const entries = node.args.map(([key, value]) => [c.compile(key), c.compile(value)] as const);
  const types: CelType[] = entries.map(([, value]) => value.type);
  const runs = entries.map(([key, value]) => [decoded(key, node.start), decoded(value, node.start)] as const);
  return {
    type: mapTo(types.length === 0 ? celTypes.dyn : types.reduce(joinTypes)),
    run: (frame): CelResult => {
      const built = new Map<string, readonly [CelValue, CelValue]>();
      for (const [runKey, runValue] of runs) {
        const key = runKey(frame);
        if (key instanceof CelFailure) return key;
        const value = runValue(frame);
        if (value instanceof CelFailure) return value;
        const name = typeof key === "number" ? undefined : mapKey(key);
        if (name === undefined)
          return new CelFailure("no_overload", `A ${typeNameOf(key)} can't be a key.`, node.start);
        if (built.has(name)) return new CelFailure("duplicate_key", "The map has a key twice.", node.start);
        built.set(name, [key, value]);
      }
      return new CelMap(built);
    },
  };
}
