import { copyOf, isRecord, type Json, same } from "./json.ts";
import { badRequest, refuse } from "./status-error.ts";

const MOST_OPERATIONS = 10_000;

/** RFC 6902. @throws StatusError 400 for what is no patch, 413 for too long a one, 422 for one that does not apply */
export function jsonPatch(target: unknown, patch: unknown): unknown {
  if (!Array.isArray(patch)) {
    throw badRequest("json: cannot unmarshal object into Go value of type jsonpatch.Patch");
  }
  if (patch.length > MOST_OPERATIONS) {
    const message = `The allowed maximum operations in a JSON patch is ${MOST_OPERATIONS}, got ${patch.length}`;
    throw refuse(413, "RequestEntityTooLarge", message);
  }
  const holder: Json = { root: copyOf(target) };
  for (const operation of patch) apply(holder, operation);
  return holder["root"];
}

function apply(holder: Json, operation: unknown): void {
  if (!isRecord(operation)) throw badRequest("a JSON patch holds operations");
  const path = pointer(operation["path"]);
  switch (operation["op"]) {
    case "add":
      put(holder, path, givenValue(operation), true);
      return;
    case "replace":
      put(holder, path, givenValue(operation), false);
      return;
    case "remove":
      take(holder, path);
      return;
    case "move":
      put(holder, path, take(holder, pointer(operation["from"])), true);
      return;
    case "copy":
      put(holder, path, copyOf(read(holder, pointer(operation["from"]))), true);
      return;
    case "test":
      if (same(read(holder, path, true), operation["value"])) return;
      throw rejected(`testing value ${operation["path"]} failed: test failed`);
    default:
      throw rejected(`Unexpected kind: ${String(operation["op"])}`);
  }
}

function rejected(why: string): Error {
  return refuse(422, "Invalid", "the server rejected our request due to an error in our request", {
    causes: [{ reason: "UnexpectedServerResponse", message: why }],
  });
}

function givenValue(operation: Json): unknown {
  if (!("value" in operation)) throw rejected("operation has no value: missing value");
  return copyOf(operation["value"]);
}

/** The path below the holder: its first step is always `root`. */
function pointer(text: unknown): string[] {
  if (typeof text !== "string" || (text !== "" && !text.startsWith("/"))) {
    throw rejected(`invalid JSON pointer: ${String(text)}`);
  }
  const steps = text.split("/").slice(1);
  return ["root", ...steps.map((step) => step.replaceAll("~1", "/").replaceAll("~0", "~"))];
}

const shown = (path: readonly string[]) => `/${path.slice(1).join("/")}`;

function missing(path: readonly string[]): Error {
  return rejected(`doc is missing path: "${shown(path)}": missing value`);
}

function read(holder: Json, path: readonly string[], absentIsNull = false): unknown {
  let at: unknown = holder;
  for (const step of path) {
    const next: unknown = Array.isArray(at)
      ? at[indexIn(at, step, path)]
      : isRecord(at)
        ? at[step]
        : undefined;
    if (next === undefined) {
      if (absentIsNull) return null;
      throw missing(path);
    }
    at = next;
  }
  return at;
}

function indexIn(
  list: readonly unknown[],
  step: string,
  path: readonly string[],
  end = list.length - 1,
): number {
  const index = step === "-" ? list.length : Number(step);
  if (!/^(0|[1-9]\d*|-)$/.test(step) || index > end) {
    throw rejected(`Unable to access invalid index: ${step} at "${shown(path)}": invalid index referenced`);
  }
  return index;
}

function put(holder: Json, path: readonly string[], value: unknown, adds: boolean): void {
  const parent = read(holder, path.slice(0, -1));
  const last = path.at(-1) ?? "root";
  if (Array.isArray(parent)) {
    const index = indexIn(parent, last, path, adds ? parent.length : parent.length - 1);
    parent.splice(index, adds ? 0 : 1, value);
  } else if (isRecord(parent) && (adds || last in parent)) parent[last] = value;
  else throw missing(path);
}

function take(holder: Json, path: readonly string[]): unknown {
  const value = read(holder, path);
  const parent = read(holder, path.slice(0, -1));
  const last = path.at(-1) ?? "root";
  if (Array.isArray(parent)) parent.splice(indexIn(parent, last, path), 1);
  else if (isRecord(parent)) delete parent[last];
  return value;
}
