import { defineOperation, expectVersion } from "../../../kernel/operation.ts";
import { mustHoldAll } from "../problems.ts";
import { changeKey, mustBeUsable } from "./change-key.ts";
import { mustFindKey } from "./get-key.ts";
import { expiryOf } from "./make-key.ts";
import { ApiKey, KeyChanges } from "./schemas.ts";

export const updateKey = defineOperation({
  action: "access.key.update",
  effect: "write",
  scope: "keys:write",
  summary: "Change the name, the scopes or the expiry of an API key",
  input: KeyChanges,
  output: ApiKey,
  raises: ["not_found", "conflict", "precondition_failed"],
  resource: ({ id }) => `api_key:${id}`,
  version: ({ version }) => version,
  async run(ctx, { id, name, scopes, expiresAt }) {
    const row = await mustFindKey(ctx, id);
    expectVersion(ctx, row.version);
    mustBeUsable(row);
    mustHoldAll(ctx.actor, { grants: scopes ?? row.scopes, projectIds: row.projectIds });
    return changeKey(ctx, row, {
      name: name ?? row.name,
      scopes: scopes ? [...new Set(scopes)] : row.scopes,
      expiresAt: expiresAt === undefined ? row.expiresAt : expiryOf(ctx, expiresAt),
    });
  },
});
