import { systemCtx } from "../context.ts";
import type { OutboxHandler } from "./outbox-handler.ts";
import { tenantLimits } from "./tenant-limits.ts";

/** Tells the tenant's job object the limits that hold now; a late message only tells the newest again. */
export const tellLimits: OutboxHandler = async (session, { tenantId, topic }) => {
  const ctx = systemCtx(session, tenantId, topic);
  const limits = await tenantLimits(ctx);
  await ctx.ports.jobs.execute(tenantId, {
    type: "set_limits",
    tenantId,
    limits,
    audit: { actor: "system:policy" },
  });
};
