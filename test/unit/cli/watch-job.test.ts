import { describe, expect, it } from "vitest";
import { createCli } from "../../../cli/src/create-cli.ts";
import { endOfJob, watchJob } from "../../../cli/src/watch-job.ts";
import type { Job } from "../../../contracts/jobs.ts";
import { fakeMachine, json } from "./fake-machine.ts";

const job = {
  id: "job_1",
  status: "QUEUED",
  progress: { total: 4, done: 0, failed: 0, skipped: 0 },
  lastEventSeq: 1,
} as Job;

/** A job that runs until it is cancelled. */
function endless(options: { canAsk: boolean; answers?: readonly string[] }) {
  let cancelled = 0;
  const started = `data: ${JSON.stringify({ jobSeq: 2, type: "job.started", data: {} })}\n\n`;
  const machine = fakeMachine({
    ...options,
    fetch: async (url) => {
      if (url.endsWith(":cancel")) {
        cancelled++;
        return json({ ...job, status: "RUNNING" });
      }
      if (!url.endsWith("/events")) {
        return json({
          ...job,
          status: cancelled > 0 ? "CANCELLED" : "RUNNING",
          lastEventSeq: 2,
          error: null,
        });
      }
      await new Promise((resolve) => setTimeout(resolve, 5));
      return new Response(started, { headers: { "content-type": "text/event-stream" } });
    },
  });
  const globals = {
    json: false,
    quiet: false,
    color: false,
    lang: undefined,
    endpoint: undefined,
    authProfile: undefined,
  };
  const cli = createCli(machine, globals, "en");
  return { machine, cli, cancelled: () => cancelled };
}

async function watched(options: Parameters<typeof endless>[0], interrupts = 1) {
  const { machine, cli, cancelled } = endless(options);
  const watching = watchJob(cli, await cli.api(), job);
  await new Promise((resolve) => setTimeout(resolve, 20));
  for (let i = 0; i < interrupts; i++) machine.interrupt();
  const result = await watching;
  return { ...result, code: endOfJob(cli, result), cancelled: cancelled(), err: machine.err() };
}

describe("an interrupt while a job is watched", () => {
  it("cancels the job where nobody can be asked", async () => {
    expect(await watched({ canAsk: false })).toMatchObject({
      left: false,
      code: 130,
      cancelled: 1,
      job: { status: "CANCELLED" },
    });
  });

  it("asks on a terminal, and cancels on yes", async () => {
    expect(await watched({ canAsk: true, answers: ["y"] })).toMatchObject({ code: 130, cancelled: 1 });
  });

  it("leaves the job alone on no, and says how to see it again", async () => {
    const left = await watched({ canAsk: true, answers: ["n"] });
    expect(left).toMatchObject({ left: true, code: 130, cancelled: 0 });
    expect(left.err).toContain("maru jobs watch job_1");
  });

  it("leaves at once when it comes twice", async () => {
    expect(await watched({ canAsk: false }, 2)).toMatchObject({ left: true, code: 130 });
  });
});

describe("how a job's end becomes an exit code", () => {
  const { cli, machine } = endless({ canAsk: false });
  it("is 0 for success and 1 for failure, with the reason and what to do", () => {
    expect(endOfJob(cli, { job: { ...job, status: "SUCCEEDED" }, left: false })).toBe(0);
    const error = { code: "judge.unreachable", message: "The model does not answer." };
    expect(endOfJob(cli, { job: { ...job, status: "FAILED", error }, left: false })).toBe(1);
    expect(machine.err()).toContain("The model does not answer. (judge.unreachable)");
    expect(machine.err()).toContain("maru jobs redrive job_1");
  });
});
