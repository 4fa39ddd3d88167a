import { describe, expect, it } from "vitest";
import * as z from "zod";
import { allMetrics, modelFreeMetrics } from "../../../../../src/modules/evaluation/metrics/registry.ts";
import { caseOf } from "./score-of.ts";

describe("the registry of metrics", () => {
  it("has each name once, in snake case", () => {
    const names = [...allMetrics.values()].map((metric) => metric.name);
    expect(names.every((name) => /^[a-z][a-z0-9_]*$/.test(name))).toBe(true);
    expect([...allMetrics.keys()]).toEqual(names);
    expect(new Set(names).size).toBe(names.length);
    expect(names.length).toBeGreaterThan(modelFreeMetrics.length);
  });

  it("has options that an empty object satisfies and an unknown member does not", () => {
    for (const metric of allMetrics.values()) {
      expect(metric.options.safeParse({}).success, metric.name).toBe(true);
      expect(metric.options.safeParse({ noSuchOption: 1 }).success, metric.name).toBe(false);
      expect(() => z.toJSONSchema(metric.options, { io: "input" }), metric.name).not.toThrow();
    }
  });

  it("never scores a case that has nothing but a question", async () => {
    for (const metric of modelFreeMetrics) {
      const result = await metric.score(caseOf({ input: "보험료는 얼마인가요?" }), {}, {});
      expect(`${metric.name} ${result.status} ${result.score}`).toBe(
        `${metric.name} not_applicable undefined`,
      );
      expect(result.reasonCode).toMatch(/^no_/);
    }
  });

  it("keeps every score of a full case within its range", async () => {
    const full = caseOf({
      input: [
        { role: "user", content: "보험료는 얼마인가요?" },
        {
          role: "assistant",
          content: "월 15만원입니다.",
          contexts: ["보험료는 월 15만원"],
          toolCalls: [{ name: "f", args: {} }],
        },
      ],
      output: "보험료는 월 15만원이며 20년 납입합니다.",
      reference: "월 15만원",
      contexts: [
        { text: "보험료는 월 15만원입니다.", id: "a" },
        { text: "납입 기간은 20년입니다.", id: "b" },
      ],
      referenceContexts: [{ text: "보험료는 월 15만원입니다.", id: "a" }],
      referenceToolCalls: [{ name: "f" }],
      metadata: { summary_tags: ["limit"], latencyMs: [120, 300] },
    });
    for (const metric of modelFreeMetrics) {
      const options = metric.name === "matches_pattern" ? { pattern: "15만원" } : {};
      const result = await metric.score(full, options, {});
      expect(result.status, metric.name).toBe("scored");
      expect(result.score, metric.name).toBeGreaterThanOrEqual(metric.range[0]);
      expect(result.score, metric.name).toBeLessThanOrEqual(metric.range[1]);
      expect(result.judgeCalls, metric.name).toEqual([]);
    }
  });
});
