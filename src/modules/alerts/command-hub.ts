import type { Ctx } from "../../kernel/context.ts";
import { type Failure, problem } from "../../kernel/problem.ts";
import type { HubCommand, HubReply } from "./hub/commands.ts";

export interface HubChange {
  readonly entity: string;
  readonly before?: unknown;
  readonly after?: unknown;
}

/** Lets the tenant's alert object decide a command and record its event with it. Throws what it refuses. */
export async function commandHub<C extends HubCommand>(
  ctx: Ctx,
  command: C,
  change: HubChange,
): Promise<Extract<HubReply<C>, { ok: true }>> {
  const { kind, id } = ctx.actor;
  const reply = await ctx.ports.alerts.execute(ctx.tenantId, command, {
    ...change,
    id: ctx.newId("evt"),
    at: ctx.now.getTime(),
    actor: { kind, id },
    action: ctx.action,
    requestId: ctx.requestId,
    traceId: ctx.trace.traceId,
    ...(ctx.address === undefined ? {} : { address: ctx.address }),
  });
  if (reply.ok) return reply as Extract<HubReply<C>, { ok: true }>;
  const { failure } = reply as { failure: Failure };
  throw problem(failure.kind, failure.code, failure.detail, failure);
}
