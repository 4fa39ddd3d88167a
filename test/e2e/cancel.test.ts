import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import type { Job } from "../../contracts/jobs.ts";
import { newPerson, type Person, sample } from "./support/maru.ts";

describe("cancelling from the command line", () => {
  let person: Person;
  beforeAll(async () => {
    person = await newPerson(inject("e2eEndpoint"), inject("e2eBootstrapToken"));
    const profile = ["--provider", "openai-compatible", "--model", "slow", "--base-url", inject("e2eModel")];
    expect((await person.maru(["profiles", "set", "slow", ...profile])).code).toBe(0);
    expect((await person.maru(["datasets", "upload", sample])).code).toBe(0);
  });
  afterAll(() => person.leave());

  const judged = [
    "run",
    "bank-help-desk",
    "--metrics",
    "faithfulness",
    "--profile",
    "slow",
    "--concurrency",
    "1",
  ];

  it("cancels the job when it is interrupted where nobody can be asked", async () => {
    const running = person.start(judged);
    const id = await seen(() => /job (job_\w+)/.exec(running.stderr())?.[1]);
    await seen(() => /running/.exec(running.stderr())?.[0]);
    running.kill("SIGINT");
    const ended = await running.ended;
    expect(ended.code).toBe(130);
    expect(ended.stderr).toContain("Cancelling");
    const job = await person.json<Job>(["jobs", "get", id]);
    expect(job).toMatchObject({ status: "CANCELLED", resultRef: null });
    expect(job.progress.done).toBeLessThan(46);
  });

  it("cancels a job by its id while it runs, within 20 seconds, and says so to whoever watches", async () => {
    const { id } = await person.json<Job>([...judged, "--no-wait"]);
    const watching = person.start(["jobs", "watch", id]);
    await seen(() => /running/.exec(watching.stderr())?.[0]);
    const asked = Date.now();
    expect((await person.maru(["jobs", "cancel", id, "--reason", "no longer needed"])).code).toBe(0);
    const ended = await watching.ended;
    expect(Date.now() - asked).toBeLessThan(20_000);
    expect(ended.code).toBe(130);
    expect(ended.stderr).toContain(`Job ${id} was cancelled.`);
    expect(await person.json<Job>(["jobs", "get", id])).toMatchObject({ status: "CANCELLED" });
  });
});

/** Waits until something shows. */
async function seen(look: () => string | undefined): Promise<string> {
  for (let i = 0; i < 300; i++) {
    const found = look();
    if (found !== undefined) return found;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error("it never showed");
}
