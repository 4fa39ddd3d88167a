import type { ASTNode } from "@marcbachmann/cel-js";
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
import { type Compiler, decoded, type Node } from "./node.ts";

/** `target.name`: a member of a JSON object or a map; a missing one is absent. */
export function compileSelect(c: Compiler, node: ASTNode & { op: "." }): Node {
  const [targetNode, name] = node.args;
  const target = c.compile(targetNode);
  return selectFrom(c, node, target, name);
}

function selectFrom(c: Compiler, node: ASTNode, target: Node, name: string): Node {
  const type = memberType(target.type, name);
  if (type === undefined) {
    const what =
      target.type.kind === "object"
        ? `There is no field "${name}" here; there is ${fieldList(target.type)}.`
        : `A ${typeText(target.type)} has no fields.`;
    return c.refuse(node, target.type.kind === "object" ? "unknown_field" : "no_overload", what);
  }
  const { run } = target;
  const at = node.start;
  return {
    type,
    raw: target.raw === true,
    run: (frame) => {
      const value = run(frame);
      if (value instanceof CelFailure) return value;
      if (isObject(value)) {
        const member = Object.hasOwn(value, name) ? value[name] : undefined;
        return member === undefined ? absent(name, at) : member;
      }
      return selectOther(value, name, at);
    },
  };
}

function selectOther(value: CelValue, name: string, at: number): CelResult {
  if (value instanceof CelMap) return value.entries.get(`s${name}`)?.[1] ?? lookUp(value, name, at);
  if (value === null) return absent(name, at);
  return new CelFailure("no_overload", `A ${typeNameOf(value)} has no fields.`, at);
}

function memberType(type: CelType, name: string): CelType | undefined {
  if (type.kind === "dyn") return celTypes.dyn;
  if (type.kind === "map") return type.of;
  if (type.kind !== "object") return undefined;
  const field = Object.hasOwn(type.fields, name) ? type.fields[name] : undefined;
  return field ?? (type.open ? celTypes.dyn : undefined);
}

function fieldList(type: CelType): string {
  const names = type.kind === "object" ? Object.keys(type.fields) : [];
  return names.length === 0 ? "none" : names.slice(0, 20).join(", ");
}

/** `target[index]`: an element of a list or a value of a map. */
export function compileIndex(c: Compiler, node: ASTNode & { op: "[]" }): Node {
  const target = c.compile(node.args[0]);
  const index = c.compile(node.args[1]);
  if (typeof index.literal === "string" && (target.type.kind === "object" || target.type.kind === "map")) {
    return selectFrom(c, node, target, index.literal);
  }
  const type = elementType(target.type);
  if (type === undefined) return c.refuse(node, "no_overload", `A ${typeText(target.type)} has no elements.`);
  const at = node.start;
  const run = target.type.kind === "object" ? decoded(target, at) : target.run;
  const find = decoded(index, at);
  return {
    type,
    raw: target.type.kind !== "object" && target.raw === true,
    run: (frame) => {
      const value = run(frame);
      if (value instanceof CelFailure) return value;
      const key = find(frame);
      return key instanceof CelFailure ? key : lookUp(value, key, at);
    },
  };
}

function elementType(type: CelType): CelType | undefined {
  if (type.kind === "list" || type.kind === "map") return type.of;
  return type.kind === "dyn" || type.kind === "object" ? celTypes.dyn : undefined;
}

function lookUp(value: CelValue, key: CelValue, at: number): CelResult {
  if (Array.isArray(value)) return elementAt(value, key, at);
  const found = mapKey(key);
  if (value instanceof CelMap) {
    const entry = found === undefined ? undefined : value.entries.get(found);
    return entry === undefined ? absent(String(key), at) : entry[1];
  }
  if (isObject(value)) {
    const member = typeof key === "string" && Object.hasOwn(value, key) ? value[key] : undefined;
    return member === undefined ? absent(typeof key === "string" ? key : typeNameOf(key), at) : member;
  }
  if (value === null) return absent(typeof key === "string" ? key : typeNameOf(key), at);
  return new CelFailure("no_overload", `A ${typeNameOf(value)} has no elements.`, at);
}

function elementAt(list: readonly CelValue[], key: CelValue, at: number): CelResult {
  const number = key instanceof CelUint ? Number(key.value) : typeof key === "bigint" ? Number(key) : key;
  if (typeof number !== "number" || !Number.isInteger(number)) {
    return new CelFailure("no_overload", `A list has no element ${typeNameOf(key)}.`, at);
  }
  const element = list[number];
  if (element === undefined) {
    return new CelFailure("absent", `There is no element ${number} in a list of ${list.length}.`, at);
  }
  return element;
}

function absent(name: string, at: number): CelFailure {
  return new CelFailure("absent", `"${name}" is not there.`, at);
}

/** `has(a.b)`: whether the member is there. What leads to it must be there. */
export function compileHas(c: Compiler, node: ASTNode, args: readonly ASTNode[]): Node {
  const [field] = args;
  if (args.length !== 1 || field === undefined || field.op !== ".") {
    return c.refuse(node, "bad_macro", "has() takes one field, as in has(event.subject).");
  }
  const target = c.compile(field.args[0]);
  const name = field.args[1];
  if (memberType(target.type, name) === undefined) selectFrom(c, field, target, name);
  const { run } = target;
  const at = node.start;
  return {
    type: celTypes.bool,
    run: (frame) => {
      const value = run(frame);
      if (value instanceof CelFailure) return value;
      if (isObject(value)) return Object.hasOwn(value, name) && value[name] !== undefined;
      if (value instanceof CelMap) return value.entries.has(`s${name}`);
      if (value === null) return absent(name, at);
      return new CelFailure("no_overload", `A ${typeNameOf(value)} has no fields.`, at);
    },
  };
}
