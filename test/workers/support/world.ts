import { env } from "cloudflare:workers";
import { expect, inject } from "vitest";
import type { Job, JobEvent } from "../../../contracts/jobs.ts";
import { scopes } from "../../../src/kernel/scopes.ts";
import type { AuditEvent } from "../../../src/modules/audit/schemas.ts";
import { jobsPort } from "../../../src/objects/jobs-port.ts";
import type { Env } from "../../../src/platform/env.ts";
import type {} from "../../support/provided.ts";
import { type Answer, type ApiOptions, newTenant } from "./tenant.ts";

export const bindings = env as unknown as Env;

/** A case of the small data set that worlds share: odd ones are answered wrongly. */
export function sampleCase(n: number) {
  const right = n % 2 === 0;
  return {
    id: `q${n}`,
    user_input: `보험 ${n}번의 보장 금액은 얼마인가요?`,
    response: right ? `보장 금액은 ${n + 1}천만원입니다.` : "보장되지 않습니다.",
    reference: `보장 금액은 ${n + 1}천만원입니다.`,
    retrieved_contexts: [`${n}번 보험의 보장 금액은 ${n + 1}천만원입니다.`],
  };
}

export const jsonLines = (rows: readonly unknown[]): string =>
  rows.map((row) => JSON.stringify(row)).join("\n");

export const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** Asks again until there is an answer; fails with `what` after `withinMs`. */
export async function eventually<T>(
  what: string,
  ask: () => Promise<T | undefined | false>,
  withinMs = 15_000,
): Promise<T> {
  const until = Date.now() + withinMs;
  for (let waitMs = 5; ; waitMs = Math.min(250, waitMs * 1.5)) {
    const found = await ask();
    if (found !== undefined && found !== false) return found;
    if (Date.now() >= until) throw new Error(`not within ${withinMs} ms: ${what}`);
    await sleep(waitMs);
  }
}

let made = 0;

