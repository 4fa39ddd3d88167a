import { describe, expect, it } from "vitest";
import type { Ctx } from "../../../../src/kernel/context.ts";
import type { Json } from "../../../../src/kernel/json.ts";
import type { Command } from "../../../../src/modules/jobs/engine/commands.ts";
import type { ClaimedStep } from "../../../../src/modules/jobs/engine/replies.ts";
import type { JobHandler } from "../../../../src/modules/jobs/handler.ts";
import { runStep } from "../../../../src/modules/jobs/run-step.ts";

const stepWith = (payload: ClaimedStep["payload"]): ClaimedStep => ({
  jobId: "job_1",
  tenantId: "ten_1",
  projectId: "shared",
  type: "EVALUATION",
  kind: "work",
  chunk: { index: 3, from: 75, to: 100, doneUnits: [] },
  units: 100,
  attempt: 1,
  maxAttempts: 3,
  payload,
  token: 7,
  leaseUntil: 60_000,
  heartbeatMs: 20_000,
  deadlineAt: null,
  requestedBy: "system:test",
  createdAt: 0,
  labels: {},
  trace: null,
  redriveOf: null,
});

/** What a step tells the job object, and what the log says. */
async function reportsOf(payload: ClaimedStep["payload"], work: JobHandler["work"]): Promise<Command[]> {
  const told: Command[] = [];
  const ctx = {
    tenantId: "ten_1",
    log: () => {},
    ports: {
      jobs: {
        execute: async (_: string, command: Command) => {
          told.push(command);
          return { ok: true, cancel: false };
        },
      },
      blobs: { get: async () => null },
    },
  } as unknown as Ctx;
  await runStep(ctx, stepWith(payload), { work } as JobHandler);
  return told;
}

const value: { value: Json } = { value: null };

describe("a step at work", () => {
  it("names its chunk in every report, so that a repeated one is recognised", async () => {
    const told = await reportsOf(value, async (_, host) => {
      await host.checkpoint({ outcomes: { 75: "d" }, partRef: "part" });
      return { resultRef: "result" };
    });
    expect(told).toMatchObject([
      { type: "heartbeat", jobId: "job_1", token: 7, chunk: 3, partRef: "part" },
      { type: "complete", jobId: "job_1", token: 7, chunk: 3, resultRef: "result" },
    ]);
    const failed = await reportsOf(value, async () => {
      throw new Error("no");
    });
    expect(failed).toMatchObject([{ type: "fail", token: 7, chunk: 3, failure: { transient: true } }]);
  });

  it("fails for good when its payload is gone, instead of beating on", async () => {
    const told = await reportsOf({ ref: "payloads/1" }, async () => ({}));
    expect(told).toMatchObject([{ type: "fail", failure: { code: "jobs.payload_gone", transient: false } }]);
  });
});
