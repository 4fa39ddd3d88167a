import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import type { Comparison, GateVerdict, MetricSummary } from "../../contracts/comparison.ts";
import type { Job } from "../../contracts/jobs.ts";
import type { CaseResult, Run } from "../../contracts/runs.ts";
import { newPerson, type Person, sample } from "./support/maru.ts";

interface Finished {
  readonly job: Job;
  readonly run: Run;
}

describe("an evaluation from the command line", () => {
  let person: Person;
  let first: Finished;
  beforeAll(async () => {
    person = await newPerson(inject("e2eEndpoint"), inject("e2eBootstrapToken"));
    first = await person.json<Finished>(["run", sample, "--name", "first"]);
  });
  afterAll(() => person.leave());

  it("uploads the file, runs the job and answers the run", async () => {
    expect(first.job).toMatchObject({
      status: "SUCCEEDED",
      type: "EVALUATION",
      progress: { total: 46, done: 46 },
    });
    expect(first.run).toMatchObject({
      name: "first",
      dataset: { name: "bank-help-desk", version: 1 },
      costMicros: 0,
    });
    expect(first.run.cases).toEqual({ total: 46, evaluated: 46, errors: 0, repeats: 1 });
    expect(first.run.summary).toHaveLength(8);
    for (const metric of first.run.summary) expect(metric.total).toBe(46);
    expect(await person.json<Run>(["runs", "get", first.run.id])).toEqual(first.run);
  });

  it("scores on this machine exactly as the Worker does", async () => {
    const local = await person.json<{ summary: MetricSummary[]; results: CaseResult[] }>([
      "run",
      sample,
      "--local",
    ]);
    expect(local.summary).toEqual(first.run.summary);
    const remote = await person.json<{ items: CaseResult[] }>(["runs", "cases", first.run.id, "--all"]);
    const scoresOf = (results: readonly CaseResult[]) =>
      results.map(({ caseId, scores }) => ({ caseId, scores }));
    expect(scoresOf(local.results)).toEqual(scoresOf(remote.items));
  });

  it("takes the same file again as the version that is there", async () => {
    const again = await person.maru(["datasets", "upload", sample, "--json"]);
    expect(JSON.parse(again.stdout)).toMatchObject({ added: false, version: 1, recordCount: 46 });
  });

  it("prints a table that people read, in either language, and the addresses", async () => {
    const english = await person.maru(["runs", "get", first.run.id]);
    expect(english.stdout).toMatch(/^Metric +Score +Coverage +95 % interval +Failed$/m);
    expect(english.stdout).toContain(`${inject("e2eEndpoint")}/v1/runs/${first.run.id}`);
    const korean = await person.maru(["runs", "get", first.run.id, "--lang", "ko"]);
    expect(korean.stdout).toMatch(/^지표 +점수 +커버리지 +95 % 신뢰구간 +미달$/m);
  });

  it("submits without waiting, and watches the events later", async () => {
    const args = [
      "run",
      `bank-help-desk@1`,
      "--metrics",
      "chrf",
      "--no-wait",
      "--idempotency-key",
      "watch-later",
    ];
    const job = await person.json<Job>(args);
    expect((await person.json<Job>(args)).id).toBe(job.id);
    const watched = await person.maru(["jobs", "watch", job.id, "--json"]);
    expect(watched.code).toBe(0);
    const events = watched.stdout
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line) as { jobSeq: number; type: string });
    expect(events.map(({ jobSeq }) => jobSeq)).toEqual(events.map((_, index) => index + 1));
    expect(events[0]?.type).toBe("job.submitted");
    expect(events.at(-1)?.type).toBe("job.succeeded");
  });

  it("points at what is wrong with a request", async () => {
    const unknown = await person.maru(["run", "bank-help-desk", "--metrics", "chrf,no_such_metric"]);
    expect(unknown.code).toBe(65);
    expect(unknown.stderr).toContain("/metrics/1: There is no metric");
    expect((await person.maru(["run", "no-such-data-set"])).code).toBe(66);
    expect((await person.maru(["run", "./no-such-file.jsonl"])).code).toBe(66);
    const body = await person.maru(["run", "bank-help-desk", "--metrics", "nope", "--json"]);
    expect(body.stdout).toBe("");
    expect(JSON.parse(body.stderr)).toMatchObject({ error: { status: 422, code: "evaluation.metrics" } });
  });

  it("compares two runs, and gates with exit codes 0, 1 and 2", async () => {
    const worse = readFileSync(sample, "utf8")
      .trim()
      .split("\n")
      .map((line) =>
        JSON.stringify({ ...(JSON.parse(line) as object), response: "모르겠습니다. I do not know." }),
      )
      .join("\n");
    const metrics = ["--metrics", "token_f1,chrf"];
    const { run: before } = await person.json<Finished>(["run", "bank-help-desk@1", ...metrics]);
    const { run: after } = await person.json<Finished>([
      "run",
      person.write("worse.jsonl", worse),
      ...metrics,
    ]);
    const comparison = await person.json<Comparison>(["compare", before.id, after.id]);
    expect(comparison.pairing.pairs).toBe(46);
    expect(comparison.metrics.find(({ metric }) => metric === "token_f1")?.change).toBe("worse");

    const policy = person.write(
      "policy.json",
      JSON.stringify({ metrics: [{ metric: "token_f1", margin: 0.05 }], onUnfair: "warn" }),
    );
    const passed = await person.maru(["gate", before.id, before.id, "--policy", policy]);
    expect([passed.code, passed.stdout]).toEqual([0, expect.stringContaining("Gate: pass")]);
    const failed = await person.maru(["gate", before.id, after.id, "--policy", policy, "--json"]);
    expect(failed.code).toBe(1);
    expect(JSON.parse(failed.stdout) as GateVerdict).toMatchObject({ outcome: "fail", exitCode: 1 });
    const unsure = await person.maru(["gate", "none", after.id, "--policy", "-"], {
      stdin: JSON.stringify({ metrics: [{ metric: "token_f1" }] }),
    });
    expect([unsure.code, unsure.stdout]).toEqual([2, expect.stringContaining("Gate: inconclusive")]);
  });

  it("downloads data sets and results whole", async () => {
    const { items } = await person.json<{ items: { id: string; name: string }[] }>([
      "datasets",
      "list",
      "--name",
      "bank-help-desk",
    ]);
    const id = items[0]?.id ?? "";
    const cases = join(person.folder, "cases.jsonl");
    expect((await person.maru(["datasets", "download", id, "--output", cases])).code).toBe(0);
    expect(readFileSync(cases, "utf8").trim().split("\n")).toHaveLength(46);
    const results = await person.maru(["runs", "export", first.run.id, "--format", "csv"]);
    expect(results.stdout.trim().split("\n")).toHaveLength(47);
    expect((await person.maru(["datasets", "archive", id])).code).toBe(0);
    const refused = await person.maru(["run", id]);
    expect([refused.code, refused.stderr]).toEqual([65, expect.stringContaining("datasets.archived")]);
    expect((await person.maru(["datasets", "activate", id])).code).toBe(0);
  });

  it("calls any operation by its name", async () => {
    const project = await person.json<{ id: string; name: string }>([
      "api",
      "access.project.create",
      "--name",
      "Call centre",
    ]);
    expect(project.name).toBe("Call centre");
    expect(await person.json(["api", "access.project.get", "--id", project.id])).toMatchObject({
      id: project.id,
    });
  });
});
