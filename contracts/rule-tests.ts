import * as z from "zod";
import { EventData } from "./events.ts";
import { RuleDefinition } from "./rules.ts";

/** A time from the start of a test: `90s`, `5m`, `1h30m`, `2d`, `250ms`; `0` is the start. */
export const Offset = z.union(
  [
    z
      .string()
      .max(40)
      .regex(/^(0|(\d+(ms|s|m|h|d))+)$/, "Write a time such as 90s, 5m, 1h30m or 2d; 0 is the start."),
    z.literal(0),
  ],
  "Write a time such as 90s, 5m, 1h30m or 2d; 0 is the start.",
);
export type Offset = z.infer<typeof Offset>;

const unitMs: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** The milliseconds of an offset. */
export function offsetMs(offset: Offset): number {
  let sum = 0;
  for (const [, digits, unit = ""] of String(offset).matchAll(/(\d+)(ms|s|m|h|d)/g)) {
    sum += Number(digits) * (unitMs[unit] ?? 0);
  }
  return sum;
}

const Labels = z.record(z.string(), z.string());
const times = z.int().min(1).max(10_000);

/** An event that arrives, or a row of them: `times` alike, or one for each entry of `each`, one `every` so long. */
export const TestEvent = z.strictObject({
  at: Offset,
  /** When it happened, where that is not when it arrives. */
  time: Offset.optional(),
  type: z.string().min(1).max(512).default("test"),
  data: z.record(z.string(), EventData).default({}),
  id: z.string().min(1).max(512).optional(),
  source: z.string().min(1).max(2048).optional(),
  sourceId: z.string().min(1).max(128).optional(),
  subject: z.string().max(512).optional(),
  every: Offset.optional(),
  times: times.optional(),
  /** What each event's data has besides `data`. */
  each: z.array(z.record(z.string(), EventData)).min(1).max(10_000).optional(),
});
export type TestEvent = z.infer<typeof TestEvent>;

/**
 * Polls of a metric rule, from `at` on one `every` so long: each series with its values one after the other. In the
 * notation of Prometheus: `5`, `_` (nothing), `1x3` (four times 1), `1+2x3` (1 3 5 7), `9-1x2`, `NaN`.
 */
export const TestSamples = z.strictObject({
  at: Offset.default("0"),
  every: Offset,
  series: z
    .array(z.strictObject({ labels: Labels.default({}), values: z.string().min(1).max(4096) }))
    .max(1_000)
    .default([]),
});
export type TestSamples = z.infer<typeof TestSamples>;

export const ExpectedAlert = z.strictObject({
  labels: Labels.default({}),
  status: z.enum(["pending", "firing", "recovering"]).default("firing"),
  /** Compared where given. */
  annotations: Labels.optional(),
});
export type ExpectedAlert = z.infer<typeof ExpectedAlert>;

export const ExpectedMatch = z.strictObject({
  labels: Labels.default({}),
  /** Compared where given, as is `annotations`. */
  at: Offset.optional(),
  annotations: Labels.optional(),
});
export type ExpectedMatch = z.infer<typeof ExpectedMatch>;

export const Expectation = z
  .strictObject({
    at: Offset,
    /** Every alert that is not normal then; `[]`: none. */
    alerts: z.array(ExpectedAlert).max(1_000).optional(),
    /** Every match since the expectation before this one. */
    matches: z.array(ExpectedMatch).max(1_000).optional(),
  })
  .refine(
    ({ alerts, matches }) => alerts !== undefined || matches !== undefined,
    "Expect alerts or matches.",
  );
export type Expectation = z.infer<typeof Expectation>;

export const RuleTest = z.strictObject({
  name: z.string().min(1).max(200),
  /** The name of a rule in the file; may be left out where there is only one. */
  rule: z.string().min(1).max(200).optional(),
  /** A rule that is kept by the server; its latest version where none is given. */
  ruleId: z.string().min(1).max(64).optional(),
  version: z.int().min(1).optional(),
  /** What the clock shows at offset 0; a Monday, unless said otherwise. */
  startsAt: z.iso.datetime({ offset: true }).default("2026-01-05T00:00:00Z"),
  events: z.array(TestEvent).max(10_000).default([]),
  samples: z.array(TestSamples).max(100).default([]),
  /** Polls that fail. */
  failures: z
    .array(z.strictObject({ at: Offset, detail: z.string().max(1000).default("The poll failed.") }))
    .max(1_000)
    .default([]),
  expect: z.array(Expectation).min(1).max(1_000),
});
export type RuleTest = z.infer<typeof RuleTest>;
export type RuleTestInput = z.input<typeof RuleTest>;

/** A file of tests: rules, what happens, and what must come of it. */
export const RuleTestFile = z.strictObject({
  rules: z.array(RuleDefinition).max(100).default([]),
  tests: z.array(RuleTest).min(1).max(200),
});
export type RuleTestFile = z.infer<typeof RuleTestFile>;

export const RuleTestFailure = z
  .strictObject({
    /** The offset of the expectation. */
    at: z.string(),
    of: z.enum(["alerts", "matches", "work"]),
    /** What was expected and is not there. */
    missing: z.array(z.string()),
    /** What is there and was not expected. */
    unexpected: z.array(z.string()),
  })
  .meta({ id: "RuleTestFailure" });
export type RuleTestFailure = z.infer<typeof RuleTestFailure>;

export const RuleTestResult = z
  .strictObject({
    name: z.string(),
    rule: z.string(),
    ok: z.boolean(),
    failures: z.array(RuleTestFailure),
    /** Errors of evaluation that the engine told of. */
    problems: z.array(z.strictObject({ at: z.string(), code: z.string(), detail: z.string() })),
  })
  .meta({ id: "RuleTestResult" });
export type RuleTestResult = z.infer<typeof RuleTestResult>;

export const RuleTestReport = z
  .strictObject({
    ok: z.boolean(),
    passed: z.int().nonnegative(),
    failed: z.int().nonnegative(),
    tests: z.array(RuleTestResult),
  })
  .meta({ id: "RuleTestReport" });
export type RuleTestReport = z.infer<typeof RuleTestReport>;
