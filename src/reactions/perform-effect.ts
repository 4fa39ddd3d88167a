import type { MaruEvent } from "../../contracts/events.ts";
import { RunRequest } from "../../contracts/runs.ts";
import { buildCtx, type Session, systemActor } from "../context.ts";
import type { Ctx } from "../kernel/context.ts";
import { sha256Json } from "../kernel/hash.ts";
import { newId } from "../kernel/ids.ts";
import { AppError } from "../kernel/problem.ts";
import { continueTrace } from "../kernel/trace.ts";
import { submitRequestedRun } from "../modules/evaluation/index.ts";
import {
  type ClaimedEffect,
  type EffectOutcome,
  type EffectRequest,
  ruleSourceId,
} from "../modules/rules/index.ts";
import { callHttp } from "./call-http.ts";

type RequestOf<Kind extends EffectRequest["kind"]> = EffectRequest & { readonly kind: Kind };

const oldestMs = 7 * 86_400_000;
const newestMs = 5 * 60_000;

/** Does once what an action of a rule is to do. Never throws: what went wrong is the outcome. */
export async function performEffect(
  session: Session,
  tenantId: string,
  effect: ClaimedEffect,
): Promise<EffectOutcome> {
  const { request } = effect;
  if (request === null) return refused("It is larger than what may be sent.");
  try {
    switch (request.kind) {
      case "http":
        return await callHttp(session, ctxOf(session, tenantId, effect), effect.key, request);
      case "job":
        return await startJob(ctxOf(session, tenantId, effect), effect.key, request);
      case "rule":
        await session.ports.events.publish(tenantId, [eventOf(tenantId, effect, request, session.now)]);
        return { done: true, detail: `told as ${request.type}` };
    }
  } catch (error) {
    if (!(error instanceof AppError)) return { ...refused("Something failed on our side."), retryable: true };
    const { detail, retryAfterMs = 0 } = error.failure;
    const retryable = error.retryable || error.kind === "limit_reached";
    return { done: false, retryable, retryAfterMs, detail };
  }
}

const refused = (detail: string) => ({ done: false, retryable: false, retryAfterMs: 0, detail }) as const;

/** The platform acts for the rule, and reaches what the rule's project reaches. */
function ctxOf(session: Session, tenantId: string, { kind, projectId }: ClaimedEffect): Ctx {
  const actor = systemActor(tenantId, "rules");
  return buildCtx(session, {
    actor: projectId === null ? actor : { ...actor, projectIds: [projectId] },
    action: kind === "job" ? "evaluation.run.submit" : "rules.effect.send",
    requestId: newId("req", session.now),
    trace: continueTrace(undefined),
  });
}

/** Submits the job under the effect's key: a second attempt finds the job of the first. */
async function startJob(ctx: Ctx, key: string, { run }: RequestOf<"job">): Promise<EffectOutcome> {
  const request = RunRequest.safeParse(run);
  if (!request.success) return refused("The run that it asks for is not valid.");
  const idempotency = { key, bodyHash: await sha256Json({ key }) };
  const job = await submitRequestedRun({ ...ctx, idempotency }, request.data);
  return { done: true, detail: "submitted", jobId: job.id };
}

function eventOf(
  tenantId: string,
  { key, ruleId, at, seq }: ClaimedEffect,
  { type, data }: RequestOf<"rule">,
  now: Date,
): MaruEvent {
  const ingesttime = now.getTime();
  const adjusted = at < ingesttime - oldestMs || at > ingesttime + newestMs;
  return {
    id: key,
    source: `/rules/${ruleId}`,
    type,
    time: adjusted ? ingesttime : at,
    ...(adjusted ? { timeadjusted: true } : {}),
    data: data as NonNullable<MaruEvent["data"]>,
    tenantid: tenantId,
    sourceid: ruleSourceId(ruleId),
    ingesttime,
    ingestseq: seq,
    verified: "internal",
  };
}
