import { evictDurableObject } from "cloudflare:test";
import { beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { Job } from "../../../contracts/jobs.ts";
import { jobsOf } from "../../../src/platform/objects.ts";
import { problemOf } from "../support/tenant.ts";
import { bindings, eventually, newWorld, scriptedLlm, sleep, type World } from "../support/world.ts";

let world: World;
let dataset: string;
beforeAll(async () => {
  world = await newWorld();
  dataset = (await world.dataset(3)).id;
});
beforeEach(() => scriptedLlm.reset());

const audit = { actor: "system:test" };
const later = (ms: number) => new Date(Date.now() + ms).toISOString();
const lexical = (more: object = {}) => ({ dataset, metrics: ["exact_match"], ...more });

function hold(on: boolean, of: World = world) {
  const scope = { tenantId: of.tenantId, kind: "tenant" as const, name: of.tenantId };
  return of.jobs.execute(
    of.tenantId,
    on ? { type: "pause", scope, reason: "test", audit } : { type: "resume", scope, audit },
  );
}

interface Sent {
  readonly id: number;
  readonly type: string;
  readonly data: { readonly jobSeq: number; readonly type: string; readonly data: Record<string, unknown> };
}

/** The events of a stream, as a browser would see them. */
function sentEvents(text: string): Sent[] {
  return text
    .split("\n\n")
    .filter((block) => block.includes("data: "))
    .map((block) => {
      const field = (name: string) => new RegExp(`^${name}: (.*)$`, "m").exec(block)?.[1] ?? "";
      return { id: Number(field("id")), type: field("event"), data: JSON.parse(field("data")) };
    });
}

describe("when a job runs", () => {
  it("starts no earlier than it was told to", async () => {
    const runAt = later(700);
    const job = await world.submit(lexical({ runAt }));
    expect(job).toMatchObject({ status: "QUEUED", state: "SCHEDULED", runAt });
    const done = await world.ended(job.id);
    expect(done).toMatchObject({ status: "SUCCEEDED" });
    expect(Date.parse(done.startedAt ?? "")).toBeGreaterThanOrEqual(Date.parse(runAt));
  });

  const startOf = async (id: string): Promise<number> =>
    (await world.jobEvents(id)).find(({ type }) => type === "job.started")?.seq ?? 0;

  it("lets the more urgent go first, whatever came first", async () => {
    await hold(true);
    const priorities = [0, 5, 2, 9, 5];
    const jobs: Job[] = [];
    for (const priority of priorities) jobs.push(await world.submit(lexical({ priority })));
    await hold(false);
    const started: { priority: number; seq: number }[] = [];
    for (const { id, priority } of jobs) {
      await world.ended(id);
      started.push({ priority, seq: await startOf(id) });
    }
    const order = started.sort((a, b) => a.seq - b.seq).map(({ priority }) => priority);
    expect(order).toEqual([9, 5, 5, 2, 0]);
    const fives = jobs.filter(({ priority }) => priority === 5).map(({ id }) => id);
    const [first, second] = await Promise.all(fives.map(startOf));
    expect(first, "of equals the one that came first").toBeLessThan(second ?? 0);
  });

  it("expires when it had no chance in time", async () => {
    await hold(true);
    const job = await world.submit(lexical({ expiresAt: later(400) }));
    const ended = await world.ended(job.id);
    await hold(false);
    expect(ended).toMatchObject({ status: "FAILED", state: "EXPIRED" });
  });
});

describe("a cancelled job", () => {
  it("ends at once while it waits, and leaves no run", async () => {
    const job = await world.submit(lexical({ runAt: later(60_000) }));
    const { body } = await world.ok(`POST /v1/jobs/${job.id}:cancel`, { json: { reason: "not needed" } });
    expect(body).toMatchObject({ status: "CANCELLED", resultRef: null });
    const again = await world.call(`POST /v1/jobs/${job.id}:cancel`);
    expect(again).toMatchObject({
      status: 409,
      body: { code: "jobs.already_ended", data: { state: "CANCELLED" } },
    });
    const run = await world.call(`GET /v1/runs/${job.id.replace("job_", "run_")}`);
    expect(run.status).toBe(404);
  });

  it("can't be cancelled any more once it has succeeded", async () => {
    const { jobId } = await world.sharedRun();
    expect(problemOf(await world.call(`POST /v1/jobs/${jobId}:cancel`))).toMatchObject({
      status: 409,
      code: "jobs.already_ended",
    });
  });

  it("stops within twenty seconds while a model is thinking, and keeps what was finished", async () => {
    const profile = await world.profile();
    const ask = { dataset, metrics: ["faithfulness"], profile, options: { cache: false, concurrency: 1 } };
    await scriptedLlm.fail({ kind: "hang" });
    const job = await world.submit(ask);
    await eventually("a question to the model", async () => (await scriptedLlm.requests()).length > 0);
    expect(await world.job(job.id)).toMatchObject({ status: "RUNNING" });
    const { body } = await world.ok(`POST /v1/jobs/${job.id}:cancel`);
    expect(body).toMatchObject({ status: "RUNNING", state: "CANCELLING" });
    const ended = await world.ended(job.id, 25_000);
    expect(ended).toMatchObject({ status: "CANCELLED", resultRef: null });
    expect((await world.call(`GET /v1/runs/${job.id.replace("job_", "run_")}`)).status).toBe(404);
  }, 40_000);
});

describe("the event stream", () => {
  it("tells every step in order, without a gap, and ends with the job", async () => {
    const { jobId } = await world.sharedRun();
    const answer = await world.ok(`GET /v1/jobs/${jobId}/events`);
    expect(answer.headers.get("content-type")).toContain("text/event-stream");
    const events = sentEvents(answer.text);
    expect(events.map(({ id }) => id)).toEqual(events.map((_, index) => index + 1));
    expect(events.map(({ data }) => data.jobSeq)).toEqual(events.map(({ id }) => id));
    expect(events[0]?.type).toBe("job.submitted");
    expect(events.at(-1)?.type).toBe("job.succeeded");
    expect(events.length).toBe((await world.job(jobId)).lastEventSeq);
  });

  it("goes on after any event that was seen, and loses nothing", async () => {
    const { jobId } = await world.sharedRun();
    const all = sentEvents((await world.ok(`GET /v1/jobs/${jobId}/events`)).text);
    for (const seen of all.map(({ id }) => id)) {
      const headers = { "last-event-id": String(seen) };
      const byHeader = sentEvents((await world.ok(`GET /v1/jobs/${jobId}/events`, { headers })).text);
      const byQuery = sentEvents((await world.ok(`GET /v1/jobs/${jobId}/events?after=${seen}`)).text);
      expect(byHeader).toEqual(all.slice(seen));
      expect(byQuery).toEqual(byHeader);
    }
  });

  it("follows a job that is still to run, while its object is evicted", async () => {
    const job = await world.submit(lexical({ runAt: later(600) }));
    const following = world.ok(`GET /v1/jobs/${job.id}/events`);
    await sleep(100);
    await evictDurableObject(jobsOf(bindings, world.tenantId));
    const first = sentEvents((await following).text);
    expect(first.length).toBeGreaterThan(0);
    const headers = { "last-event-id": String(first.at(-1)?.id) };
    await world.ended(job.id);
    const rest = sentEvents((await world.ok(`GET /v1/jobs/${job.id}/events`, { headers })).text);
    const ids = [...first, ...rest].map(({ id }) => id);
    expect(ids).toEqual(ids.map((_, index) => index + 1));
    expect([...first, ...rest].at(-1)?.type).toBe("job.succeeded");
  }, 40_000);
});

describe("dead letters", () => {
  async function die(): Promise<Job> {
    const profile = await world.profile({}, "sk-wrong");
    const options = { maxCases: 1, cache: false };
    return world.ended((await world.submit({ dataset, metrics: ["faithfulness"], profile, options })).id);
  }

  it("tell what was asked and why each attempt failed", async () => {
    const dead = await die();
    const { body } = await world.ok(`GET /v1/jobs/${dead.id}/inspection`);
    expect(body).toMatchObject({
      job: { id: dead.id, status: "FAILED" },
      payload: { dataset: { id: dataset }, repeats: 1 },
      attempts: [{ chunk: 0, attempt: 1, code: "llm.credentials_refused" }],
    });
    const list = await world.ok("GET /v1/jobs:dead?errorCode=llm.credentials_refused&limit=200");
    expect(list.body.items.map(({ id }: Job) => id)).toContain(dead.id);
    expect((await world.ok("GET /v1/jobs:dead?errorCode=none")).body.items).toEqual([]);
    expect((await world.ok("GET /v1/jobs:dead?type=GATE")).body.items).toEqual([]);
  });

  it("are edited and driven again as a new job, once", async () => {
    const dead = await die();
    const { payload } = (await world.ok(`GET /v1/jobs/${dead.id}/inspection`)).body;
    const mended = { ...payload, judge: null, metrics: [metricOf("exact_match")], name: "Mended" };
    await world.ok(`PATCH /v1/jobs/${dead.id}`, { json: { payload: mended, priority: 1 } });
    const dry = await world.ok("POST /v1/jobs:redrive", { json: { jobIds: [dead.id], dryRun: true } });
    expect(dry.body).toMatchObject({ dryRun: true, items: [{ redrivenAs: null }] });
    const ask = () => world.ok("POST /v1/jobs:redrive", { json: { jobIds: [dead.id] } });
    const [first, second] = [(await ask()).body.items[0], (await ask()).body.items[0]];
    expect(first).toMatchObject({ jobId: dead.id, existing: false });
    expect(second).toMatchObject({ existing: true, redrivenAs: first.redrivenAs });
    expect(await world.job(first.redrivenAs)).toMatchObject({ redriveOf: dead.id, priority: 1 });
    expect(await world.job(dead.id)).toMatchObject({ status: "FAILED", redrivenAs: first.redrivenAs });
    const late = await world.call(`PATCH /v1/jobs/${dead.id}`, { json: { priority: 2 } });
    expect(late).toMatchObject({ status: 409, body: { code: "jobs.not_editable" } });
  });

  it("are driven again by a filter, and only the dead are", async () => {
    const fresh = await newWorld();
    const { id } = await fresh.dataset(1);
    const profile = await fresh.profile({}, "sk-wrong");
    const dead = await fresh.ended(
      (await fresh.submit({ dataset: id, metrics: ["faithfulness"], profile })).id,
    );
    const alive = await fresh.submit({ dataset: id, runAt: later(60_000) });
    const { body } = await fresh.ok("POST /v1/jobs:redrive", { json: { filter: { type: "EVALUATION" } } });
    expect(body.items.map(({ jobId }: { jobId: string }) => jobId)).toEqual([dead.id]);
    const refused = await fresh.call("POST /v1/jobs:redrive", { json: { jobIds: [alive.id] } });
    expect(refused).toMatchObject({ status: 409, body: { code: "jobs.not_dead" } });
    const both = await fresh.call("POST /v1/jobs:redrive", { json: { jobIds: [dead.id], filter: {} } });
    expect(problemOf(both)).toMatchObject({ status: 422, fields: ["/jobIds one_of"] });
  });

  const metricOf = (name: string) => ({
    name,
    options: { normalize: "fold", compat: "none" },
    threshold: 0.5,
    direction: "higher",
  });
});

describe("a key held to a project", () => {
  it("changes nothing of jobs that aren't of its project, one by one or by filter", async () => {
    const fresh = await newWorld();
    const [mine, other] = [fresh.projectId, await fresh.project()];
    const held = await fresh.key(["*"], [mine]);
    const { id: data } = await fresh.dataset(1);
    const make = (projectId?: string) =>
      fresh.submit({ dataset: data, runAt: later(60_000), ...(projectId ? { projectId } : {}) });
    const [own, shared, foreign] = [await make(mine), await make(), await make(other)];
    const cancel = async ({ id }: Job) =>
      (await fresh.call(`POST /v1/jobs/${id}:cancel`, { as: held })).status;
    expect([await cancel(own), await cancel(shared), await cancel(foreign)]).toEqual([200, 403, 404]);

    const profile = await fresh.profile({}, "sk-wrong");
    const die = async (projectId?: string) => {
      const asked = {
        dataset: data,
        metrics: ["faithfulness"],
        profile,
        ...(projectId ? { projectId } : {}),
      };
      return fresh.ended((await fresh.submit(asked)).id);
    };
    const dead = await die(other);
    const redrive = (json: object) => fresh.call("POST /v1/jobs:redrive", { json, as: held });
    expect((await redrive({ jobIds: [dead.id] })).status).toBe(404);
    expect((await redrive({ filter: { projectId: other } })).status).toBe(403);
    expect((await redrive({ filter: {} })).status).toBe(403);
    expect((await redrive({ filter: { projectId: mine } })).body.items).toEqual([]);
    expect(await fresh.job(dead.id)).toMatchObject({ redrivenAs: null });
    const runs = await fresh.ok("GET /v1/runs", { as: held });
    await fresh.run({ dataset: data, metrics: ["exact_match"] });
    expect((await fresh.ok("GET /v1/runs", { as: held })).body.items).toHaveLength(
      runs.body.items.length + 1,
    );
  });
});

describe("the jobs object", () => {
  it("is the same after it was evicted between any two calls", async () => {
    const stub = jobsOf(bindings, world.tenantId);
    const headers = { "idempotency-key": crypto.randomUUID() };
    const ask = lexical({ runAt: later(900) });
    const job = await world.submit(ask, { headers });
    await evictDurableObject(stub);
    expect((await world.submit(ask, { headers })).id).toBe(job.id);
    await evictDurableObject(stub);
    expect(await world.job(job.id)).toMatchObject({ status: "QUEUED", state: "SCHEDULED" });
    await evictDurableObject(stub);
    const done = await world.ended(job.id);
    expect(done).toMatchObject({ status: "SUCCEEDED" });
    await evictDurableObject(stub);
    const events = await world.jobEvents(job.id);
    expect(events.map(({ jobSeq }) => jobSeq)).toEqual(events.map((_, index) => index + 1));
    expect((await world.ok(`GET /v1/runs/${done.resultRef}`)).body.jobId).toBe(job.id);
  });

  it("makes one run of a job whose object is evicted while it works", async () => {
    const { id } = await world.dataset(200);
    const stub = jobsOf(bindings, world.tenantId);
    const job = await world.submit({ dataset: id, metrics: ["exact_match", "bleu"] });
    for (let n = 0; n < 5; n++) {
      await sleep(15);
      await evictDurableObject(stub).catch(() => {});
    }
    const done = await world.ended(job.id);
    expect(done.progress).toEqual({ total: 200, done: 200, failed: 0, skipped: 0 });
    const { body } = await world.ok(`GET /v1/runs/${done.resultRef}`);
    expect(body.summary[0]).toMatchObject({ metric: "exact_match", cases: 200, mean: 0.5 });
  });
});
