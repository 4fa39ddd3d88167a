import { beforeAll, beforeEach, describe, expect, inject, it } from "vitest";
import type { CaseResult } from "../../../contracts/runs.ts";
import { judgedMetrics } from "../../../src/modules/evaluation/metrics/judged/registry.ts";
import { eventually, newWorld, scriptedLlm, type World } from "../support/world.ts";

let world: World;
beforeAll(async () => {
  world = await newWorld();
});
beforeEach(() => scriptedLlm.reset());

const judged = judgedMetrics.map(({ name }) => name);
/** Options without which a metric has nothing to ask. */
const options: Readonly<Record<string, Record<string, unknown>>> = {
  closed_qa: { criteria: "The answer names an amount." },
  g_eval: { criteria: "The answer is short and names an amount." },
  llm_rubric: { rubric: "The answer names an amount." },
};
const choices = judged.map((name) => (options[name] ? { name, options: options[name] } : name));

const callsOf = (results: readonly CaseResult[]) =>
  results.flatMap(({ scores }) => Object.values(scores).flatMap(({ judgeCalls }) => judgeCalls));

describe("a judged run", () => {
  it("asks the model for every judged metric, and accounts for tokens and cost", async () => {
    const profile = await world.profile();
    const { id: dataset } = await world.dataset(4);
    const run = await world.run({ dataset, metrics: choices, profile });
    expect(run.summary.map(({ metric }: { metric: string }) => metric)).toEqual(judged);
    for (const { metric, counts, coverage } of run.summary) {
      expect([metric, counts.judge_error, counts.missing], JSON.stringify(counts)).toEqual([metric, 0, 0]);
      if (!metric.startsWith("summarization")) expect([metric, coverage > 0]).toEqual([metric, true]);
    }
    expect(run).toMatchObject({ profile, costKnown: true });
    expect(run.tokens.input).toBeGreaterThan(1_000);
    expect(run.tokens.output).toBeGreaterThan(10);
    const results: CaseResult[] = await world.cases(run.id);
    const spent = callsOf(results).reduce((sum, call) => sum + Number(call["costMicros"]), 0);
    expect(run.costMicros).toBe(spent);
    expect(run.costMicros).toBeGreaterThan(0);
    const job = await world.job(run.jobId);
    expect(job.costMicros).toBe(spent);

    const requests = await scriptedLlm.requests();
    expect(requests.length).toBe(callsOf(results).filter(({ cached }) => cached === false).length);
    expect(new Set(requests.map(({ authorization }) => authorization))).toEqual(
      new Set([`Bearer ${inject("scriptedLlm").key}`]),
    );
  });

  it("takes the answers of an equal run from the cache, unless told not to", async () => {
    const world = await newWorld();
    const profile = await world.profile();
    const { id: dataset } = await world.dataset(3);
    const ask = { dataset, metrics: ["faithfulness", "semantic_similarity"], profile };
    const first = await world.run(ask);
    const asked = (await scriptedLlm.requests()).length;
    expect(asked).toBeGreaterThan(0);
    const second = await world.run(ask);
    expect((await scriptedLlm.requests()).length).toBe(asked);
    expect(second.configHash).toBe(first.configHash);
    expect(second).toMatchObject({ costMicros: 0, tokens: { input: 0, output: 0 } });
    const scores = async (run: { id: string }) =>
      (await world.cases(run.id)).map(({ scores: given }: CaseResult) =>
        Object.values(given).map(({ score }) => score),
      );
    expect(await scores(second)).toEqual(await scores(first));
    expect(callsOf(await world.cases(second.id)).every(({ cached }) => cached === true)).toBe(true);
    await world.run({ ...ask, options: { cache: false } });
    expect((await scriptedLlm.requests()).length).toBe(2 * asked);
    await world.run({ ...ask, options: { repeats: 2 } });
    expect((await scriptedLlm.requests()).length).toBe(3 * asked);
  });

  it("tells an answer that can't be used from a score, and mends one that can", async () => {
    const profile = await world.profile();
    const { id: dataset } = await world.dataset(1);
    const ask = { dataset, metrics: ["faithfulness"], profile, options: { cache: false } };
    await scriptedLlm.fail({ kind: "text", text: "Certainly! Here you are." });
    expect((await world.run(ask)).summary).toMatchObject([{ coverage: 1, counts: { scored: 1 } }]);
    await scriptedLlm.fail({ kind: "text", text: "no" }, { kind: "text", text: "still no" });
    expect((await world.run(ask)).summary).toMatchObject([
      { coverage: 0, mean: null, counts: { judge_error: 1 }, reasons: [{ reasonCode: "judge_unparsable" }] },
    ]);
    await scriptedLlm.fail({ kind: "refusal" });
    expect((await world.run(ask)).summary).toMatchObject([
      { coverage: 0, mean: null, reasons: [{ reasonCode: "judge_refused" }] },
    ]);
  });

  it("goes on after failures that pass", async () => {
    const profile = await world.profile();
    const { id: dataset } = await world.dataset(1);
    await scriptedLlm.fail({ kind: "status", status: 503 }, { kind: "drop" });
    const run = await world.run({ dataset, metrics: ["faithfulness"], profile });
    expect(run.summary).toMatchObject([{ coverage: 1 }]);
  });

  it("reads the provider's key once a step, records that, and shows it nowhere", async () => {
    const fresh = await newWorld();
    const profile = await fresh.profile();
    const run = await fresh.run({ dataset: (await fresh.dataset(2)).id, metrics: ["faithfulness"], profile });
    const reads = (await fresh.ok("GET /v1/audit/events?action=secrets.secret.read")).body.items;
    expect(reads).toMatchObject([
      { actor: { kind: "system" }, resource: expect.stringMatching(/^secret:key/) },
    ]);
    const told = [
      await fresh.ok(`GET /v1/jobs/${run.jobId}/inspection`),
      await fresh.ok(`GET /v1/runs/${run.id}:export`),
      await fresh.ok("GET /v1/audit/events:export"),
      await fresh.ok("GET /v1/profiles"),
      await fresh.ok("GET /v1/secrets"),
    ];
    for (const { text } of told) expect(text).not.toContain(inject("scriptedLlm").key);
  });
});

