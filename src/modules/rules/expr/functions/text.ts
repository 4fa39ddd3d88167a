import { celTypes, listOf } from "../values/type.ts";
import type { CelResult, CelValue } from "../values/value.ts";
import { type CelFunction, failure, noOverload } from "./function.ts";
import { findPattern, isPattern } from "./pattern.ts";

type Kinds = CelFunction["takes"][number];
const text: Kinds = ["string", "dyn"];
const int: Kinds = ["int", "dyn"];

function onText(
  name: string,
  takes: readonly Kinds[],
  gives: CelFunction["gives"],
  run: (text: string, args: readonly CelValue[], at: number) => CelResult | undefined,
  fewest = takes.length,
): CelFunction {
  const arity = Array.from({ length: takes.length - fewest + 1 }, (_, i) => fewest + i + 1);
  return {
    name,
    style: "method",
    arity,
    takes: [text, ...takes],
    gives,
    run: (args, at) => {
      const [target] = args;
      const result = typeof target === "string" ? run(target, args.slice(1), at) : undefined;
      return result === undefined ? noOverload(name, args, at) : result;
    },
  };
}

/** A test of one text against another. */
function textTest(name: string, test: (a: string, b: string) => boolean): CelFunction {
  return onText(name, [text], celTypes.bool, (a, [b]) => (typeof b === "string" ? test(a, b) : undefined));
}

function textMap(name: string, change: (text: string) => string): CelFunction {
  return onText(name, [], celTypes.string, (value) => change(value));
}

const ascii = (value: string, from: RegExp, shift: number) =>
  value.replace(from, (letter) => String.fromCharCode(letter.charCodeAt(0) + shift));

function matches(value: string, pattern: CelValue | undefined, at: number): CelResult | undefined {
  if (typeof pattern !== "string") return undefined;
  const compiled = findPattern(pattern);
  return isPattern(compiled) ? compiled.test(value) : failure("bad_pattern", compiled, at);
}

function find(
  name: string,
  search: (points: string[], part: string[], from: number | undefined) => number,
): CelFunction {
  return onText(
    name,
    [text, int],
    celTypes.int,
    (value, [part, from], at) => {
      if (typeof part !== "string" || (from !== undefined && typeof from !== "bigint")) return undefined;
      const points = [...value];
      const start = from === undefined ? undefined : Number(from);
      if (start !== undefined && (start < 0 || start > points.length)) return rangeFailure(name, at);
      return BigInt(search(points, [...part], start));
    },
    1,
  );
}

function startsAt(points: readonly string[], part: readonly string[], at: number): boolean {
  return at + part.length <= points.length && part.every((point, i) => points[at + i] === point);
}

function firstIndex(points: string[], part: string[], from = 0): number {
  for (let i = from; i <= points.length - part.length; i++) if (startsAt(points, part, i)) return i;
  return -1;
}

function lastIndex(points: string[], part: string[], from?: number): number {
  const highest = points.length - part.length;
  for (let i = Math.min(from ?? highest, highest); i >= 0; i--) if (startsAt(points, part, i)) return i;
  return -1;
}

function substring(value: string, [from, to]: readonly CelValue[], at: number): CelResult | undefined {
  if (typeof from !== "bigint" || (to !== undefined && typeof to !== "bigint")) return undefined;
  const points = [...value];
  const end = to === undefined ? points.length : Number(to);
  const start = Number(from);
  if (start < 0 || end > points.length || start > end) return rangeFailure("substring", at);
  return points.slice(start, end).join("");
}

function replace(value: string, [from, to, limit]: readonly CelValue[]): CelResult | undefined {
  if (typeof from !== "string" || typeof to !== "string") return undefined;
  if (limit === undefined) return value.replaceAll(from, () => to);
  if (typeof limit !== "bigint") return undefined;
  let left = limit < 0n ? Infinity : Number(limit);
  return value.replaceAll(from, () => (left-- > 0 ? to : from));
}

function split(value: string, [by, limit]: readonly CelValue[]): CelResult | undefined {
  if (typeof by !== "string" || (limit !== undefined && typeof limit !== "bigint")) return undefined;
  const parts = by === "" ? [...value] : value.split(by);
  if (limit === undefined || limit < 0n || parts.length <= limit) return parts;
  if (limit === 0n) return [];
  const kept = Number(limit) - 1;
  return [...parts.slice(0, kept), parts.slice(kept).join(by)];
}

function charAt(value: string, [index]: readonly CelValue[], at: number): CelResult | undefined {
  if (typeof index !== "bigint") return undefined;
  const points = [...value];
  if (index < 0n || index > points.length) return rangeFailure("charAt", at);
  return points[Number(index)] ?? "";
}

function rangeFailure(name: string, at: number): CelResult {
  return failure("out_of_range", `${name}() goes beyond the text.`, at);
}

const join: CelFunction = {
  name: "join",
  style: "method",
  arity: [1, 2],
  takes: [["list", "dyn"], text],
  gives: celTypes.string,
  run: (args, at) => {
    const [list, by = ""] = args;
    const fits =
      Array.isArray(list) && typeof by === "string" && list.every((item) => typeof item === "string");
    return fits ? list.join(by) : noOverload("join", args, at);
  },
};

/** Functions on text: those of the standard, and the common ones of the strings extension. Places count code points. */
export const textFunctions: readonly CelFunction[] = [
  textTest("contains", (a, b) => a.includes(b)),
  textTest("startsWith", (a, b) => a.startsWith(b)),
  textTest("endsWith", (a, b) => a.endsWith(b)),
  {
    ...onText("matches", [text], celTypes.bool, (value, [pattern], at) => matches(value, pattern, at)),
    style: "both",
  },
  textMap("lowerAscii", (value) => ascii(value, /[A-Z]/g, 32)),
  textMap("upperAscii", (value) => ascii(value, /[a-z]/g, -32)),
  textMap("trim", (value) => value.trim()),
  find("indexOf", firstIndex),
  find("lastIndexOf", lastIndex),
  onText("substring", [int, int], celTypes.string, substring, 1),
  onText("replace", [text, text, int], celTypes.string, replace, 2),
  onText("split", [text, int], listOf(celTypes.string), split, 1),
  onText("charAt", [int], celTypes.string, charAt),
  join,
];
