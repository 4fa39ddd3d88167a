import { mapOf } from "../values/compare.ts";
import {
  CelDuration,
  CelTimestamp,
  formatDuration,
  formatTimestamp,
  parseDuration,
  parseTimestamp,
} from "../values/time.ts";
import { celTypes, typeNameOf } from "../values/type.ts";
import {
  type CelFailure,
  type CelResult,
  CelTypeName,
  CelUint,
  type CelValue,
  maxInt,
  maxUint,
  minInt,
} from "../values/value.ts";
import { type CelFunction, failure, noOverload } from "./function.ts";

type Convert = (value: CelValue, at: number) => CelResult | undefined;

function conversion(name: string, gives: CelFunction["gives"], convert: Convert): CelFunction {
  return {
    name,
    style: "function",
    arity: [1],
    takes: [],
    gives,
    run: (args, at) => convert(args[0] ?? null, at) ?? noOverload(name, args, at),
  };
}

function toInt(value: CelValue, at: number): CelResult | undefined {
  if (typeof value === "bigint") return value;
  if (value instanceof CelUint) return value.value <= maxInt ? value.value : outOfRange("int", at);
  if (typeof value === "number") {
    return value > -(2 ** 63) && value < 2 ** 63 ? BigInt(Math.trunc(value)) : outOfRange("int", at);
  }
  if (typeof value === "string") {
    if (!/^[+-]?\d{1,19}$/.test(value)) return unreadable(value, "int", at);
    const whole = BigInt(value.startsWith("+") ? value.slice(1) : value);
    return whole >= minInt && whole <= maxInt ? whole : outOfRange("int", at);
  }
  return value instanceof CelTimestamp ? BigInt(value.seconds) : undefined;
}

function toUint(value: CelValue, at: number): CelResult | undefined {
  if (value instanceof CelUint) return value;
  if (typeof value === "bigint") return value >= 0n ? new CelUint(value) : outOfRange("uint", at);
  if (typeof value === "number") {
    return value >= 0 && value < 2 ** 64 ? new CelUint(BigInt(Math.trunc(value))) : outOfRange("uint", at);
  }
  if (typeof value !== "string") return undefined;
  if (!/^\+?\d{1,20}$/.test(value)) return unreadable(value, "uint", at);
  const whole = BigInt(value.startsWith("+") ? value.slice(1) : value);
  return whole <= maxUint ? new CelUint(whole) : outOfRange("uint", at);
}

function toDouble(value: CelValue, at: number): CelResult | undefined {
  if (typeof value === "number") return value;
  if (typeof value === "bigint") return Number(value);
  if (value instanceof CelUint) return Number(value.value);
  if (typeof value !== "string") return undefined;
  if (/^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/.test(value)) return Number(value);
  const special = /^([+-]?)(inf|infinity|nan)$/i.exec(value);
  if (special === null) return unreadable(value, "double", at);
  if (special[2]?.toLowerCase() === "nan") return Number.NaN;
  return special[1] === "-" ? -Infinity : Infinity;
}

function toText(value: CelValue, at: number): CelResult | undefined {
  if (typeof value === "string") return value;
  if (typeof value === "boolean" || typeof value === "bigint") return String(value);
  if (typeof value === "number") return doubleText(value);
  if (value instanceof CelUint) return String(value.value);
  if (value instanceof CelTimestamp) return formatTimestamp(value);
  if (value instanceof CelDuration) return formatDuration(value);
  if (!(value instanceof Uint8Array)) return undefined;
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(value);
  } catch {
    return failure("conversion", "These bytes are not UTF-8 text.", at);
  }
}

/** A double as text: shortest form that reads back, `+Inf`, `-Inf`, `NaN`. */
export function doubleText(value: number): string {
  if (value === Infinity) return "+Inf";
  return value === -Infinity ? "-Inf" : String(value);
}

const yes = new Set(["1", "t", "true", "TRUE", "True"]);
const no = new Set(["0", "f", "false", "FALSE", "False"]);

function toBool(value: CelValue, at: number): CelResult | undefined {
  if (typeof value === "boolean") return value;
  if (typeof value !== "string") return undefined;
  return yes.has(value) ? true : no.has(value) ? false : unreadable(value, "bool", at);
}

function toTimestamp(value: CelValue, at: number): CelResult | undefined {
  if (value instanceof CelTimestamp) return value;
  if (typeof value === "string") return parseTimestamp(value) ?? unreadable(value, "timestamp", at);
  if (typeof value !== "bigint") return undefined;
  const instant = new CelTimestamp(Number(value), 0);
  return instant.valid ? instant : outOfRange("timestamp", at);
}

function toDuration(value: CelValue, at: number): CelResult | undefined {
  if (value instanceof CelDuration) return value;
  return typeof value === "string" ? (parseDuration(value) ?? unreadable(value, "duration", at)) : undefined;
}

function toBytes(value: CelValue): CelResult | undefined {
  if (value instanceof Uint8Array) return value;
  return typeof value === "string" ? new TextEncoder().encode(value) : undefined;
}

function sizeOf(value: CelValue): CelResult | undefined {
  if (typeof value === "string") return BigInt(codePoints(value));
  if (value instanceof Uint8Array || Array.isArray(value)) return BigInt(value.length);
  const entries = mapOf(value);
  return entries === undefined ? undefined : BigInt(entries.size);
}

function codePoints(text: string): number {
  let count = 0;
  for (const _ of text) count++;
  return count;
}

function outOfRange(type: string, at: number): CelFailure {
  return failure("overflow", `The number is out of the range of ${type}.`, at);
}

function unreadable(text: string, type: string, at: number): CelFailure {
  return failure("conversion", `"${text.slice(0, 40)}" can't be read as ${type}.`, at);
}

/** `int`, `uint`, `double`, `string`, `bool`, `bytes`, `timestamp`, `duration`, `dyn`, `type`, `size`. */
export const conversions: readonly CelFunction[] = [
  conversion("int", celTypes.int, toInt),
  conversion("uint", celTypes.uint, toUint),
  conversion("double", celTypes.double, toDouble),
  conversion("string", celTypes.string, toText),
  conversion("bool", celTypes.bool, toBool),
  conversion("bytes", celTypes.bytes, toBytes),
  conversion("timestamp", celTypes.timestamp, toTimestamp),
  conversion("duration", celTypes.duration, toDuration),
  conversion("dyn", celTypes.dyn, (value) => value),
  conversion("type", celTypes.type, (value) => new CelTypeName(typeNameOf(value))),
  {
    ...conversion("size", celTypes.int, sizeOf),
    style: "both",
    takes: [["string", "bytes", "list", "map", "object", "dyn"]],
  },
];
