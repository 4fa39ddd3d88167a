import { describe, expect, it } from "vitest";
import { RuleDefinition } from "../../../../contracts/rules.ts";
import { answerWhy } from "../../../../src/modules/rules/answer-why.rules.ts";
import { newProgress } from "../../../../src/modules/rules/engine/shard/shard-store.ts";
import { addTrace, type Trace } from "../../../../src/modules/rules/engine/trace.rules.ts";

const definition = RuleDefinition.parse({
  name: "busy",
  trigger: { kind: "filter", value: "data.cpu" },
  condition: { kind: "expression", open: "value > 80.0" },
  forMs: 120_000,
});

function traced(...steps: readonly Parameters<typeof addTrace>[1][]): Trace[] {
  const ring: Trace[] = [];
  for (const at of steps) addTrace(ring, at, "false", "normal", "condition", { value: at });
  return ring;
}

describe("why a rule fired or did not", () => {
  it("says what was seen when the condition did not hold, and how often", () => {
    const answer = answerWhy({ definition, trace: traced(1_000, 2_000) }, null, 5_000);
    expect(answer).toEqual({
      code: "condition",
      detail:
        "The condition was not true. It saw value = 2000. That was so 2 times from 1970-01-01T00:00:01.000Z.",
    });
  });

  it("answers for the instant that was asked for, not for the latest", () => {
    const trace = traced(1_000);
    addTrace(trace, 10_000, "true", "pending", "none", { value: 90 });
    addTrace(trace, 20_000, "true", "pending", "for", { value: 92 });
    addTrace(trace, 130_000, "true", "firing", "none", { value: 91 });
    const codes = [1_500, 60_000, 200_000].map((at) => answerWhy({ definition, trace }, null, at).code);
    expect(codes).toEqual(["condition", "for", "fired"]);
    expect(answerWhy({ definition, trace }, null, 60_000).detail).toBe(
      "The condition held since 1970-01-01T00:00:10.000Z, but not for 120 s yet. It saw value = 92.",
    );
  });

  it("says that what is remembered begins later", () => {
    expect(answerWhy({ definition, trace: traced(5_000) }, null, 4_999)).toMatchObject({
      code: "too_long_ago",
    });
  });

  it("tells a key that never came from one that was refused", () => {
    const { counters } = newProgress();
    expect(answerWhy(null, counters, 0).code).toBe("no_event");
    counters.nullKeys = 3;
    expect(answerWhy(null, counters, 0).detail).toContain("3 events had no value for the key");
    counters.refusedKeys = 2;
    expect(answerWhy(null, counters, 0)).toMatchObject({ code: "key_refused" });
  });
});
