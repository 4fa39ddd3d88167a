import { defineOperation, expectVersion } from "../../../kernel/operation.ts";
import { mustChangeWithin } from "../../../kernel/project-reach.ts";
import { Secret, SecretRef, secretOf } from "../schemas.ts";
import { removeSecret } from "../store.ts";
import { mustFindSecret } from "./get-secret.ts";

export const deleteSecret = defineOperation({
  action: "secrets.secret.delete",
  effect: "write",
  scope: "secrets:write",
  summary: "Delete a secret",
  input: SecretRef,
  output: Secret,
  raises: ["not_found", "conflict", "precondition_failed"],
  resource: ({ name }) => `secret:${name}`,
  version: ({ version }) => version,
  async run(ctx, { name }) {
    const row = await mustFindSecret(ctx, name);
    mustChangeWithin(ctx.actor, null);
    expectVersion(ctx, row.version);
    await ctx.write({ entity: `secret:${name}`, before: secretOf(row) }, (q) => removeSecret(q, row));
    return secretOf(row);
  },
});
