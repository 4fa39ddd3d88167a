import { defineOperation, expectVersion } from "../../../kernel/operation.ts";
import { changeKey, mustBeUsable } from "./change-key.ts";
import { mustFindKey } from "./get-key.ts";
import { ApiKey, KeyId } from "./schemas.ts";

export const revokeKey = defineOperation({
  action: "access.key.revoke",
  effect: "write",
  scope: "keys:write",
  summary: "Revoke an API key at once and for ever",
  input: KeyId,
  output: ApiKey,
  raises: ["not_found", "conflict", "precondition_failed"],
  resource: ({ id }) => `api_key:${id}`,
  version: ({ version }) => version,
  async run(ctx, { id }) {
    const row = await mustFindKey(ctx, id);
    expectVersion(ctx, row.version);
    mustBeUsable(row);
    return changeKey(ctx, row, { revokedAt: ctx.now, previousUntil: null });
  },
});
