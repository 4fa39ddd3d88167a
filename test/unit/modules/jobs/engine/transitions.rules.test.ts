import { describe, expect, it } from "vitest";
import { JobState } from "../../../../../contracts/jobs.ts";
import { MemoryJobStore } from "../../../../../src/modules/jobs/engine/memory-store.ts";
import {
  isFinal,
  mayMove,
  reasonCodeOf,
  statusOf,
} from "../../../../../src/modules/jobs/engine/transitions.rules.ts";
import { Work } from "../../../../../src/modules/jobs/engine/work.ts";
import { aJobRow } from "../../../../support/job-row.ts";

const finals = ["CANCELLED", "SUCCEEDED", "FAILED", "DEAD", "EXPIRED"] as const;

describe("moves between states", () => {
  it("lets nothing leave a final state", () => {
    expect(JobState.options.filter(isFinal).sort()).toEqual([...finals].sort());
    for (const from of finals) for (const to of JobState.options) expect(mayMove(from, to)).toBe(false);
  });

  it("lets every living state reach an end", () => {
    for (const start of JobState.options) {
      const reached = new Set<JobState>([start]);
      for (const from of reached) for (const to of JobState.options) if (mayMove(from, to)) reached.add(to);
      expect([...reached].some(isFinal)).toBe(true);
    }
  });

  it("succeeds only from a running job", () => {
    expect(JobState.options.filter((from) => mayMove(from, "SUCCEEDED"))).toEqual(["LEASED"]);
  });

  it("only ever cancels what is being cancelled", () => {
    expect(JobState.options.filter((to) => mayMove("CANCELLING", to))).toEqual(["CANCELLED"]);
  });

  it("throws on a move that isn't in the table and leaves the row as it was", () => {
    const work = new Work(new MemoryJobStore(), 0, () => 0);
    const job = aJobRow({ state: "SUCCEEDED" });
    expect(() => work.move(job, "READY", null, "job.ready")).toThrow("SUCCEEDED");
    expect(job).toMatchObject({ state: "SUCCEEDED", events: 0 });
  });

  it("shows five public statuses and a reason for each state that needs one", () => {
    expect(Object.fromEntries(JobState.options.map((state) => [state, statusOf(state)]))).toEqual({
      SCHEDULED: "QUEUED",
      READY: "QUEUED",
      LEASED: "RUNNING",
      RETRY_WAIT: "QUEUED",
      BLOCKED: "QUEUED",
      CANCELLING: "RUNNING",
      CANCELLED: "CANCELLED",
      SUCCEEDED: "SUCCEEDED",
      FAILED: "FAILED",
      DEAD: "FAILED",
      EXPIRED: "FAILED",
    });
    expect(reasonCodeOf("BLOCKED", "budget")).toBe("blocked_budget");
    expect(reasonCodeOf("DEAD", "poison")).toBe("poison");
    expect(reasonCodeOf("READY", null)).toBeNull();
  });
});
