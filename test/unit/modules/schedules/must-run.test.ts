import { describe, expect, it } from "vitest";
import { Schedule } from "../../../../contracts/schedules.ts";
import { AppError } from "../../../../src/kernel/problem.ts";
import { mustRun } from "../../../../src/modules/schedules/must-run.ts";

const refusalOf = (schedule: object) => {
  try {
    mustRun(Schedule.parse(schedule), Date.UTC(2026, 0, 1));
  } catch (error) {
    if (error instanceof AppError) return error.failure;
    throw error;
  }
  return undefined;
};

describe("the schedule of a request", () => {
  it("is refused with a pointer into the request", () => {
    expect(refusalOf({ kind: "cron", expression: "0 9 * * 8x" })).toMatchObject({
      code: "schedules.cron_invalid",
      errors: [{ pointer: "/schedule/expression", code: "cron_invalid" }],
    });
    expect(refusalOf({ kind: "cron", expression: "0 0 31 2 *" })).toMatchObject({
      code: "schedules.never_runs",
      errors: [{ pointer: "/schedule", code: "never_runs" }],
    });
  });

  it("is let through where it has a run", () => {
    expect(refusalOf({ kind: "cron", expression: "0 9 * * 1-5", zone: "Asia/Seoul" })).toBeUndefined();
  });
});
