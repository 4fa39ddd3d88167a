import type { Ctx } from "../../kernel/context.ts";
import type { Json } from "../../kernel/json.ts";
import { AppError, problem, toFailure } from "../../kernel/problem.ts";
import type { WorkFailure } from "./engine/commands.ts";
import type { ClaimedStep } from "./engine/replies.ts";
import type { JobHandler, StepHost, StepReport, StepResult } from "./handler.ts";
import type { ChunkResults, ResultRefs } from "./port.ts";

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

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** Works on one claimed step: heartbeats, checkpoints, and one report at its end. Never throws for the job's sake. */
export async function runStep(ctx: Ctx, step: ClaimedStep, handler: JobHandler): Promise<void> {
  const { jobId, token } = step;
  const lease = { jobId, token, chunk: step.chunk.index };
  const jobs = ctx.ports.jobs;
  const abort = new AbortController();
  const told: { costMicros: number; usage: { requests: number; tokens: number } } = {
    costMicros: 0,
    usage: { requests: 0, tokens: 0 },
  };
  const remember = (report: StepReport): void => {
    told.costMicros = Math.max(told.costMicros, report.costMicros ?? 0);
    if (report.usage) told.usage = report.usage;
  };
  const beat = async (report: StepReport): Promise<void> => {
    remember(report);
    const reply = await jobs.execute(ctx.tenantId, {
      type: "heartbeat",
      ...lease,
      ...told,
      ...parts(report),
    });
    if (!reply.ok) abort.abort(problem("conflict", reply.failure.code, reply.failure.detail));
    else if (reply.cancel) abort.abort(problem("conflict", "jobs.cancelled", "The job is being cancelled."));
  };
  const timer = setInterval(() => {
    beat({}).catch((error) => ctx.log("warn", "heartbeat failed", { jobId, error }));
  }, step.heartbeatMs);
  const hostWith = (payload: Json): StepHost => ({
    step,
    payload,
    signal: abort.signal,
    checkpoint: beat,
    async takeTokens(requests, tokens) {
      for (;;) {
        abort.signal.throwIfAborted();
        const reply = await jobs.execute(ctx.tenantId, {
          type: "take_tokens",
          jobId,
          token,
          requests,
          tokens,
        });
        if (!reply.ok) throw problem(reply.failure.kind, reply.failure.code, reply.failure.detail);
        if (reply.cancel) abort.abort(problem("conflict", "jobs.cancelled", "The job is being cancelled."));
        if (reply.granted) return;
        await pause(Math.min(reply.waitMs, 5_000));
      }
    },
    async reportRateLimit(retryAfterMs) {
      const wait = retryAfterMs === undefined ? {} : { retryAfterMs };
      await jobs.execute(ctx.tenantId, { type: "report_rate_limit", jobId, token, ...wait });
    },
    async results() {
      const chunks: ChunkResults[] = [];
      let deadUnits: readonly number[] = [];
      for (let after: number | null = -1; after !== null; ) {
        const page: ResultRefs = await jobs.results(ctx.tenantId, jobId, after);
        chunks.push(...page.chunks);
        deadUnits = page.deadUnits;
        after = page.after;
      }
      return { chunks, deadUnits };
    },
  });
  try {
    const host = hostWith(await payloadOf(ctx, step));
    const result = await (step.kind === "finalize" && handler.finalize
      ? handler.finalize(ctx, host)
      : handler.work(ctx, host));
    remember(result);
    await end(ctx, step, result, told);
  } catch (error) {
    const aborted = abort.signal.aborted;
    if (!aborted)
      ctx.log("warn", "step failed", { jobId, chunk: step.chunk.index, attempt: step.attempt, error });
    const failure = aborted
      ? { code: "jobs.cancelled", message: "Stopped.", transient: true }
      : workFailure(error);
    const reply = await jobs.execute(ctx.tenantId, { type: "fail", ...lease, ...told, failure });
    if (!reply.ok) ctx.log("info", "late failure dropped", { jobId, code: reply.failure.code });
  } finally {
    clearInterval(timer);
  }
}

async function end(ctx: Ctx, step: ClaimedStep, result: StepResult, told: StepReport): Promise<void> {
  const { jobId, token, chunk } = step;
  const reply = await ctx.ports.jobs.execute(ctx.tenantId, {
    type: "complete",
    jobId,
    token,
    chunk: chunk.index,
    ...told,
    ...(result.resultRef === undefined ? {} : { resultRef: result.resultRef }),
    ...(result.outcomes === undefined ? {} : { outcomes: result.outcomes }),
  });
  if (!reply.ok) ctx.log("info", "late result dropped", { jobId, code: reply.failure.code });
}

const parts = ({ outcomes, partRef }: StepReport) => ({
  ...(outcomes === undefined ? {} : { outcomes }),
  ...(partRef === undefined ? {} : { partRef }),
});

async function payloadOf(ctx: Ctx, step: ClaimedStep): Promise<Json> {
  if ("value" in step.payload) return step.payload.value;
  const object = await ctx.ports.blobs.get(step.payload.ref);
  if (object === null) throw problem("gone", "jobs.payload_gone", "The payload of the job is gone.");
  return (await new Response(object.body).json()) as Json;
}