describe("a provider", () => {
  it("that refuses the key is paused, others go on, and it resumes when the key is mended", async () => {
    const [broken, good] = [await world.profile({}, "sk-wrong"), await world.profile()];
    const { id: dataset } = await world.dataset(1);
    const ask = (profile: string) =>
      world.submit({ dataset, metrics: ["faithfulness"], profile, options: { cache: false } });
    const first = await world.ended((await ask(broken)).id);
    expect(first).toMatchObject({
      status: "FAILED",
      reasonCode: "permanent",
      attempt: 1,
      error: { code: "llm.credentials_refused" },
    });
    const asked = (await scriptedLlm.requests()).length;
    const waiting = await ask(broken);
    const other = await ask(good);
    expect(await world.ended(other.id)).toMatchObject({ status: "SUCCEEDED" });
    expect(await world.ended((await world.submit({ dataset })).id)).toMatchObject({ status: "SUCCEEDED" });
    expect(await world.job(waiting.id)).toMatchObject({ status: "QUEUED", attempt: 0 });
    const keys = new Set(
      (await scriptedLlm.requests()).slice(asked).map(({ authorization }) => authorization),
    );
    expect(keys).toEqual(new Set([`Bearer ${inject("scriptedLlm").key}`]));

    const secretName = (await world.ok(`GET /v1/profiles/${broken}`)).body.secretName;
    await world.ok(`PUT /v1/secrets/${secretName}`, { json: { value: inject("scriptedLlm").key } });
    expect(await world.ended(waiting.id)).toMatchObject({ status: "SUCCEEDED" });
    const again = await world.ok("POST /v1/jobs:redrive", { json: { jobIds: [first.id] } });
    expect(await world.ended(again.body.items[0].redrivenAs)).toMatchObject({
      status: "SUCCEEDED",
      redriveOf: first.id,
    });
  });

  it("that doesn't know the model is paused until the profile names another", async () => {
    const profile = await world.profile({ model: "gpt-unheard-of" });
    const { id: dataset } = await world.dataset(1);
    const ask = () => world.submit({ dataset, metrics: ["faithfulness"], profile });
    expect(await world.ended((await ask()).id)).toMatchObject({
      status: "FAILED",
      error: { code: "llm.model_unknown" },
    });
    const { body } = await world.ok(`GET /v1/profiles/${profile}`);
    const { name: _n, createdAt: _c, updatedAt: _u, updatedBy: _b, version: _v, ...fields } = body;
    await world.ok(`PUT /v1/profiles/${profile}`, { json: { ...fields, model: "gpt-4o-mini" } });
    expect(await world.ended((await ask()).id)).toMatchObject({ status: "SUCCEEDED" });
  });

  it("that says 429 is left alone for as long as it asks, and no attempt is used up", async () => {
    const profile = await world.profile();
    const { id: dataset } = await world.dataset(1);
    const ask = { dataset, metrics: ["faithfulness"], profile, options: { cache: false } };
    await scriptedLlm.fail({ kind: "rate_limited", retryAfterSeconds: 2 });
    const job = await world.ended((await world.submit(ask)).id);
    expect(job).toMatchObject({ status: "SUCCEEDED", attempt: 1 });
    expect(Date.parse(job.finishedAt ?? "") - Date.parse(job.startedAt ?? "")).toBeGreaterThanOrEqual(2_000);
    await scriptedLlm.fail({ kind: "rate_limited", retryAfterSeconds: 600 });
    const patient = await world.submit(ask);
    const held = await eventually("the job to wait for its provider", async () => {
      const now = await world.job(patient.id);
      return now.status === "QUEUED" && now.reasonCode !== null && now;
    });
    expect(held.reasonCode).toMatch(/rate/);
    expect(held.attempt).toBeLessThanOrEqual(1);
    await world.ok(`POST /v1/jobs/${patient.id}:cancel`);
  });

  it("is never asked more often in a minute than its profile allows", async () => {
    const profile = await world.profile({ limits: { requestsPerMinute: 4, maxConcurrent: 2 } });
    await eventually("the limits to be known", async () => {
      const { body } = await world.ok("GET /v1/audit/events?resource=profile");
      return body.items.length > 0;
    });
    const { id: dataset } = await world.dataset(8);
    const options = { cache: false };
    const job = await world.submit({ dataset, metrics: ["faithfulness"], profile, options });
    await eventually("four requests", async () => (await scriptedLlm.requests()).length >= 4);
    await new Promise((resolve) => setTimeout(resolve, 700));
    expect((await scriptedLlm.requests()).length).toBe(4);
    await world.ok(`POST /v1/jobs/${job.id}:cancel`);
    expect(await world.ended(job.id, 21_000)).toMatchObject({ status: "CANCELLED" });
  }, 30_000);
});

describe("the budget of a day", () => {
  it("holds a run that it has no room for, and lets it go on when there is room", async () => {
    const fresh = await newWorld();
    const profile = await fresh.profile();
    const { id: dataset } = await fresh.dataset(2);
    const runAt = new Date(Date.now() + 900).toISOString();
    const job = await fresh.submit({ dataset, metrics: ["faithfulness"], profile, runAt });
    await fresh.ok("PUT /v1/policy", { json: { dailyCostLimitMicros: 1 } });
    const held = await fresh.inState(job.id, "BLOCKED");
    expect(held).toMatchObject({ status: "QUEUED", reasonCode: "blocked_budget", costMicros: 0 });
    await fresh.ok("PUT /v1/policy", { json: { dailyCostLimitMicros: 50_000_000 } });
    expect(await fresh.ended(job.id)).toMatchObject({ status: "SUCCEEDED" });
  });
});
