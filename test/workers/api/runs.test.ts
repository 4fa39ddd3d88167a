import { afterEach, beforeAll, describe, expect, it } from "vitest";
import { routes } from "../../../src/routes.ts";
import { problemOf } from "../support/tenant.ts";
import { eventually, jsonLines, newWorld, sampleCase, type World } from "../support/world.ts";

let world: World;
beforeAll(async () => {
  world = await newWorld();
});

const gatePolicy = { metrics: [{ metric: "token_f1", margin: 0.05 }], minPairs: 5 };

/** A data set like another, every answer of which is worse. */
const worse = (count: number) =>
  Array.from({ length: count }, (_, n) => ({ ...sampleCase(n), response: `모르겠습니다 ${n}.` }));

describe("a run without a model", () => {
  it("is made twice the same from the same request", async () => {
    const { id: dataset } = await world.dataset(30);
    const first = await world.run({ dataset });
    const second = await world.run({ dataset, name: "Again", options: { concurrency: 1 } });
    expect(second.id).not.toBe(first.id);
    expect(second.configHash).toBe(first.configHash);
    expect(second.resultsHash).toBe(first.resultsHash);
    expect(second.summary).toEqual(first.summary);
    const other = await world.run({ dataset, metrics: ["exact_match"] });
    expect(other.configHash).not.toBe(first.configHash);
  });

  it("scores what it says: half of the sample is answered rightly", async () => {
    const run = await world.run({ dataset: (await world.dataset(10)).id, metrics: ["exact_match", "bleu"] });
    expect(run.summary).toMatchObject([
      {
        metric: "exact_match",
        mean: 0.5,
        coverage: 1,
        cases: 10,
        casesFailed: 5,
        interval: { method: "wilson" },
      },
      { metric: "bleu", coverage: 1, cases: 10 },
    ]);
    expect(run).toMatchObject({
      profile: null,
      costMicros: 0,
      costKnown: true,
      tokens: { input: 0, output: 0 },
      cases: { total: 10, evaluated: 10, errors: 0, repeats: 1 },
    });
    const results = await world.cases(run.id);
    expect(results.map(({ caseId }: { caseId: string }) => caseId)).toEqual(
      Array.from({ length: 10 }, (_, n) => `q${n}`),
    );
    expect(results[0].scores.exact_match).toMatchObject({ status: "scored", score: 1, reasonCode: "ok" });
    expect(results[1].scores.exact_match).toMatchObject({ status: "scored", score: 0 });
    const { body } = await world.ok(`GET /v1/runs/${run.id}/cases?failing=exact_match`);
    expect(body.items.map(({ caseId }: { caseId: string }) => caseId)).toEqual([
      "q1",
      "q3",
      "q5",
      "q7",
      "q9",
    ]);
  });

  it("says not_applicable where a case lacks what a metric needs, and counts it into coverage alone", async () => {
    const rows = [0, 2, 4, 6].map(sampleCase);
    const bare = rows.map(({ reference: _, ...row }, n) => (n < 2 ? row : rows[n]));
    const run = await world.run({ dataset: (await world.dataset(bare)).id, metrics: ["exact_match"] });
    expect(run.summary).toMatchObject([
      { mean: 1, coverage: 0.5, cases: 2, counts: { scored: 2, not_applicable: 2 } },
    ]);
  });

  it("takes many cases in chunks and keeps their order", async () => {
    const { id: dataset } = await world.dataset(310);
    const job = await world.ended((await world.submit({ dataset, metrics: ["exact_match"] })).id);
    expect(job.progress).toEqual({ total: 310, done: 310, failed: 0, skipped: 0 });
    const { text } = await world.ok(`GET /v1/runs/${job.resultRef}:export`);
    const ids = text
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line).caseId);
    expect(ids).toEqual(Array.from({ length: 310 }, (_, n) => `q${n}`));
    const done = (await world.jobEvents(job.id)).flatMap(({ data }) => Number(data["done"] ?? []) || []);
    expect(done).toEqual([...done].sort((a, b) => a - b));
  });

  it("repeats cases and stops at maxCases", async () => {
    const { id: dataset } = await world.dataset(6);
    const options = { repeats: 2, maxCases: 3 };
    const run = await world.run({ dataset, metrics: ["exact_match"], options });
    expect(run.cases).toEqual({ total: 3, evaluated: 3, errors: 0, repeats: 2 });
    expect(run.summary).toMatchObject([{ total: 6, cases: 3 }]);
    const places = (await world.cases(run.id)).map(
      ({ caseId, repeat }: { caseId: string; repeat: number }) => `${caseId}.${repeat}`,
    );
    expect(places).toEqual(["q0.0", "q0.1", "q1.0", "q1.1", "q2.0", "q2.1"]);
  });

  it("never changes: not by a new version of its data set, nor by any operation", async () => {
    const { id: dataset } = await world.dataset(4);
    const run = await world.run({ dataset, metrics: ["exact_match"] });
    const before = [
      await world.ok(`GET /v1/runs/${run.id}`),
      await world.ok(`GET /v1/runs/${run.id}:export`),
    ];
    await world.ok(`POST /v1/datasets/${dataset}/versions`, { file: jsonLines(worse(4)) });
    const again = await world.run({ dataset: `${dataset}@1`, metrics: ["exact_match"] });
    const latest = await world.run({ dataset, metrics: ["exact_match"] });
    await world.ok(`POST /v1/datasets/${dataset}:archive`);
    const after = [await world.ok(`GET /v1/runs/${run.id}`), await world.ok(`GET /v1/runs/${run.id}:export`)];
    expect(after.map(({ text }) => text)).toEqual(before.map(({ text }) => text));
    expect(again.resultsHash).toBe(run.resultsHash);
    expect(latest.dataset).toMatchObject({ version: 2 });
    expect(latest.resultsHash).not.toBe(run.resultsHash);
    const changing = routes.filter(
      ({ path, operation }) => /^\/v1\/(runs|reports)\/\{/.test(path) && operation.effect === "write",
    );
    expect(changing).toEqual([]);
  });
});

