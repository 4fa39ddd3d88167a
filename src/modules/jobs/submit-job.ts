import type { Job } from "../../../contracts/jobs.ts";
import { actorName } from "../../kernel/actor-name.ts";
import type { Ctx } from "../../kernel/context.ts";
import { problem } from "../../kernel/problem.ts";
import { traceparent } from "../../kernel/trace.ts";
import type { AuditInfo, Submission } from "./engine/commands.ts";
import { idempotencyScope } from "./engine/link-keys.ts";
import { publicJob } from "./engine/snapshot.ts";
import { keyOfAnother } from "./engine/submit.rules.ts";

/** Who asks, for the audit events that the job object writes. */
export function auditOf(ctx: Ctx): AuditInfo {
  return {
    actor: actorName(ctx.actor),
    action: ctx.action,
    requestId: ctx.requestId,
    trace: traceparent(ctx.trace),
    ...(ctx.address === undefined ? {} : { address: ctx.address }),
  };
}

export type SubmissionPart = Omit<Submission, "tenantId" | "requestedBy" | "trace" | "idempotency">;

/**
 * Submits one job to the tenant's object. The caller's `Idempotency-Key` is settled there, in the same transaction:
 * the same key with the same body answers the same job, with another body 422.
 */
export async function submitJob(ctx: Ctx, part: SubmissionPart): Promise<Job> {
  const [job] = await submitJobs(ctx, [part]);
  if (job === undefined) throw problem("internal", "jobs.no_answer", "The job object gave no answer.");
  return job;
}

const keptMs = 86_400_000;

/**
 * The job that this very request was answered with before, if it was: a repeat must not meet the limits that its
 * first sending used up.
 * @throws invalid_input `idempotency.other_body` when the key belongs to another request
 */
export async function submittedBefore(ctx: Ctx, projectId: string): Promise<Job | null> {
  if (ctx.idempotency === undefined) return null;
  const { key, bodyHash } = ctx.idempotency;
  const scope = idempotencyScope(ctx.tenantId, projectId, ctx.action, key);
  const found = await ctx.ports.jobs.findByKey(ctx.tenantId, scope);
  const now = ctx.now.getTime();
  if (found === null) return null;
  if (found.job.finishedAt !== null && now >= found.job.createdAt + keptMs) return null;
  if (found.bodyHash !== bodyHash) {
    const { kind, code, detail, ...more } = keyOfAnother(found.job.id);
    throw problem(kind, code, detail, more);
  }
  return publicJob(found.job, now);
}

/** Submits several jobs in one transaction, each under the `Idempotency-Key` and its place. Throws the first refusal. */
export async function submitJobs(ctx: Ctx, parts: readonly SubmissionPart[]): Promise<Job[]> {
  const items = parts.map((part, index): Submission => {
    const route = index === parts.length - 1 ? ctx.action : `${ctx.action}#${index}`;
    return {
      ...part,
      tenantId: ctx.tenantId,
      requestedBy: actorName(ctx.actor),
      trace: traceparent(ctx.trace),
      ...(ctx.idempotency ? { idempotency: { route, ...ctx.idempotency } } : {}),
    };
  });
  const { results } = await ctx.ports.jobs.execute(ctx.tenantId, {
    type: "submit",
    items,
    audit: auditOf(ctx),
  });
  return results.map((result) => {
    if (!result.ok)
      throw problem(result.failure.kind, result.failure.code, result.failure.detail, result.failure);
    return publicJob(result.job, ctx.now.getTime());
  });
}
