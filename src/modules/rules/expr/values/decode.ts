import { CelTimestamp, parseDuration, parseTimestamp } from "./time.ts";
import { type CelType, typeNameOf, typeText } from "./type.ts";
import { CelFailure, type CelResult, CelUint, type CelValue, isObject } from "./value.ts";

/**
 * Turns a JSON value into the CEL value its declared type says: whole numbers into `int`, RFC 3339 text or epoch
 * milliseconds into `timestamp`. Null stays null. A value of another type is a `type_mismatch`.
 */
export function decodeValue(value: CelValue, type: CelType, at: number): CelResult {
  if (value === null || value === undefined) return null;
  switch (type.kind) {
    case "int":
    case "uint":
      return decodeInteger(value, type, at);
    case "timestamp":
      return decodeTimestamp(value, at);
    case "duration": {
      const span = typeof value === "string" ? parseDuration(value) : undefined;
      return span ?? (typeof value === "object" ? value : mismatch(value, type, at));
    }
    case "list":
      return Array.isArray(value) ? decodeAll(value, type.of, at) : mismatch(value, type, at);
    case "map":
    case "object":
      return isObject(value) ? decodeMembers(value, type, at) : mismatch(value, type, at);
    default:
      return value;
  }
}

function decodeInteger(value: CelValue, type: CelType, at: number): CelResult {
  if (typeof value === "bigint" || value instanceof CelUint) return value;
  if (typeof value !== "number" || !Number.isSafeInteger(value)) return mismatch(value, type, at);
  if (type.kind === "int") return BigInt(value);
  return value < 0 ? mismatch(value, type, at) : new CelUint(BigInt(value));
}

function decodeTimestamp(value: CelValue, at: number): CelResult {
  if (value instanceof CelTimestamp) return value;
  if (typeof value === "number" && Number.isFinite(value)) return CelTimestamp.ofMs(value);
  const parsed = typeof value === "string" ? parseTimestamp(value) : undefined;
  return parsed ?? mismatch(value, { kind: "timestamp" }, at);
}

function decodeAll(items: readonly CelValue[], type: CelType, at: number): CelResult {
  const decoded: CelValue[] = [];
  for (const item of items) {
    const value = decodeValue(item, type, at);
    if (value instanceof CelFailure) return value;
    decoded.push(value);
  }
  return decoded;
}

function decodeMembers(
  object: { readonly [key: string]: CelValue | undefined },
  type: CelType & { kind: "map" | "object" },
  at: number,
): CelResult {
  const decoded: Record<string, CelValue> = Object.create(null);
  for (const [key, member] of Object.entries(object)) {
    if (member === undefined) continue;
    const memberType =
      type.kind === "map" ? type.of : Object.hasOwn(type.fields, key) ? type.fields[key] : undefined;
    const value = memberType === undefined ? member : decodeValue(member, memberType, at);
    if (value instanceof CelFailure) return value;
    decoded[key] = value;
  }
  return decoded;
}

function mismatch(value: CelValue, type: CelType, at: number): CelFailure {
  return new CelFailure("type_mismatch", `This should be ${typeText(type)} but is ${typeNameOf(value)}.`, at);
}
