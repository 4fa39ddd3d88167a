import type { RuleDefinition } from "../../../contracts/rules.ts";
import type { Ctx } from "../../kernel/context.ts";
import { canonicalJson } from "../../kernel/json.ts";
import { listSourceTypes } from "../sources/index.ts";

/**
 * A definition with the schema of its events' data, as its sources have it now: where it names sources and types without
 * `*`, and all of them have one and the same. A version keeps it, so that a later change of a source breaks no live rule.
 */
export async function withDataSchema(ctx: Ctx, definition: RuleDefinition): Promise<RuleDefinition> {
  const { sourceIds, types } = definition.sources;
  if (definition.dataSchema !== undefined || sourceIds.length === 0 || types.length === 0) return definition;
  if (types.some((type) => type.endsWith("*"))) return definition;
  const found = await listSourceTypes(ctx.db, ctx.tenantId, sourceIds);
  if (found.length < new Set(sourceIds).size) return definition;
  const schemas = found.flatMap((source) =>
    types.map((type) => (Object.hasOwn(source, type) ? source[type] : undefined)),
  );
  const [first] = schemas;
  if (first === undefined) return definition;
  const text = canonicalJson(first);
  const same = schemas.every((schema) => schema !== undefined && canonicalJson(schema) === text);
  return same
    ? { ...definition, dataSchema: first as NonNullable<RuleDefinition["dataSchema"]> }
    : definition;
}
