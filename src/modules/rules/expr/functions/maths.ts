import { negateValue } from "../values/arithmetic.ts";
import { compareValues } from "../values/compare.ts";
import { type CelType, celTypes, joinTypes } from "../values/type.ts";
import type { CelResult, CelValue } from "../values/value.ts";
import { CelUint } from "../values/value.ts";
import { type CelFunction, noOverload } from "./function.ts";

const number: readonly CelType["kind"][] = ["int", "uint", "double", "dyn"];

function onDouble(name: string, run: (value: number) => number): CelFunction {
  return {
    name: `math.${name}`,
    style: "function",
    arity: [1],
    takes: [["double", "dyn"]],
    gives: celTypes.double,
    run: (args, at) => (typeof args[0] === "number" ? run(args[0]) : noOverload(`math.${name}`, args, at)),
  };
}

function extreme(name: string, better: (order: number) => boolean): CelFunction {
  return {
    name: `math.${name}`,
    style: "function",
    arity: [1, 2, 3, 4, 5, 6, 7, 8],
    takes: [],
    gives: (types) => (types.length === 1 ? celTypes.dyn : types.reduce(joinTypes)),
    run: (args, at) => {
      const items = args.length === 1 && Array.isArray(args[0]) ? args[0] : args;
      return best(items, better) ?? noOverload(`math.${name}`, args, at);
    },
  };
}

function best(items: readonly CelValue[], better: (order: number) => boolean): CelResult | undefined {
  let found: CelValue | undefined;
  for (const item of items) {
    if (typeof item !== "number" && typeof item !== "bigint" && !(item instanceof CelUint)) return undefined;
    if (found === undefined || better(compareValues(item, found) ?? 0)) found = item;
  }
  return found;
}

/** To the nearest whole number, halves away from zero. */
const round = (value: number) => Math.sign(value) * Math.round(Math.abs(value));

/** The part of the math extension that rules need. */
export const mathFunctions: readonly CelFunction[] = [
  onDouble("ceil", Math.ceil),
  onDouble("floor", Math.floor),
  onDouble("round", round),
  onDouble("trunc", Math.trunc),
  onDouble("sqrt", Math.sqrt),
  {
    name: "math.abs",
    style: "function",
    arity: [1],
    takes: [number],
    gives: ([type]) => type ?? celTypes.dyn,
    run: ([value = null], at) => {
      if (value instanceof CelUint) return value;
      const below = (typeof value === "number" && value < 0) || (typeof value === "bigint" && value < 0n);
      if (typeof value !== "number" && typeof value !== "bigint") return noOverload("math.abs", [value], at);
      return below ? negateValue(value, at) : value;
    },
  },
  extreme("greatest", (order) => order > 0),
  extreme("least", (order) => order < 0),
];
