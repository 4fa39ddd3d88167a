import { defineOperation, expectVersion } from "../../../kernel/operation.ts";
import { onlyOnce } from "../once.store.ts";
import { mustHoldAll } from "../problems.ts";
import { changeKey, mustBeUsable } from "./change-key.ts";
import { mustFindKey } from "./get-key.ts";
import { newSecret } from "./make-key.ts";
import { KeyRotation, NewApiKey } from "./schemas.ts";

export const rotateKey = defineOperation({
  action: "access.key.rotate",
  effect: "write",
  scope: "keys:write",
  summary: "Give an API key a new secret; the one before is accepted for a grace period",
  input: KeyRotation,
  output: NewApiKey,
  raises: ["not_found", "conflict", "precondition_failed"],
  resource: ({ id }) => `api_key:${id}`,
  version: ({ version }) => version,
  idempotency: "own",
  async run(ctx, { id, graceSeconds }) {
    const row = await mustFindKey(ctx, id);
    const holdKey = await onlyOnce(ctx);
    expectVersion(ctx, row.version);
    mustBeUsable(row);
    mustHoldAll(ctx.actor, { grants: row.scopes, projectIds: row.projectIds });
    const { text, hash } = await newSecret(ctx, id);
    const shown = await changeKey(
      ctx,
      row,
      {
        secretHash: hash,
        previousHash: graceSeconds > 0 ? row.secretHash : null,
        previousUntil: graceSeconds > 0 ? new Date(ctx.now.getTime() + graceSeconds * 1000) : null,
      },
      holdKey,
    );
    return { ...shown, key: text };
  },
});