describe("several runs", () => {
  let good: { id: string };
  let bad: { id: string };
  let dataset: string;
  beforeAll(async () => {
    const name = world.name("versions");
    const made = await world.ok(`POST /v1/datasets?name=${name}`, {
      file: jsonLines(Array.from({ length: 12 }, (_, n) => sampleCase(2 * n))),
    });
    dataset = made.body.id;
    const next = Array.from({ length: 12 }, (_, n) => ({ ...sampleCase(2 * n), response: "모르겠습니다." }));
    await world.ok(`POST /v1/datasets/${dataset}/versions`, { file: jsonLines(next) });
    good = await world.run({ dataset: `${dataset}@1` });
    bad = await world.run({ dataset: `${dataset}@2` });
  });

  it("are compared case by case", async () => {
    const json = { baseline: good.id, candidate: bad.id };
    const { body } = await world.ok("POST /v1/runs:compare", { json });
    expect(body.pairing).toMatchObject({ pairs: 12, byCaseId: 12, unmatchedBaseline: 0 });
    const f1 = body.metrics.find(({ metric }: { metric: string }) => metric === "token_f1");
    expect(f1).toMatchObject({ change: "worse", pairs: 12 });
    expect(f1.difference).toBeLessThan(0);
    expect(f1.interval.high).toBeLessThan(0);
    const same = await world.ok("POST /v1/runs:compare", { json: { baseline: good.id, candidate: good.id } });
    const changes = same.body.metrics.map(({ change }: { change: string }) => change);
    expect(new Set(changes)).toEqual(new Set(["no_evidence"]));
    expect((await world.ok("POST /v1/runs:compare", { json })).text).toBe(
      (await world.ok("POST /v1/runs:compare", { json })).text,
    );
  });

  it("are refused with a pointer to the run or the metric that there isn't", async () => {
    const policy = gatePolicy;
    const [baseline, candidate] = [good.id, "run_nowhere"];
    for (const [what, json, pointer] of [
      ["POST /v1/runs:compare", { baseline, candidate }, "/candidate"],
      ["POST /v1/runs:compare", { baseline: candidate, candidate: baseline }, "/baseline"],
      ["POST /v1/runs:compare", { baseline, candidate: bad.id, metrics: ["token_f1", "nope"] }, "/metrics/1"],
      ["POST /v1/runs:gate", { baseline, candidate, policy }, "/candidate"],
      ["POST /v1/gates:submit", { baseline: candidate, candidate: baseline, policy }, "/baseline"],
      ["POST /v1/analyses:submit", { runId: candidate }, "/runId"],
      ["POST /v1/regressions:submit", { dataset, baseline: candidate, policy }, "/baseline"],
    ] as const) {
      const { status, body } = await world.call(what, { json });
      expect(status, what).toBe(pointer === "/metrics/1" ? 422 : 404);
      expect(body.errors, what).toMatchObject([{ pointer }]);
    }
  });

  it("are gated with sealed evidence and exit codes", async () => {
    const gate = async (candidate: string) =>
      (await world.ok("POST /v1/runs:gate", { json: { baseline: good.id, candidate, policy: gatePolicy } }))
        .body;
    const [pass, fail] = [await gate(good.id), await gate(bad.id)];
    expect([pass.outcome, pass.exitCode]).toEqual(["pass", 0]);
    expect([fail.outcome, fail.exitCode]).toEqual(["fail", 1]);
    expect(fail.hash).toMatch(/^[0-9a-f]{64}$/);
    expect((await gate(bad.id)).hash).toBe(fail.hash);
    const few = { ...gatePolicy, minPairs: 50 };
    const json = { baseline: good.id, candidate: good.id, policy: few };
    const undecided = await world.ok("POST /v1/runs:gate", { json });
    expect(undecided.body).toMatchObject({ outcome: "inconclusive", exitCode: 2 });
  });

  it("are gated, analysed and held against a baseline as jobs that keep a report", async () => {
    const json = { baseline: good.id, candidate: bad.id, policy: gatePolicy };
    const [gate, analysis, regression] = [
      await world.ok("POST /v1/gates:submit", { json }),
      await world.ok("POST /v1/analyses:submit", { json: { runId: bad.id } }),
      await world.ok("POST /v1/regressions:submit", {
        json: { dataset: `${dataset}@2`, baseline: good.id, policy: gatePolicy },
      }),
    ];
    const reports = [];
    for (const { body } of [gate, analysis, regression]) {
      const job = await world.ended(body.id);
      expect(job, JSON.stringify(job.error)).toMatchObject({ status: "SUCCEEDED" });
      reports.push((await world.ok(`GET /v1/reports/${job.resultRef}`)).body);
    }
    expect(reports).toMatchObject([
      { kind: "gate", jobId: gate.body.id, body: { outcome: "fail" } },
      { kind: "analysis", jobId: analysis.body.id, body: { summary: { cases: 12 } } },
      { kind: "regression", jobId: regression.body.id, body: { outcome: "fail" } },
    ]);
    const direct = await world.ok("POST /v1/runs:gate", { json });
    expect(reports[0].body).toEqual(direct.body);
  });

  it("are made one after another by a pipeline, whose later steps see the earlier", async () => {
    const steps = [
      { do: "evaluate", name: "old", run: { dataset: `${dataset}@1`, metrics: ["token_f1"] } },
      { do: "evaluate", name: "new", run: { dataset: `${dataset}@2`, metrics: ["token_f1"] } },
      { do: "analyse", name: "look", of: "new" },
      { do: "gate", name: "hold", baseline: "old", candidate: "new", policy: gatePolicy },
    ];
    const { body } = await world.ok("POST /v1/pipelines:submit", { json: { name: "nightly", steps } });
    expect(body).toMatchObject({ type: "PIPELINE", status: "QUEUED", reasonCode: "blocked_dependency" });
    const job = await world.ended(body.id);
    expect(job, JSON.stringify(job.error)).toMatchObject({ status: "SUCCEEDED" });
    const report = (await world.ok(`GET /v1/reports/${job.resultRef}`)).body;
    expect(report.body.steps.map(({ name, status }: Record<string, string>) => `${name} ${status}`)).toEqual([
      "old SUCCEEDED",
      "new SUCCEEDED",
      "look SUCCEEDED",
      "hold SUCCEEDED",
    ]);
    const verdict = await world.ok(`GET /v1/reports/${report.body.steps[3].resultRef}`);
    expect(verdict.body).toMatchObject({ kind: "gate", body: { outcome: "fail" } });
    const wrong = await world.call("POST /v1/pipelines:submit", {
      json: { name: "x", steps: [{ do: "analyse", name: "a", of: "later" }] },
    });
    expect(problemOf(wrong)).toMatchObject({ status: 422, fields: ["/steps/0/of unknown_step"] });
  });

  it("skip what follows a step that fails", async () => {
    const profile = await world.profile({}, "sk-wrong");
    const steps = [
      { do: "evaluate", name: "new", run: { dataset, metrics: ["faithfulness"], profile } },
      { do: "analyse", name: "look", of: "new" },
    ];
    const { body } = await world.ok("POST /v1/pipelines:submit", { json: { name: "broken", steps } });
    const job = await world.ended(body.id);
    expect(job).toMatchObject({ status: "FAILED" });
    const { items } = (await world.ok("GET /v1/jobs?type=ANALYSIS&limit=1")).body;
    expect(items).toMatchObject([{ status: "CANCELLED" }]);
  });
});

