import type { Ctx } from "../../../kernel/context.ts";
import { defineOperation, expectVersion } from "../../../kernel/operation.ts";
import { mustChangeWithin } from "../../../kernel/project-reach.ts";
import { onlyOnce } from "../../access/index.ts";
import { bindingOf, Secret, SecretValue, secretOf } from "../schemas.ts";
import { findSecret, insertSecret, replaceSecret, type SecretRow } from "../store.ts";

export const putSecret = defineOperation({
  action: "secrets.secret.put",
  effect: "write",
  scope: "secrets:write",
  summary: "Store a secret, or its next version; the value can't be read back",
  input: SecretValue,
  output: Secret,
  raises: ["conflict", "precondition_failed"],
  resource: ({ name }) => `secret:${name}`,
  version: ({ version }) => version,
  idempotency: "own",
  async run(ctx, { name, value, description }) {
    mustChangeWithin(ctx.actor, null);
    const before = await findSecret(ctx.db, ctx.tenantId, name);
    const holdKey = await onlyOnce(ctx);
    expectVersion(ctx, before?.version ?? 0);
    const after = await nextOf(ctx, before, name, value, description);
    const entity = `secret:${name}`;
    const change = {
      entity,
      ...(before ? { before: secretOf(before) } : {}),
      after: secretOf(after),
    };
    await ctx.write(
      change,
      (q) => [...(before ? replaceSecret(q, after) : [insertSecret(q, after)]), ...holdKey(q, entity)],
      [{ topic: "secret.changed", payload: { name } }],
    );
    return secretOf(after);
  },
});

async function nextOf(
  ctx: Ctx,
  before: SecretRow | undefined,
  name: string,
  value: string,
  description: string | undefined,
): Promise<SecretRow> {
  const version = (before?.version ?? 0) + 1;
  return {
    tenantId: ctx.tenantId,
    name,
    description: description ?? before?.description ?? "",
    sealed: await ctx.ports.cipher.seal(value, bindingOf(ctx.tenantId, name, version)),
    updatedBy: ctx.actor.id,
    lastReadAt: before?.lastReadAt ?? null,
    version,
    writeId: ctx.newId("wr"),
    createdAt: before?.createdAt ?? ctx.now,
    updatedAt: ctx.now,
  };
}
