import type { Ctx } from "../../../kernel/context.ts";
import { defineOperation } from "../../../kernel/operation.ts";
import { problem } from "../../../kernel/problem.ts";
import { Secret, SecretRef, secretOf } from "../schemas.ts";
import { findSecret, type SecretRow } from "../store.ts";

export async function mustFindSecret(ctx: Ctx, name: string): Promise<SecretRow> {
  const row = await findSecret(ctx.db, ctx.tenantId, name);
  if (row === undefined) throw problem("not_found", "secrets.unknown", `There is no secret ${name}.`);
  return row;
}

export const getSecret = defineOperation({
  action: "secrets.secret.get",
  effect: "read",
  scope: "secrets:read",
  summary: "Read what is known of a secret, without its value",
  input: SecretRef,
  output: Secret,
  raises: ["not_found"],
  resource: ({ name }) => `secret:${name}`,
  version: ({ version }) => version,
  async run(ctx, { name }) {
    return secretOf(await mustFindSecret(ctx, name));
  },
});
