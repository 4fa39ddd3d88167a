import { CelDuration, CelTimestamp } from "./time.ts";
import { CelMap, CelTypeName, CelUint, type CelValue, isObject, mapKey } from "./value.ts";

/** CEL equality: numbers by their mathematical value across types, values of different types are unequal. */
export function equalValues(a: CelValue, b: CelValue): boolean {
  if (a === b) return true;
  const left = a instanceof CelUint ? a.value : a;
  const right = b instanceof CelUint ? b.value : b;
  if (typeof left === "bigint" || typeof left === "number") {
    // biome-ignore lint/suspicious/noDoubleEquals: compares int and double by value
    return (typeof right === "bigint" || typeof right === "number") && left == right;
  }
  if (typeof left !== "object" || typeof right !== "object" || left === null || right === null) return false;
  return equalObjects(left, right);
}

function equalObjects(a: CelValue & object, b: CelValue & object): boolean {
  if (a instanceof CelTimestamp) return b instanceof CelTimestamp && compareTimes(a, b) === 0;
  if (a instanceof CelDuration) return b instanceof CelDuration && compareTimes(a, b) === 0;
  if (a instanceof CelTypeName) return b instanceof CelTypeName && a.name === b.name;
  if (a instanceof Uint8Array) return b instanceof Uint8Array && compareBytes(a, b) === 0;
  if (Array.isArray(a)) {
    return Array.isArray(b) && a.length === b.length && a.every((item, i) => equalValues(item, b[i] ?? null));
  }
  const left = mapOf(a);
  const right = mapOf(b);
  if (left === undefined || right === undefined || left.size !== right.size) return false;
  for (const [key, [, value]] of left) {
    const other = right.get(key);
    if (other === undefined || !equalValues(value, other[1])) return false;
  }
  return true;
}

/** The entries of a map or a JSON object by `mapKey`; undefined for anything else. */
export function mapOf(value: CelValue): ReadonlyMap<string, readonly [CelValue, CelValue]> | undefined {
  if (value instanceof CelMap) return value.entries;
  if (!isObject(value)) return undefined;
  const entries = new Map<string, readonly [CelValue, CelValue]>();
  for (const [key, member] of Object.entries(value)) {
    if (member !== undefined) entries.set(mapKey(key) ?? "", [key, member]);
  }
  return entries;
}

/** Below zero, zero or above like a sort function, an integer beside a double taken as a double; NaN when NaN is compared; undefined when there is no order. */
export function compareValues(a: CelValue, b: CelValue): number | undefined {
  const left = a instanceof CelUint ? a.value : a;
  const right = b instanceof CelUint ? b.value : b;
  if (typeof left === "bigint" || typeof left === "number") {
    if (typeof right !== "bigint" && typeof right !== "number") return undefined;
    return typeof left === typeof right ? orderOf(left, right) : orderOf(Number(left), Number(right));
  }
  if (typeof left === "string") return typeof right === "string" ? compareText(left, right) : undefined;
  if (typeof left === "boolean") {
    return typeof right === "boolean" ? Number(left) - Number(right) : undefined;
  }
  if (left instanceof CelTimestamp && right instanceof CelTimestamp) return compareTimes(left, right);
  if (left instanceof CelDuration && right instanceof CelDuration) return compareTimes(left, right);
  if (left instanceof Uint8Array && right instanceof Uint8Array) return compareBytes(left, right);
  return undefined;
}

function compareTimes(a: CelTimestamp | CelDuration, b: CelTimestamp | CelDuration): number {
  return a.seconds - b.seconds || a.nanos - b.nanos;
}

function compareBytes(a: Uint8Array, b: Uint8Array): number {
  const length = Math.min(a.length, b.length);
  for (let i = 0; i < length; i++) {
    const difference = (a[i] ?? 0) - (b[i] ?? 0);
    if (difference !== 0) return difference;
  }
  return a.length - b.length;
}

/** Order of code points, which differs from that of UTF-16 units above U+FFFF. */
function compareText(a: string, b: string): number {
  const length = Math.min(a.length, b.length);
  for (let i = 0; i < length; i++) {
    const x = a.charCodeAt(i);
    const y = b.charCodeAt(i);
    if (x === y) continue;
    const surrogateX = x >= 0xd800 && x <= 0xdfff;
    const surrogateY = y >= 0xd800 && y <= 0xdfff;
    return surrogateX === surrogateY ? x - y : surrogateX ? 1 : -1;
  }
  return a.length - b.length;
}

function orderOf(a: number | bigint, b: number | bigint): number {
  return a < b ? -1 : a > b ? 1 : a === b ? 0 : Number.NaN;
}
