import { describe, expect, it } from "vitest";
import { RuleDefinition } from "../../../../../contracts/rules.ts";
import { clockPlan } from "../../../../../src/modules/rules/polling/clock-plan.rules.ts";

const condition = { kind: "static", of: "value", open: { op: ">", value: 1 } };
const metric = { url: "https://m.example.com/", format: "json" };
const rule = (version: number, shadow: boolean, definition: object) => ({
  ruleId: "rul_1",
  lineage: "rul_1.1",
  version,
  shadow,
  definition: RuleDefinition.parse({ name: "r", ...definition }),
  from: 7,
});
const polled = (more: object = {}) => ({
  trigger: { kind: "metric", metric: { ...metric, ...more } },
  condition,
});

describe("what the clock has to start", () => {
  it("is one poll for a live version and one that watches, while they ask the same", () => {
    const { polls } = clockPlan([rule(1, false, polled()), rule(2, true, polled())]);
    expect(polls.map(({ lineages }) => lineages)).toEqual([["rul_1.1", "rul_1.1~2"]]);
    const other = clockPlan([rule(1, false, polled()), rule(2, true, polled({ select: "/cpu" }))]);
    expect(other.polls.map(({ lineages }) => lineages)).toEqual([["rul_1.1"], ["rul_1.1~2"]]);
    expect(other.polls[0]?.id).toBe(polls[0]?.id);
  });

  it("is the runs of a schedule rule, and nothing for rules that go by events", () => {
    const schedule = { kind: "cron", expression: "0 9 * * 1-5", zone: "Asia/Seoul" };
    const plan = clockPlan([
      rule(1, false, { trigger: { kind: "schedule", schedule } }),
      rule(1, false, { trigger: { kind: "filter" }, condition }),
    ]);
    expect(plan).toEqual({
      polls: [],
      runs: [
        {
          ruleId: "rul_1",
          lineage: "rul_1.1",
          schedule: { ...schedule, dayMatch: "or", dst: "vixie" },
          policy: { jitterMs: 0, catchUp: { mode: "last" }, deadlineMs: null },
          from: 7,
        },
      ],
    });
  });
});
