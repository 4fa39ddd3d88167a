import { conversions } from "./conversions.ts";
import type { CelFunction } from "./function.ts";
import { mathFunctions } from "./maths.ts";
import { textFunctions } from "./text.ts";
import { timeFunctions } from "./times.ts";

const all = [...conversions, ...textFunctions, ...timeFunctions, ...mathFunctions];

/** Every function an expression may call; there are no others. */
export const functions: ReadonlyMap<string, CelFunction> = new Map(all.map((fn) => [fn.name, fn]));
