import { describe, expect, it } from "vitest";
import type * as z from "zod";
import { offsetMs, RuleTestFile } from "../../../../../contracts/rule-tests.ts";
import type { RuleDefinitionInput } from "../../../../../contracts/rules.ts";
import { readSeries } from "../../../../../src/modules/rules/testing/read-series.rules.ts";
import { runRuleTests } from "../../../../../src/modules/rules/testing/run-rule-tests.ts";

type FileInput = z.input<typeof RuleTestFile>;
const run = (file: FileInput) => runRuleTests(RuleTestFile.parse(file));

const cpu: RuleDefinitionInput = {
  name: "cpu",
  key: ["data.host"],
  keyLabels: ["host"],
  trigger: { kind: "filter", value: "data.cpu" },
  condition: { kind: "static", of: "value", open: { op: ">", value: 80 } },
  forMs: 120_000,
  annotations: { summary: "{{ key[0] }} is busy" },
};

const busy = { at: "0", every: "1m", data: { host: "a" }, each: [{ cpu: 90 }, { cpu: 91 }, { cpu: 92 }] };

describe("rule tests", () => {
  it("pass where the rule does what they say", () => {
    const report = run({
      rules: [cpu],
      tests: [
        {
          name: "fires after two minutes",
          events: [busy, { at: "5m", data: { host: "a", cpu: 1 } }],
          expect: [
            { at: "1m", alerts: [{ labels: { host: "a" }, status: "pending" }] },
            { at: "2m", alerts: [{ labels: { host: "a" }, annotations: { summary: "a is busy" } }] },
            { at: "5m", alerts: [] },
          ],
        },
      ],
    });
    expect(report).toMatchObject({ ok: true, passed: 1, failed: 0, tests: [{ rule: "cpu", failures: [] }] });
  });

  it("show what is missing and what was not expected", () => {
    const report = run({
      rules: [cpu],
      tests: [
        {
          name: "wrong",
          events: [busy],
          expect: [
            { at: "1m", alerts: [] },
            { at: "2m", alerts: [{ labels: { host: "b" }, annotations: { summary: "b" } }] },
          ],
        },
      ],
    });
    expect(report.failed).toBe(1);
    expect(report.tests[0]?.failures).toEqual([
      { at: "1m", of: "alerts", missing: [], unexpected: ['{host="a"} pending'] },
      {
        at: "2m",
        of: "alerts",
        missing: ['{host="b"} firing {summary="b"}'],
        unexpected: ['{host="a"} firing {summary="a is busy"}'],
      },
    ]);
  });

  it("look at the matches since the expectation before", () => {
    const rule = { ...cpu, forMs: 0, outcome: "match" as const };
    const report = run({
      rules: [rule],
      tests: [
        {
          name: "matches",
          events: [busy],
          expect: [
            {
              at: "1m30s",
              matches: [
                { labels: { host: "a" }, at: "0" },
                { labels: { host: "a" }, at: "1m" },
              ],
            },
            { at: "3m", matches: [{ labels: { host: "a" }, at: "2m" }] },
            { at: "4m", matches: [] },
          ],
        },
      ],
    });
    expect(report.tests[0]?.failures).toEqual([]);
  });

  it("feed polls to metric rules, with series that are missing and polls that fail", () => {
    const metric = {
      name: "disk",
      trigger: {
        kind: "metric" as const,
        metric: {
          intervalMs: 60_000,
          url: "https://prometheus.example/api",
          format: "prometheus" as const,
          query: "x",
        },
      },
      condition: { kind: "static" as const, of: "value", open: { op: ">" as const, value: 5 } },
      noData: { use: "alert" as const, afterMs: 120_000 },
      error: { use: "keepLast" as const },
    };
    const report = run({
      rules: [metric],
      tests: [
        {
          name: "polls",
          samples: [{ every: "1m", series: [{ labels: { host: "a" }, values: "1+3x3 _x4" }] }],
          failures: [{ at: "3m", detail: "no answer" }],
          expect: [
            { at: "1m", alerts: [] },
            { at: "2m", alerts: [{ labels: { host: "a" } }] },
            { at: "3m", alerts: [{ labels: { host: "a" } }] },
          ],
        },
      ],
    });
    expect(report.tests[0]).toMatchObject({
      ok: true,
      problems: [
        { at: "3m", code: "sourceFailed", detail: "no answer" },
        { at: "3m", code: "evaluationFailed", detail: "no answer" },
      ],
    });
  });

  it("run the schedule of a rule that has one", () => {
    const report = run({
      rules: [
        {
          name: "daily",
          trigger: {
            kind: "schedule",
            schedule: { kind: "cron", expression: "0 9 * * 1-5", zone: "Asia/Seoul" },
          },
          outcome: "match",
        },
      ],
      tests: [
        {
          name: "every working day at nine in Seoul",
          expect: [
            { at: "12h", matches: [{ at: "0" }] },
            { at: "7d", matches: ["1d", "2d", "3d", "4d", "7d"].map((at) => ({ at })) },
          ],
        },
      ],
    });
    expect(report.tests[0]?.failures).toEqual([]);
  });

  it("take the time of an event apart from its arrival", () => {
    const late = { ...cpu, forMs: 0, lateness: { policy: "drop" as const } };
    const report = run({
      rules: [late],
      tests: [
        {
          name: "late",
          events: [
            { at: "10m", data: { host: "a", cpu: 1 } },
            { at: "11m", time: "1m", data: { host: "a", cpu: 99 } },
          ],
          expect: [{ at: "12m", alerts: [] }],
        },
      ],
    });
    expect(report.ok).toBe(true);
  });

  it("are refused with a pointer where a rule or its name is wrong", () => {
    const expectNone = [{ at: "0", alerts: [] }];
    const refused = (file: FileInput) => {
      try {
        run(file);
      } catch (error) {
        return (error as { failure?: { errors?: { pointer: string }[] } }).failure?.errors?.[0]?.pointer;
      }
      return undefined;
    };
    const bad = { ...cpu, key: ["data.host +"] };
    expect(refused({ rules: [bad], tests: [{ name: "x", expect: expectNone }] })).toBe("/rules/0/key/0");
    const lost = { name: "x", rule: "gpu", expect: expectNone };
    expect(refused({ rules: [cpu], tests: [lost] })).toBe("/tests/0/rule");
    const kept = { name: "x", ruleId: "rul_1", expect: expectNone };
    expect(refused({ tests: [kept] })).toBe("/tests/0/ruleId");
  });
});

describe("a series", () => {
  it("is written as Prometheus writes it", () => {
    expect(readSeries("1 _ -2.5 1x2 1+2x3 9-1x2 _x1 NaN", [])).toEqual([
      1,
      null,
      -2.5,
      ...[1, 1, 1],
      ...[1, 3, 5, 7],
      ...[9, 8, 7],
      ...[null, null],
      null,
    ]);
  });

  it("is refused where it can't be read", () => {
    expect(() => readSeries("1 two", ["samples", 0])).toThrow(/"two" is no value/);
    expect(() => readSeries("1x99999", [])).toThrow(/at most 10000/);
  });
});

it("an offset is the sum of its parts", () => {
  expect(["0", "90s", "1h30m", "2d", "250ms"].map(offsetMs)).toEqual([
    0, 90_000, 5_400_000, 172_800_000, 250,
  ]);
});
