import { JobsObject as RealJobsObject } from "../../durable-objects/jobs/jobs-object.ts";
import type { ClaimCommand, CompleteCommand, Submission } from "../../src/modules/jobs/engine/commands.ts";
import type { ClaimedStep } from "../../src/modules/jobs/engine/replies.ts";
import type { JobsPort } from "../../src/modules/jobs/index.ts";
import { jobsPort } from "../../src/objects/jobs-port.ts";
import type { Env } from "../../src/platform/env.ts";
import { jobsOf } from "../../src/platform/objects.ts";
import type { JobsOutcome, JobsPlan, Report } from "./jobs-plan.ts";

const lane = "fast";
const payload = { text: "x".repeat(200) };

const accepted = { success: true, results: [], meta: {} };

/** A database that takes every statement and does nothing, so that the engine and its host are measured, not D1. */
const sink = {
  prepare: () => {
    const statement = {
      bind: () => statement,
      run: async () => accepted,
      all: async () => accepted,
      raw: async () => [],
    };
    return statement;
  },
  batch: async (statements: readonly unknown[]) => statements.map(() => accepted),
};

const silent = new Proxy({}, { get: () => async () => undefined });
const nobody = { getByName: () => silent };

/** The product's object; what its effects reach acknowledges at once. */
export class JobsObject extends RealJobsObject {
  constructor(ctx: DurableObjectState, env: Env) {
    const silenced = { ...env, DB: sink, LANES: nobody, LEDGER: nobody, METERS: nobody };
    super(ctx, silenced as unknown as Env);
  }

  isSettled(): boolean {
    return this.ctx.storage.sql.exec("select 1 from effects limit 1").toArray().length === 0;
  }
}

function submission(tenantId: string, index: number): Submission {
  return {
    tenantId,
    projectId: index % 3 === 0 ? "small" : "large",
    type: "ANALYSIS",
    lane,
    requestedBy: "user:bench",
    payload,
    unitMicros: 10,
  };
}

async function submitAll(
  port: JobsPort,
  tenant: string,
  jobs: number,
  bulk: number,
  inFlight: number,
  sent?: (id: string, at: number) => void,
) {
  let next = 0;
  const sender = async () => {
    while (next < jobs) {
      const from = next;
      next = Math.min(jobs, from + bulk);
      const items = Array.from({ length: next - from }, (_, i) => submission(tenant, from + i));
      const at = performance.now();
      const { results } = await port.execute(tenant, { type: "submit", items });
      for (const result of results) {
        if (!result.ok) throw new Error(result.failure.detail);
        sent?.(result.jobId, at);
      }
    }
  };
  await Promise.all(Array.from({ length: inFlight }, sender));
}

const completionOf = ({ jobId, token, chunk }: ClaimedStep): CompleteCommand => ({
  type: "complete",
  jobId,
  token,
  chunk: chunk.index,
  costMicros: 8,
});

/** Claims and completes until `jobs` results were accepted. */
async function work(
  port: JobsPort,
  tenant: string,
  plan: { readonly jobs: number; readonly claim: number; readonly workers: number; readonly report: Report },
  ended?: (jobId: string, at: number) => void,
) {
  let claimed = 0;
  const accept = (steps: readonly ClaimedStep[], replies: readonly unknown[]) => {
    const at = performance.now();
    replies.forEach((reply, i) => {
      if ((reply as { ok: boolean }).ok !== true) throw new Error(JSON.stringify(reply));
      ended?.(steps[i]?.jobId ?? "", at);
    });
  };
  const worker = async (_: unknown, index: number) => {
    let held: readonly ClaimedStep[] = [];
    while (held.length > 0 || claimed < plan.jobs) {
      const max = Math.min(plan.claim, plan.jobs - claimed);
      const claim: ClaimCommand = {
        type: "claim",
        lane,
        max,
        workerId: `w${index}`,
        permits: { [tenant]: 1 },
      };
      claimed += max;
      const reports = held.map(completionOf);
      const before = held;
      if (plan.report === "batch") {
        const { replies } = await port.execute(tenant, { type: "batch", commands: [...reports, claim] });
        accept(before, replies.slice(0, -1));
        held = (replies.at(-1) as { steps: readonly ClaimedStep[] }).steps;
      } else {
        accept(before, await Promise.all(reports.map((report) => port.execute(tenant, report))));
        held = max === 0 ? [] : (await port.execute(tenant, claim)).steps;
      }
      claimed -= max - held.length;
      if (held.length === 0 && claimed < plan.jobs) await scheduler.wait(2);
    }
  };
  await Promise.all(Array.from({ length: plan.workers }, worker));
}

async function run(env: Env, plan: JobsPlan): Promise<JobsOutcome> {
  const port = jobsPort(env);
  const { tenant } = plan;
  if (plan.kind === "limits") {
    const limits = {
      concurrency: 100_000,
      budget: { dayMicros: 1e12, monthMicros: 1e13 },
      projects: {
        large: { weight: 2, concurrency: 50_000, budget: { dayMicros: 1e12 } },
        small: { weight: 1 },
      },
    };
    await port.execute(tenant, {
      type: "set_limits",
      tenantId: tenant,
      limits,
      audit: { actor: "user:bench" },
    });
    return { jobs: 0, elapsedMs: 0, latencies: [] };
  }
  if (plan.kind === "settle") {
    const object = jobsOf(env, tenant) as unknown as { isSettled(): Promise<boolean> };
    while (!(await object.isSettled())) await scheduler.wait(20);
    return { jobs: 0, elapsedMs: 0, latencies: [] };
  }
  const startedAt = performance.now();
  const latencies: number[] = [];
  if (plan.kind === "submit") await submitAll(port, tenant, plan.jobs, plan.bulk, plan.inFlight);
  if (plan.kind === "drain") await work(port, tenant, plan);
  if (plan.kind === "flow") {
    const sentAt = new Map<string, number>();
    const endedAt = new Map<string, number>();
    await Promise.all([
      submitAll(port, tenant, plan.jobs, plan.bulk, 1, (id, at) => sentAt.set(id, at)),
      work(port, tenant, plan, (id, at) => endedAt.set(id, at)),
    ]);
    for (const [id, at] of endedAt) latencies.push(at - (sentAt.get(id) ?? at));
  }
  if (plan.kind === "single") {
    for (let i = 0; i < plan.jobs; i++) {
      const at = performance.now();
      await submitAll(port, tenant, 1, 1, 1);
      const { steps } = await port.execute(tenant, {
        type: "claim",
        lane,
        max: 1,
        workerId: "w",
        permits: { [tenant]: 1 },
      });
      for (const step of steps) await port.execute(tenant, completionOf(step));
      latencies.push(performance.now() - at);
    }
  }
  return { jobs: plan.jobs, elapsedMs: performance.now() - startedAt, latencies };
}

export default {
  async fetch(request, env) {
    if (request.method === "GET") return new Response("ok");
    return Response.json(await run(env, await request.json<JobsPlan>()));
  },
} satisfies ExportedHandler<Env>;
