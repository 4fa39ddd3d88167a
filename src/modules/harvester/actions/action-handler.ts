import type { Ctx } from "../../../kernel/context.ts";
import { AppError, problem } from "../../../kernel/problem.ts";
import { type JobHandler, type StepHost, StepUnfinished } from "../../jobs/index.ts";
import { kubeOf } from "../kube/kube.ts";
import { type ActionKind, actionKinds } from "./action-kinds.ts";
import { ActionPayload } from "./follow-action.ts";
import type { Progress } from "./progress.rules.ts";

/** How long one step follows; a queue's consumer must end within 15 minutes. */
const stepMs = 600_000;
const firstLookMs = 500;
const slowestLookMs = 10_000;

/** Follows an action in a cluster until it has ended there, and takes it back when the job is cancelled. */
export const actionHandler: JobHandler = {
  async work(ctx, host) {
    const { kind: name, clusterId, namespace, name: target } = ActionPayload.parse(host.payload);
    const kind: ActionKind = actionKinds[name];
    // The log of calls says which job looked.
    const actor = { ...ctx.actor, id: host.step.jobId };
    const kube = kubeOf({ ...ctx, actor, action: `harvester.${name}` }, clusterId);
    const at = { namespace: namespace ?? undefined, name: target };
    const until = Date.now() + stepMs;
    let percent = host.step.chunk.doneUnits.length;
    for (let waitMs = firstLookMs; Date.now() < until; waitMs = Math.min(slowestLookMs, waitMs * 1.5)) {
      if (host.signal.aborted) {
        if (isCancel(host.signal.reason)) await kind.undo?.(kube, at);
        throw host.signal.reason;
      }
      const progress = await lookOnce(ctx, () => kind.look(kube, at));
      if (progress?.state === "done") return {};
      if (progress?.state === "failed")
        throw problem("conflict", "harvester.action_failed", progress.message);
      if (progress && progress.percent > percent) {
        await host.checkpoint({ outcomes: unitsDone(percent, progress.percent) });
        percent = progress.percent;
      }
      await pause(waitMs, host);
    }
    throw new StepUnfinished();
  },
};

/** A cluster that can't be reached now says nothing about the action: it is looked at again later. */
async function lookOnce(ctx: Ctx, look: () => Promise<Progress>): Promise<Progress | undefined> {
  try {
    return await look();
  } catch (error) {
    if (!(error instanceof AppError) || !error.retryable) throw error;
    ctx.log("info", "action not seen", { error });
    return undefined;
  }
}

const unitsDone = (from: number, to: number): Record<number, "d"> =>
  Object.fromEntries(Array.from({ length: to - from }, (_, i) => [from + i, "d" as const]));

const isCancel = (reason: unknown): boolean =>
  reason instanceof AppError && reason.failure.code === "jobs.cancelled";

function pause(ms: number, { signal }: StepHost): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    signal.addEventListener(
      "abort",
      () => {
        clearTimeout(timer);
        resolve();
      },
      { once: true },
    );
  });
}