describe("the policy", () => {
  const submit = (json: object) => world.call("POST /v1/runs:submit", { json });
  afterEach(() => world.ok("PUT /v1/policy", { json: {} }));
  const preview = (json: object) => world.call("POST /v1/runs:preview", { json });
  let world: World;
  let dataset: string;
  beforeAll(async () => {
    world = await newWorld();
    dataset = (await world.dataset(4)).id;
  });

  it("refuses metrics and models that it doesn't allow, in a preview too", async () => {
    const profile = await world.profile();
    await world.ok("PUT /v1/policy", { json: { allowedMetrics: ["exact_match"], allowedModels: ["gpt-5"] } });
    for (const ask of [submit, preview]) {
      const refused = problemOf(await ask({ dataset, metrics: ["exact_match", "bleu"] }));
      expect(refused).toMatchObject({ status: 403 });
      expect(refused.fields[0]).toMatch(/^\/metrics\/1 /);
    }
    const judged = problemOf(await submit({ dataset, metrics: ["faithfulness"], profile }));
    expect(judged.status).toBe(403);
    expect(judged.fields.map((field) => field.split(" ")[0])).toEqual(["/profile", "/metrics/0"]);
    expect((await submit({ dataset, metrics: ["exact_match"] })).status).toBe(202);
    await world.ok("PUT /v1/policy", { json: {} });
    expect((await submit({ dataset, metrics: ["bleu"] })).status).toBe(202);
  });

  it("counts the runs of a day, and refuses what would cost more than is left", async () => {
    const profile = await world.profile();
    await eventually("three runs", async () => {
      const { body } = await world.ok("GET /v1/jobs?type=EVALUATION");
      return body.items.length >= 2;
    });
    const { items } = (await world.ok("GET /v1/jobs?type=EVALUATION")).body;
    await world.ok("PUT /v1/policy", { json: { maxDailyRuns: items.length } });
    const daily = await submit({ dataset, metrics: ["bleu"] });
    expect([daily.status, daily.body.title]).toEqual([403, "A limit of the policy is reached"]);
    await world.ok("PUT /v1/policy", { json: { dailyCostLimitMicros: 1 } });
    const costly = await submit({ dataset, metrics: ["faithfulness"], profile });
    expect(problemOf(costly)).toEqual({
      status: 403,
      code: "policy.daily_cost_limit_reached",
      fields: [" policy.daily_cost_limit_reached"],
    });
    expect((await submit({ dataset, metrics: ["bleu"] })).status).toBe(202);
    await world.ok("PUT /v1/policy", { json: {} });
  });

  it("answers a repeat with its job, though the first sending has used up what was left", async () => {
    const fresh = await newWorld();
    const json = { dataset: (await fresh.dataset(1)).id, metrics: ["exact_match"] };
    await fresh.ok("PUT /v1/policy", { json: { maxDailyRuns: 1 } });
    const headers = { "idempotency-key": crypto.randomUUID() };
    const { id } = await fresh.submit(json, { headers });
    await eventually(
      "the job in the list",
      async () => (await fresh.ok("GET /v1/jobs")).body.items.length > 0,
    );
    expect((await fresh.call("POST /v1/runs:submit", { json })).status).toBe(403);
    expect((await fresh.submit(json, { headers })).id).toBe(id);
    await fresh.ok(`POST /v1/datasets/${json.dataset}:archive`);
    expect((await fresh.submit(json, { headers })).id).toBe(id);
  });

  it("answers a repeated pipeline with its job, though its first sending has used up what was left", async () => {
    const fresh = await newWorld();
    const run = { dataset: (await fresh.dataset(1)).id, metrics: ["exact_match"] };
    await fresh.ok("PUT /v1/policy", { json: { maxDailyRuns: 1 } });
    const json = {
      name: "nightly",
      steps: [
        { do: "evaluate", name: "run", run },
        { do: "analyse", name: "look", of: "run" },
      ],
    };
    const headers = { "idempotency-key": crypto.randomUUID() };
    const submit = (more: object = { headers }) => fresh.call("POST /v1/pipelines:submit", { json, ...more });
    const first = await submit();
    expect(first.status, first.text).toBeLessThan(300);
    await eventually("its steps in the list", async () => {
      const { items } = (await fresh.ok("GET /v1/jobs")).body;
      return items.length === 3;
    });
    expect((await submit({})).status).toBe(403);
    expect((await submit()).body.id).toBe(first.body.id);
    const other = await submit({ headers, json: { ...json, name: "other" } });
    expect(other).toMatchObject({
      status: 422,
      body: { code: "idempotency.other_body", errors: [{ pointer: "/header/Idempotency-Key" }] },
    });
  });

  it("takes a callback only when its secret can sign, and records that it was read", async () => {
    const fresh = await newWorld();
    const data = (await fresh.dataset(1)).id;
    const put = (value: string) => fresh.ok("PUT /v1/secrets/hook", { json: { value } });
    const submit = () =>
      fresh.call("POST /v1/runs:submit", {
        json: {
          dataset: data,
          metrics: ["exact_match"],
          callback: { url: "https://example.com/done", secretName: "hook" },
          runAt: new Date(Date.now() + 3_600_000).toISOString(),
        },
      });
    for (const value of ["plain text", "whsec_short", "whsec_not/base64!", `whsec_${"A".repeat(33)}`]) {
      await put(value);
      const refused = await submit();
      expect(refused, value).toMatchObject({
        status: 422,
        body: { code: "jobs.callback_invalid", errors: [{ pointer: "/callback/secretName" }] },
      });
      expect(refused.text).not.toContain(value);
    }
    await put(`whsec_${btoa("k".repeat(32))}`);
    const taken = await submit();
    expect(taken.status, taken.text).toBeLessThan(300);
    const requestId = taken.headers.get("x-request-id") ?? "";
    const events = await fresh.eventsOf(requestId, "secrets.secret.read");
    expect(events.map(({ action }) => action)).toContain("secrets.secret.read");
  });

  it("previews what a run would cost without submitting it", async () => {
    const profile = await world.profile();
    const jobs = async () => (await world.ok("GET /v1/jobs?limit=200")).body.items.length;
    const before = await jobs();
    const { body } = await world.ok("POST /v1/runs:preview", {
      json: { dataset, metrics: ["exact_match", "faithfulness"], profile, options: { repeats: 3 } },
    });
    expect(body).toMatchObject({ cases: 4, units: 12, unpricedModels: [] });
    expect(body.calls.expected).toBeGreaterThan(0);
    expect(body.costMicros.expected).toBeGreaterThan(0);
    expect(body.costMicros.high).toBeGreaterThanOrEqual(body.costMicros.expected);
    expect(body.metrics[0]).toMatchObject({ metric: "exact_match", model: null, calls: { expected: 0 } });
    expect(await jobs()).toBe(before);
  });

  it("lets as many runs go on at once as it says, from the tenant's first hour", async () => {
    const fresh = await newWorld();
    const { id: data } = await fresh.dataset(2);
    const pause = { tenantId: fresh.tenantId, kind: "tenant" as const, name: fresh.tenantId };
    const audit = { actor: "system:test" };
    await fresh.jobs.execute(fresh.tenantId, { type: "pause", scope: pause, reason: "test", audit });
    for (let n = 0; n < 3; n++) await fresh.submit({ dataset: data, metrics: ["exact_match"] });
    const claimed = await fresh.jobs.execute(fresh.tenantId, {
      type: "batch",
      commands: [
        { type: "resume", scope: pause, audit },
        { type: "claim", lane: "fast", max: 10, workerId: "wrk_test" },
      ],
    });
    expect(JSON.stringify(claimed).match(/"jobId"/g)).toHaveLength(3);
  });
});
