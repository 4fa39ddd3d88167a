import type { Ctx } from "../../kernel/context.ts";
import { mustFindSecret } from "./operations/get-secret.ts";
import { bindingOf } from "./schemas.ts";
import { stampRead } from "./store.ts";

/**
 * The value of a secret of the context's tenant, for a call to a provider; 404 when there is none. The reading is
 * recorded as `secrets.secret.read` before the value is opened. Read once a run, not once a call.
 */
export async function readSecret(ctx: Ctx, name: string): Promise<string> {
  const row = await mustFindSecret(ctx, name);
  const after = { name, version: row.version, usedFor: ctx.action };
  await ctx
    .actingAs(ctx.actor, "secrets.secret.read")
    .write({ entity: `secret:${name}`, after }, (q) => [stampRead(q, row, ctx.now)]);
  return ctx.ports.cipher.open(row.sealed, bindingOf(ctx.tenantId, name, row.version));
}