/** A tenant of its own with what tests of the whole product need: keys by scope, data sets, profiles, runs. */
export async function newWorld() {
  const tenant = await newTenant();
  const { call, tenantId } = tenant;
  const keys = new Map<string, Promise<string>>();
  const shared = new Map<string, Promise<unknown>>();
  const jobs = jobsPort(bindings);

  async function ok(what: string, options: ApiOptions = {}): Promise<Answer> {
    const answer = await call(what, options);
    expect(answer.status, `${what}: ${answer.text}`).toBeLessThan(300);
    return answer;
  }

  /** Made once for the world, then remembered. */
  function once<T>(name: string, make: () => Promise<T>): Promise<T> {
    const known = shared.get(name) ?? make();
    shared.set(name, known);
    return known as Promise<T>;
  }

  const world = {
    ...tenant,
    jobs,
    ok,
    once,
    /** A name that nothing else in the world has. */
    name: (what: string) => `${what}-${(made++).toString(36)}`,
    /** A key that holds every scope but this one. */
    keyWithout(scope: string): Promise<string> {
      const known = keys.get(scope) ?? tenant.key(scopes.filter((other) => other !== scope));
      keys.set(scope, known);
      return known;
    },
    async project(): Promise<string> {
      return (await ok("POST /v1/projects", { json: { name: world.name("project") } })).body.id;
    },
    /** A data set of `count` sample cases, or of these rows; answers its body. */
    async dataset(rows: number | readonly unknown[] = 6, projectId?: string) {
      const list = typeof rows === "number" ? Array.from({ length: rows }, (_, n) => sampleCase(n)) : rows;
      const project = projectId === undefined ? "" : `&projectId=${projectId}`;
      const path = `POST /v1/datasets?name=${world.name("data")}${project}`;
      return (await ok(path, { file: jsonLines(list) })).body;
    },
    /** A profile for the scripted model server; its secret is the world's, good unless another is named. */
    async profile(
      changes: Record<string, unknown> = {},
      secret = inject("scriptedLlm").key,
    ): Promise<string> {
      const [name, secretName] = [world.name("judge"), world.name("key").replace("-", "_")];
      await ok(`PUT /v1/secrets/${secretName}`, { json: { value: secret } });
      await ok(`PUT /v1/profiles/${name}`, {
        json: {
          provider: "openai-compatible",
          baseUrl: inject("scriptedLlm").baseUrl,
          model: "gpt-4o-mini",
          embeddingModel: "text-embedding-3-small",
          secretName,
          prices: [
            { model: "gpt-4o-mini", inputMicrosPerMillion: 150_000, outputMicrosPerMillion: 600_000 },
            { model: "text-embedding-3-small", inputMicrosPerMillion: 20_000, outputMicrosPerMillion: 0 },
          ],
          ...changes,
        },
      });
      return name;
    },
    async submit(json: Record<string, unknown>, options: ApiOptions = {}): Promise<Job> {
      return (await ok("POST /v1/runs:submit", { ...options, json })).body;
    },
    async job(id: string): Promise<Job> {
      return (await ok(`GET /v1/jobs/${id}`)).body;
    },
    /** Waits for a job to end. */
    ended(id: string, withinMs = 15_000): Promise<Job> {
      return eventually(
        `the end of ${id}`,
        async () => {
          const job = await world.job(id);
          return job.finishedAt !== null && job;
        },
        withinMs,
      );
    },
    /** Waits until a job is in a state. */
    inState(id: string, state: string, reason?: string): Promise<Job> {
      return eventually(`${id} ${state} ${reason ?? ""}`, async () => {
        const job = await world.job(id);
        return job.state === state && (reason === undefined || job.reasonCode === reason) && job;
      });
    },
    /** Submits, waits for success and reads the run. */
    async run(json: Record<string, unknown>) {
      const job = await world.ended((await world.submit(json)).id);
      expect(job, JSON.stringify(job)).toMatchObject({ status: "SUCCEEDED" });
      return (await ok(`GET /v1/runs/${job.resultRef}`)).body;
    },
    /** A run that tests may read but not change; made once. */
    sharedRun(projectId?: string): Promise<{ id: string; jobId: string }> {
      return once(`run ${projectId ?? ""}`, async () =>
        world.run({ dataset: (await world.dataset(4, projectId)).id }),
      );
    },
    /** Every case result of a run. */
    async cases(runId: string) {
      return (await ok(`GET /v1/runs/${runId}/cases?limit=200`)).body.items;
    },
    /** The audit events that a request left, once there is one; read with the world's key or this one. */
    eventsOf(requestId: string, action: string, as?: string, withinMs?: number) {
      return eventually(
        `an event of ${action} for ${requestId}`,
        async () => {
          const { body } = await ok("GET /v1/audit/events?limit=200", as === undefined ? {} : { as });
          const own: AuditEvent[] = body.items.filter((event: AuditEvent) => event.requestId === requestId);
          return own.length > 0 && own;
        },
        withinMs,
      );
    },
    /** The world's own key as events name it. */
    self: () =>
      once("self", async () => {
        const { actor } = (await ok("GET /v1/me")).body;
        return `${actor.kind}:${actor.id}`;
      }),
    /** Every event of a job, in order. */
    async jobEvents(jobId: string): Promise<readonly JobEvent[]> {
      return (await jobs.events(tenantId, jobId, 0, 0))?.events ?? [];
    },
  };
  return world;
}
export type World = Awaited<ReturnType<typeof newWorld>>;

interface LlmRequest {
  readonly promptName: string;
  readonly path: string;
  readonly model: string;
  readonly authorization?: string;
}

async function control(path: string, body?: unknown): Promise<LlmRequest[]> {
  const url = `${inject("scriptedLlm").controlUrl}${path}`;
  const response = await fetch(url, { method: "POST", body: JSON.stringify(body ?? null) });
  return response.json();
}

/** Steers the scripted model server. */
export const scriptedLlm = {
  reset: () => control("/reset"),
  /** The next requests fail like this, in order. */
  fail: (...failures: unknown[]) => control("/fail", failures),
  requests: () => control("/requests"),
};
