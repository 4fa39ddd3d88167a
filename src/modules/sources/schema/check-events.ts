import type { ReadEvent } from "../receiving/event-draft.ts";
import type { SourceRow } from "../tables.ts";
import { compileSchema, type SchemaCheck } from "./compile-schema.ts";

const mostKept = 500;
const kept = new Map<string, Map<string, SchemaCheck | undefined>>();

/** Checks the data of events against the schema of their type, if the source has one. Compiled once a source's version. */
export function checkEvents(
  source: Pick<SourceRow, "id" | "version" | "types">,
  items: readonly ReadEvent[],
): readonly ReadEvent[] {
  if (Object.keys(source.types).length === 0) return items;
  return items.map((item) => {
    if ("errors" in item) return item;
    const { draft, dataAt = "" } = item;
    // Data is left out where it is null, as attributes are.
    const [first, ...rest] = checkOf(source, draft.type)?.(draft.data ?? null, dataAt) ?? [];
    return first ? { errors: [first, ...rest], unfit: { id: draft.id, type: draft.type } } : item;
  });
}

function checkOf(
  { id, version, types }: Pick<SourceRow, "id" | "version" | "types">,
  type: string,
): SchemaCheck | undefined {
  const name = `${id}/${version}`;
  let checks = kept.get(name);
  if (checks === undefined) {
    if (kept.size >= mostKept) kept.clear();
    checks = new Map();
    kept.set(name, checks);
  }
  if (checks.has(type)) return checks.get(type);
  const schema = Object.hasOwn(types, type) ? types[type] : undefined;
  const outcome = schema === undefined ? undefined : compileSchema(schema);
  const check = outcome?.ok ? outcome.check : undefined;
  if (schema !== undefined) checks.set(type, check);
  return check;
}
