import { describe, expect, it } from "vitest";
import { effectRetry, nextEffectStep } from "../../../../../src/modules/rules/actions/effect-step.rules.ts";

const failed = (more: object = {}) => ({
  done: false as const,
  retryable: true,
  retryAfterMs: 0,
  detail: "answered 500",
  ...more,
});

describe("after an attempt", () => {
  it("is sent with what it made", () => {
    const step = nextEffectStep(
      { done: true, detail: "submitted", jobId: "job_1" },
      1,
      "atLeastOnce",
      0,
      () => 0,
    );
    expect(step).toEqual({ state: "sent", detail: "submitted", jobId: "job_1" });
  });

  it("is tried again within a growing time, or when the receiver asks for it", () => {
    const at = (attempt: number, random: number, more = {}) => {
      const step = nextEffectStep(failed(more), attempt, "atLeastOnce", 1_000, () => random);
      return step.state === "retry" ? step.at - 1_000 : step.state;
    };
    expect([at(1, 0), at(1, 0.999_999), at(3, 0.999_999)]).toEqual([0, 2_000, 8_000]);
    expect(at(17, 0.999_999_99)).toBe(effectRetry.capMs);
    expect(at(1, 0, { retryAfterMs: 60_000 })).toBe(60_000);
  });

  it("is given up after the last try, when another makes no sense, and where it may happen once only", () => {
    const state = (attempt: number, more: object, delivery: "atLeastOnce" | "atMostOnce" = "atLeastOnce") =>
      nextEffectStep(failed(more), attempt, delivery, 0, () => 0).state;
    expect(state(effectRetry.maxAttempts - 1, {})).toBe("retry");
    expect(state(effectRetry.maxAttempts, {})).toBe("dead");
    expect(state(1, { retryable: false })).toBe("dead");
    expect(state(1, {}, "atMostOnce")).toBe("dead");
  });
});
