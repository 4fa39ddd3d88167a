import { CelDuration, CelTimestamp } from "./time.ts";
import { CelMap, CelTypeName, CelUint, type CelValue } from "./value.ts";

/** What is known of a value before it is there. `dyn` is anything; objects are JSON objects with named fields. */
export type CelType =
  | { readonly kind: ScalarKind }
  | { readonly kind: "list"; readonly of: CelType }
  | { readonly kind: "map"; readonly of: CelType }
  | {
      readonly kind: "object";
      readonly fields: Readonly<Record<string, CelType>>;
      /** Whether fields that aren't named may be there too. */
      readonly open: boolean;
    };

export type ScalarKind =
  | "dyn"
  | "bool"
  | "int"
  | "uint"
  | "double"
  | "string"
  | "bytes"
  | "null"
  | "timestamp"
  | "duration"
  | "type";

const scalar = (kind: ScalarKind): CelType => ({ kind });
export const celTypes = {
  dyn: scalar("dyn"),
  bool: scalar("bool"),
  int: scalar("int"),
  uint: scalar("uint"),
  double: scalar("double"),
  string: scalar("string"),
  bytes: scalar("bytes"),
  null: scalar("null"),
  timestamp: scalar("timestamp"),
  duration: scalar("duration"),
  type: scalar("type"),
} as const;

export function listOf(of: CelType): CelType {
  return { kind: "list", of };
}

export function mapTo(of: CelType): CelType {
  return { kind: "map", of };
}

export function typeText(type: CelType): string {
  if (type.kind === "list") return `list(${typeText(type.of)})`;
  if (type.kind === "map") return `map(dyn, ${typeText(type.of)})`;
  return type.kind === "object" ? "map" : type.kind;
}

/** The narrowest type that covers both. */
export function joinTypes(a: CelType, b: CelType): CelType {
  if (a === b) return a;
  if (a.kind === "list" && b.kind === "list") return listOf(joinTypes(a.of, b.of));
  if (a.kind === "map" && b.kind === "map") return mapTo(joinTypes(a.of, b.of));
  return a.kind === b.kind && a.kind !== "object" ? a : celTypes.dyn;
}

/** Whether a JSON value of this type has to be converted when it is read. */
export function needsDecoding(type: CelType): boolean {
  switch (type.kind) {
    case "int":
    case "uint":
    case "timestamp":
    case "duration":
      return true;
    case "list":
    case "map":
      return needsDecoding(type.of);
    case "object":
      return Object.values(type.fields).some(needsDecoding);
    default:
      return false;
  }
}

/** CEL's name of a value's type. */
export function typeNameOf(value: CelValue): string {
  if (value === null) return "null_type";
  switch (typeof value) {
    case "boolean":
      return "bool";
    case "number":
      return "double";
    case "bigint":
      return "int";
    case "string":
      return "string";
    default:
      return objectTypeName(value);
  }
}

function objectTypeName(value: CelValue & object): string {
  if (value instanceof CelUint) return "uint";
  if (value instanceof Uint8Array) return "bytes";
  if (value instanceof CelTimestamp) return "google.protobuf.Timestamp";
  if (value instanceof CelDuration) return "google.protobuf.Duration";
  if (value instanceof CelTypeName) return "type";
  if (value instanceof CelMap) return "map";
  return Array.isArray(value) ? "list" : "map";
}
