import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Job } from "../../contracts/jobs.ts";
import type { CaseResult, Run } from "../../contracts/runs.ts";
import { type LocalWorker, startLocalWorker } from "../../scripts/local-worker.ts";
import { freePort } from "./support/free-port.ts";
import { newPerson, type Person, sample } from "./support/maru.ts";
import { type SlowModel, startSlowModel } from "./support/slow-model.ts";

describe("a worker that is killed in the middle of a run", () => {
  const stateDir = mkdtempSync(join(tmpdir(), "maru-crash-"));
  let model: SlowModel;
  let worker: LocalWorker;
  let person: Person;
  beforeAll(async () => {
    model = await startSlowModel(100);
    worker = await startLocalWorker({
      port: await freePort(),
      stateDir,
      vars: { MARU_EGRESS_HTTP_HOSTS: model.host },
    });
    person = await newPerson(worker.url, worker.secrets.MARU_BOOTSTRAP_TOKEN ?? "");
    const profile = ["--provider", "openai-compatible", "--model", "slow", "--base-url", model.baseUrl];
    expect((await person.maru(["profiles", "set", "slow", ...profile])).code).toBe(0);
    expect((await person.maru(["datasets", "upload", sample])).code).toBe(0);
  });
  afterAll(async () => {
    await worker.stop();
    await model.close();
    person.leave();
    rmSync(stateDir, { recursive: true, force: true });
  });

  it("finishes the run after it has come back, with every case once and nothing lost", async () => {
    const metrics = ["--metrics", "faithfulness,token_f1", "--profile", "slow", "--concurrency", "2"];
    const running = person.start(["run", "bank-help-desk", ...metrics, "--json"]);
    const jobId = await until(async () => (await jobs(person))[0]?.id);
    await until(async () => {
      const job = await person.json<Job>(["jobs", "get", jobId]);
      return job.status === "RUNNING" && job.progress.done > 0 ? job : undefined;
    });
    worker.crash();

    const ended = await running.ended;
    expect(ended.code).toBe(0);
    const { job, run } = JSON.parse(ended.stdout) as { job: Job; run: Run };
    expect(job).toMatchObject({
      id: jobId,
      status: "SUCCEEDED",
      progress: { total: 46, done: 46, failed: 0 },
    });
    const { items } = await person.json<{ items: CaseResult[] }>(["runs", "cases", run.id, "--all"]);
    expect(items.map(({ index }) => index)).toEqual(Array.from({ length: 46 }, (_, index) => index));
    const faithfulness = run.summary.find(({ metric }) => metric === "faithfulness");
    expect(faithfulness?.counts).toMatchObject({ judge_error: 0, cancelled: 0, missing: 0 });
    expect(await jobs(person)).toHaveLength(1);
    expect((await person.maru(["audit", "verify"])).code).toBe(0);
  }, 170_000);
});

async function jobs(person: Person): Promise<readonly Job[]> {
  return (await person.json<{ items: Job[] }>(["jobs", "list"])).items;
}

/** Asks again and again until there is an answer. */
async function until<Found>(look: () => Promise<Found | undefined>): Promise<Found> {
  for (let i = 0; i < 100; i++) {
    const found = await look();
    if (found !== undefined) return found;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error("it never came");
}
