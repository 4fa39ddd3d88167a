import type { Ctx } from "../../kernel/context.ts";
import type { Json } from "../../kernel/json.ts";
import { AppError, problem, toFailure } from "../../kernel/problem.ts";
import type { WorkFailure } from "./engine/commands.ts";
import type { ClaimedStep } from "./engine/replies.ts";
import { type JobHandler, StepUnfinished } from "./handler.ts";
import { StepLease } from "./step-lease.ts";

/** Failures of a provider that concern every job that needs it, until somebody mends them. */
const pausing: Readonly<Record<string, string>> = {
  "llm.credentials_refused": "credentials_refused",
  "llm.credit_exhausted": "credit_exhausted",
  "llm.model_unknown": "model_unknown",
};

/** Pure: how the engine should see an error. */
export function workFailure(error: unknown): WorkFailure {
  const failure = toFailure(error);
  const transient = error instanceof AppError ? error.retryable : true;
  const pausesProvider = pausing[failure.code];
  return {
    code: failure.code,
    message: failure.detail,
    transient,
    ...(failure.kind === "rate_limited" ? { rateLimited: true } : {}),
    ...(failure.retryAfterMs === undefined ? {} : { retryAfterMs: failure.retryAfterMs }),
    ...(pausesProvider === undefined ? {} : { pausesProvider }),
  };
}

/** Works on one claimed step: heartbeats, checkpoints, and one report at its end. Never throws for the job's sake. */
export async function runStep(ctx: Ctx, step: ClaimedStep, handler: JobHandler): Promise<void> {
  const { jobId } = step;
  const lease = new StepLease(ctx, step);
  const timer = setInterval(() => {
    lease.beat({}).catch((error) => ctx.log("warn", "heartbeat failed", { jobId, error }));
  }, step.heartbeatMs);
  try {
    const host = lease.host(await payloadOf(ctx, step));
    const result = await (step.kind === "finalize" && handler.finalize
      ? handler.finalize(ctx, host)
      : handler.work(ctx, host));
    lease.remember(result);
    const { resultRef, outcomes } = result;
    await report(ctx, {
      type: "complete",
      ...lease.facts(),
      ...(resultRef === undefined ? {} : { resultRef }),
      ...(outcomes === undefined ? {} : { outcomes }),
    });
  } catch (error) {
    await reportError(ctx, step, lease, error);
  } finally {
    clearInterval(timer);
  }
}

async function reportError(ctx: Ctx, step: ClaimedStep, lease: StepLease, error: unknown): Promise<void> {
  if (error instanceof StepUnfinished && !lease.stopped) {
    await report(ctx, { type: "release", ...lease.facts() });
    return;
  }
  if (!lease.stopped) {
    const { jobId, chunk, attempt } = step;
    ctx.log("warn", "step failed", { jobId, chunk: chunk.index, attempt, error });
  }
  const failure = lease.stopped
    ? { code: "jobs.cancelled", message: "Stopped.", transient: true }
    : workFailure(error);
  await report(ctx, { type: "fail", ...lease.facts(), failure });
}

type Report = Extract<
  Parameters<Ctx["ports"]["jobs"]["execute"]>[1],
  { type: "complete" | "release" | "fail" }
>;

async function report(ctx: Ctx, command: Report): Promise<void> {
  const reply = await ctx.ports.jobs.execute(ctx.tenantId, command);
  if (reply.ok) return;
  const { jobId, type } = command;
  ctx.log("info", "late report dropped", { jobId, type, code: reply.failure.code });
}

async function payloadOf(ctx: Ctx, step: ClaimedStep): Promise<Json> {
  if ("value" in step.payload) return step.payload.value;
  const object = await ctx.ports.blobs.get(step.payload.ref);
  if (object === null) throw problem("gone", "jobs.payload_gone", "The payload of the job is gone.");
  return (await new Response(object.body).json()) as Json;
}
