import { SimpleTestSchema } from "@bufbuild/cel-spec/cel/expr/conformance/test/simple_pb.js";
import { getTestRegistry } from "@bufbuild/cel-spec/testdata/registry.js";
import { getConformanceSuite, type IncrementalTestSuite } from "@bufbuild/cel-spec/testdata/tests.js";
import { toJson } from "@bufbuild/protobuf";
import {
  CelDuration,
  CelTimestamp,
  parseDuration,
  parseTimestamp,
} from "../../../../../src/modules/rules/expr/values/time.ts";
import { type CelType, celTypes, listOf, mapTo } from "../../../../../src/modules/rules/expr/values/type.ts";
import {
  CelMap,
  type CelObject,
  CelTypeName,
  CelUint,
  type CelValue,
  mapKey,
} from "../../../../../src/modules/rules/expr/values/value.ts";

/** One case of the published suite, in terms of this language. */
export interface ConformanceCase {
  readonly file: string;
  readonly name: string;
  readonly source: string;
  readonly types: Record<string, CelType>;
  readonly bindings: Record<string, CelValue>;
  /** Undefined where an error is expected. */
  readonly expected: CelValue | undefined;
}

type JsonValue = null | boolean | number | string | JsonValue[] | { [key: string]: JsonValue };
type JsonRecord = { [key: string]: JsonValue };

const messages =
  /TestAll|NestedTest|GlobalEnum|google\.protobuf\.(?!Timestamp|Duration)|expr\.proto|proto2\.|proto\.|\b(x|Msg)\{/;

/** The cases of the suite's standard files that use no protocol buffer messages. */
export function conformanceCases(files: readonly string[]): ConformanceCase[] {
  const found: ConformanceCase[] = [];
  for (const suite of getConformanceSuite().suites) {
    if (files.includes(suite.name)) collect(suite, suite.name, found);
  }
  return found;
}

function collect(suite: IncrementalTestSuite, file: string, found: ConformanceCase[]): void {
  for (const inner of suite.suites) collect(inner, file, found);
  for (const test of suite.tests) {
    const json = toJson(SimpleTestSchema, test.original, { registry: getTestRegistry() }) as JsonRecord;
    const one = readCase(file, json);
    if (one !== undefined) found.push(one);
  }
}

function readCase(file: string, json: JsonRecord): ConformanceCase | undefined {
  const source = String(json.expr);
  if (
    messages.test(source) ||
    json.container !== undefined ||
    json.disableMacros === true ||
    json.checkOnly === true
  ) {
    return undefined;
  }
  try {
    return {
      file,
      name: String(json.name),
      source,
      types: Object.fromEntries(
        records(json.typeEnv).map((decl) => [String(decl.name), readType(record(record(decl.ident).type))]),
      ),
      bindings: Object.fromEntries(
        Object.entries(record(json.bindings)).map(([name, value]) => [
          name,
          readValue(record(record(value).value)),
        ]),
      ),
      expected: readExpected(json),
    };
  } catch (error) {
    if (error instanceof Unreadable) return undefined;
    throw error;
  }
}

class Unreadable extends Error {}

function readExpected(json: JsonRecord): CelValue | undefined {
  if (json.evalError !== undefined || json.anyEvalErrors !== undefined) return undefined;
  if (json.unknown !== undefined || json.anyUnknowns !== undefined) throw new Unreadable();
  if (json.typedResult !== undefined) return readValue(record(record(json.typedResult).result));
  return json.value === undefined ? true : readValue(record(json.value));
}

function readType(type: JsonRecord): CelType {
  if (type.listType !== undefined) return listOf(readType(record(record(type.listType).elemType)));
  if (type.mapType !== undefined) return mapTo(readType(record(record(type.mapType).valueType)));
  if (type.messageType !== undefined || type.abstractType !== undefined) throw new Unreadable();
  const scalar = {
    BOOL: "bool",
    INT64: "int",
    UINT64: "uint",
    DOUBLE: "double",
    STRING: "string",
    BYTES: "bytes",
  } as const;
  const name = String(type.primitive ?? type.wrapper ?? "") as keyof typeof scalar;
  if (type.wellKnown === "TIMESTAMP") return celTypes.timestamp;
  if (type.wellKnown === "DURATION") return celTypes.duration;
  return name in scalar ? celTypes[scalar[name]] : celTypes.dyn;
}

export function readValue(value: JsonRecord): CelValue {
  const [kind, inner = null] = Object.entries(value)[0] ?? ["nullValue", null];
  switch (kind) {
    case "nullValue":
      return null;
    case "boolValue":
    case "stringValue":
      return inner as boolean | string;
    case "int64Value":
      return BigInt(String(inner));
    case "uint64Value":
      return new CelUint(BigInt(String(inner)));
    case "doubleValue":
      return Number(inner);
    case "bytesValue":
      return Uint8Array.from(atob(String(inner)), (char) => char.charCodeAt(0));
    case "listValue":
      return records(record(inner).values).map(readValue);
    case "mapValue":
      return new CelMap(
        new Map(
          records(record(inner).entries).map((entry) => {
            const key = readValue(record(entry.key));
            return [mapKey(key) ?? "", [key, readValue(record(entry.value))] as const];
          }),
        ),
      );
    case "typeValue":
      return new CelTypeName(String(inner));
    case "objectValue":
      return readMessage(record(inner));
    default:
      throw new Unreadable(kind);
  }
}

function readMessage(message: JsonRecord): CelValue {
  const type = String(message["@type"]);
  if (type.endsWith("google.protobuf.Timestamp"))
    return parseTimestamp(String(message.value)) ?? unreadable();
  if (type.endsWith("google.protobuf.Duration")) return parseDuration(String(message.value)) ?? unreadable();
  throw new Unreadable(type);
}

function unreadable(): never {
  throw new Unreadable();
}

function record(value: JsonValue | undefined): JsonRecord {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? value : {};
}

function records(value: JsonValue | undefined): JsonRecord[] {
  return Array.isArray(value) ? value.map(record) : [];
}

/** Equality of results as the suite means it: of one type, NaN equal to itself. */
export function sameResult(a: CelValue, b: CelValue): boolean {
  if (typeof a === "number" && typeof b === "number") return a === b || (Number.isNaN(a) && Number.isNaN(b));
  if (a instanceof CelUint) return b instanceof CelUint && a.value === b.value;
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return a === b;
  if (a instanceof CelTimestamp || a instanceof CelDuration) {
    return a.constructor === b.constructor && JSON.stringify(a) === JSON.stringify(b);
  }
  if (a instanceof CelTypeName) return b instanceof CelTypeName && a.name === b.name;
  if (a instanceof Uint8Array) return b instanceof Uint8Array && a.join() === b.join();
  if (Array.isArray(a))
    return Array.isArray(b) && a.length === b.length && a.every((item, i) => sameResult(item, b[i]));
  const left = entriesOf(a);
  const right = entriesOf(b);
  if (left === undefined || right === undefined || left.size !== right.size) return false;
  return [...left].every(([key, value]) => right.has(key) && sameResult(value, right.get(key) ?? null));
}

function entriesOf(value: CelValue): Map<string, CelValue> | undefined {
  if (value instanceof CelMap) return new Map([...value.entries].map(([key, entry]) => [key, entry[1]]));
  if (typeof value !== "object" || value === null || Array.isArray(value)) return undefined;
  const members = Object.entries(value as CelObject);
  return new Map(members.map(([key, member]) => [`s${key}`, member ?? null]));
}
