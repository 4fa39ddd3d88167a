import type { CelDuration, CelTimestamp } from "./time.ts";

/** An unsigned integer; signed ones are bigint, doubles are number. */
export class CelUint {
  readonly value: bigint;
  constructor(value: bigint) {
    this.value = value;
  }
}

/** What `type(x)` gives. */
export class CelTypeName {
  readonly name: string;
  constructor(name: string) {
    this.name = name;
  }
}

/** Why an evaluation has no value. `absent` means that something it reads is missing: the result is unknown. */
export class CelFailure {
  readonly code: CelFailureCode;
  readonly message: string;
  readonly at: number;
  constructor(code: CelFailureCode, message: string, at: number) {
    this.code = code;
    this.message = message;
    this.at = at;
  }
}

export type CelFailureCode =
  | "absent"
  | "no_overload"
  | "overflow"
  | "divide_by_zero"
  | "conversion"
  | "bad_pattern"
  | "out_of_range"
  | "duplicate_key"
  | "type_mismatch"
  | "too_much_work";

/** A map whose keys need not be text; keys are found by `mapKey`. */
export class CelMap {
  readonly entries: ReadonlyMap<string, readonly [CelValue, CelValue]>;
  constructor(entries: ReadonlyMap<string, readonly [CelValue, CelValue]>) {
    this.entries = entries;
  }
}

export type CelValue =
  | null
  | boolean
  | number
  | bigint
  | string
  | Uint8Array
  | CelUint
  | CelTypeName
  | CelTimestamp
  | CelDuration
  | CelMap
  | readonly CelValue[]
  | CelObject;

/** A JSON object. */
export interface CelObject {
  readonly [key: string]: CelValue | undefined;
}

export type CelResult = CelValue | CelFailure;

export const minInt = -(2n ** 63n);
export const maxInt = 2n ** 63n - 1n;
export const maxUint = 2n ** 64n - 1n;

/** The map key under which equal keys meet: 1, 1u and 1.0 are one. Undefined for what can't be a key. */
export function mapKey(key: CelValue): string | undefined {
  if (typeof key === "string") return `s${key}`;
  if (typeof key === "bigint") return `n${key}`;
  if (typeof key === "boolean") return `b${key}`;
  if (key instanceof CelUint) return `n${key.value}`;
  if (typeof key === "number") return Number.isInteger(key) ? `n${BigInt(key)}` : `d${key}`;
  return undefined;
}

export function isObject(value: unknown): value is CelObject {
  if (typeof value !== "object" || value === null) return false;
  const proto: unknown = Object.getPrototypeOf(value);
  return proto === Object.prototype || proto === null;
}
