import { CelDuration, CelTimestamp } from "./time.ts";
import { typeNameOf } from "./type.ts";
import { CelFailure, type CelResult, CelUint, type CelValue, maxInt, maxUint, minInt } from "./value.ts";

/** Two instants may be as far apart as 64 bits of nanoseconds tell, in seconds. */
const longestApart = 9_223_372_036;

export function addValues(a: CelValue, b: CelValue, at: number): CelResult {
  if (typeof a === "number" && typeof b === "number") return a + b;
  if (typeof a === "bigint" && typeof b === "bigint") return inInt(a + b, at);
  if (typeof a === "string" && typeof b === "string") return a + b;
  if (a instanceof CelUint && b instanceof CelUint) return inUint(a.value + b.value, at);
  if (Array.isArray(a) && Array.isArray(b)) return [...a, ...b];
  if (a instanceof Uint8Array && b instanceof Uint8Array) {
    const joined = new Uint8Array(a.length + b.length);
    joined.set(a);
    joined.set(b, a.length);
    return joined;
  }
  return addTimes(a, b, at) ?? noOverload(a, "+", b, at);
}

function addTimes(a: CelValue, b: CelValue, at: number): CelResult | undefined {
  if (a instanceof CelDuration) {
    if (b instanceof CelDuration)
      return inSpan(new CelDuration(a.seconds + b.seconds, a.nanos + b.nanos), at);
    return b instanceof CelTimestamp ? addTimes(b, a, at) : undefined;
  }
  if (!(a instanceof CelTimestamp) || !(b instanceof CelDuration)) return undefined;
  return inSpan(new CelTimestamp(a.seconds + b.seconds, a.nanos + b.nanos), at);
}

export function subtractValues(a: CelValue, b: CelValue, at: number): CelResult {
  if (typeof a === "number" && typeof b === "number") return a - b;
  if (typeof a === "bigint" && typeof b === "bigint") return inInt(a - b, at);
  if (a instanceof CelUint && b instanceof CelUint) return inUint(a.value - b.value, at);
  if (a instanceof CelTimestamp && b instanceof CelTimestamp) {
    const apart = new CelDuration(a.seconds - b.seconds, a.nanos - b.nanos);
    return Math.abs(apart.seconds) <= longestApart ? apart : overflow(at);
  }
  if (b instanceof CelDuration && (a instanceof CelDuration || a instanceof CelTimestamp)) {
    const Time = a instanceof CelDuration ? CelDuration : CelTimestamp;
    return inSpan(new Time(a.seconds - b.seconds, a.nanos - b.nanos), at);
  }
  return noOverload(a, "-", b, at);
}

export function multiplyValues(a: CelValue, b: CelValue, at: number): CelResult {
  if (typeof a === "number" && typeof b === "number") return a * b;
  if (typeof a === "bigint" && typeof b === "bigint") return inInt(a * b, at);
  if (a instanceof CelUint && b instanceof CelUint) return inUint(a.value * b.value, at);
  return noOverload(a, "*", b, at);
}

export function divideValues(a: CelValue, b: CelValue, at: number): CelResult {
  if (typeof a === "number" && typeof b === "number") return a / b;
  if (typeof a === "bigint" && typeof b === "bigint") return b === 0n ? byZero(at) : inInt(a / b, at);
  if (a instanceof CelUint && b instanceof CelUint) {
    return b.value === 0n ? byZero(at) : new CelUint(a.value / b.value);
  }
  return noOverload(a, "/", b, at);
}

/** The remainder has the sign of the dividend. */
export function remainderOf(a: CelValue, b: CelValue, at: number): CelResult {
  if (typeof a === "bigint" && typeof b === "bigint") return b === 0n ? byZero(at) : a % b;
  if (a instanceof CelUint && b instanceof CelUint) {
    return b.value === 0n ? byZero(at) : new CelUint(a.value % b.value);
  }
  return noOverload(a, "%", b, at);
}

export function negateValue(value: CelValue, at: number): CelResult {
  if (typeof value === "number") return -value;
  if (typeof value === "bigint") return inInt(-value, at);
  return new CelFailure("no_overload", `- needs a number, this is ${typeNameOf(value)}.`, at);
}

function inInt(value: bigint, at: number): CelResult {
  return value >= minInt && value <= maxInt ? value : overflow(at);
}

function inUint(value: bigint, at: number): CelResult {
  return value >= 0n && value <= maxUint ? new CelUint(value) : overflow(at);
}

function inSpan(value: CelDuration | CelTimestamp, at: number): CelResult {
  return value.valid ? value : overflow(at);
}

function overflow(at: number): CelFailure {
  return new CelFailure("overflow", "The result is out of range.", at);
}

function byZero(at: number): CelFailure {
  return new CelFailure("divide_by_zero", "Division by zero.", at);
}

function noOverload(a: CelValue, op: string, b: CelValue, at: number): CelFailure {
  const types = `${typeNameOf(a)} ${op} ${typeNameOf(b)}`;
  return new CelFailure("no_overload", `There is no such operation: ${types}.`, at);
}
