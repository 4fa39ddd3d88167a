import type { Ctx } from "../../../kernel/context.ts";
import { problem } from "../../../kernel/problem.ts";
import type { HoldKey } from "../once.store.ts";
import { type ApiKey, apiKeyOf } from "./schemas.ts";
import { type KeyRow, replaceKey } from "./store.ts";

/** Refuses to change a key that has been revoked: that is for ever. */
export function mustBeUsable(row: KeyRow): void {
  if (row.revokedAt !== null) throw problem("conflict", "access.key_is_revoked", "The key has been revoked.");
}

/** Stores a key's next version with its event. */
export async function changeKey(
  ctx: Ctx,
  row: KeyRow,
  changes: Partial<KeyRow>,
  holdKey: HoldKey = () => [],
): Promise<ApiKey> {
  const environment = ctx.ports.tokens.keyEnvironment;
  const next = {
    ...row,
    ...changes,
    version: row.version + 1,
    writeId: ctx.newId("wr"),
    updatedAt: ctx.now,
  };
  const entity = `api_key:${row.id}`;
  const change = { entity, before: apiKeyOf(row, environment), after: apiKeyOf(next, environment) };
  await ctx.write(change, (q) => [...replaceKey(q, next), ...holdKey(q, entity)]);
  return change.after;
}
