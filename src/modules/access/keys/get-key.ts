import type { Ctx } from "../../../kernel/context.ts";
import { defineOperation } from "../../../kernel/operation.ts";
import { projectsCover } from "../grants.rules.ts";
import { unknown } from "../problems.ts";
import { ApiKey, apiKeyOf, KeyId } from "./schemas.ts";
import { findKey, type KeyRow } from "./store.ts";

/** Somebody who is restricted to projects sees the keys that reach no further. */
export async function mustFindKey(ctx: Ctx, id: string): Promise<KeyRow> {
  const row = await findKey(ctx.db, ctx.tenantId, id);
  if (row === undefined || !projectsCover(ctx.actor.projectIds, row.projectIds)) throw unknown("API key", id);
  return row;
}

export const getKey = defineOperation({
  action: "access.key.get",
  effect: "read",
  scope: "keys:read",
  summary: "Read what is known of an API key, without its secret",
  input: KeyId,
  output: ApiKey,
  raises: ["not_found"],
  resource: ({ id }) => `api_key:${id}`,
  version: ({ version }) => version,
  async run(ctx, { id }) {
    return apiKeyOf(await mustFindKey(ctx, id), ctx.ports.tokens.keyEnvironment);
  },
});
