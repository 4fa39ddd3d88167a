import type { CelType } from "../values/type.ts";
import { typeNameOf } from "../values/type.ts";
import { CelFailure, type CelResult, type CelValue } from "../values/value.ts";

/** One function of the language; as a method its first argument is the receiver. */
export interface CelFunction {
  readonly name: string;
  readonly style: "function" | "method" | "both";
  /** How many arguments, the receiver included. */
  readonly arity: readonly number[];
  /** What each argument may be, by place; a missing entry allows anything. */
  readonly takes: readonly (readonly CelType["kind"][])[];
  readonly gives: CelType | ((args: readonly CelType[]) => CelType);
  run(args: readonly CelValue[], at: number): CelResult;
}

export function failure(code: CelFailure["code"], message: string, at: number): CelFailure {
  return new CelFailure(code, message, at);
}

export function noOverload(name: string, args: readonly CelValue[], at: number): CelFailure {
  return failure("no_overload", `${name}() does not take (${args.map(typeNameOf).join(", ")}).`, at);
}
