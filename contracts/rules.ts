import * as z from "zod";
import { RuleAction } from "./rule-actions.ts";
import { AbsencePolicy, Condition, Flapping } from "./rule-conditions.ts";
import { MetricTarget } from "./rule-metrics.ts";
import { PatternSpec } from "./rule-patterns.ts";
import { Aggregate, WindowSpec } from "./rule-windows.ts";
import { CelSource, Duration, LabelName, PositiveDuration, RuleTemplate, ValueName } from "./rule-words.ts";
import { RunPolicy, Schedule } from "./schedules.ts";

/**
 * Which events reach a rule before any expression runs. Types may end in `*`. An empty list means all, but the events of
 * other rules' actions: those come from `rule:<id>` and reach only rules that name that source, or a type.
 */
export const SourceFilter = z.strictObject({
  sourceIds: z.array(z.string().min(1)).max(100).default([]),
  types: z.array(z.string().min(1).max(256)).max(100).default([]),
  /** Sees `event` and `data`. An event on which it is not true is not in the rule. */
  where: CelSource.optional(),
});
export type SourceFilter = z.infer<typeof SourceFilter>;

/** What a rule looks at. */
export const Trigger = z.discriminatedUnion("kind", [
  z.strictObject({
    kind: z.literal("filter"),
    /** A number of the event, named `value` in conditions and templates. */
    value: CelSource.optional(),
  }),
  z.strictObject({
    kind: z.literal("window"),
    window: WindowSpec,
    aggregates: z
      .record(ValueName, Aggregate)
      .refine((all) => Object.keys(all).length >= 1 && Object.keys(all).length <= 16, "1 to 16 aggregates"),
    /** Also evaluates a window before its end, at every multiple of this after its start. */
    earlyEveryMs: z.int().min(100).optional(),
    /** Evaluates windows without events too while the key lives; otherwise only while its alert is open. */
    evaluateEmpty: z.boolean().default(false),
  }),
  z.strictObject({ kind: z.literal("pattern"), pattern: PatternSpec }),
  z.strictObject({ kind: z.literal("metric"), metric: MetricTarget }),
  z.strictObject({
    kind: z.literal("schedule"),
    schedule: Schedule,
    /** Jitter, runs that were missed, and how late one may start. */
    policy: RunPolicy.omit({ overlap: true }).prefault({}),
  }),
]);
export type Trigger = z.infer<typeof Trigger>;

/**
 * What to do with a late event (its time is at or before the watermark). `drop` and `side` leave it out; `side` also
 * publishes it. `update` puts it into windows that end less than `allowedMs` before the watermark and evaluates those
 * that had ended again.
 */
export const Lateness = z.discriminatedUnion("policy", [
  z.strictObject({ policy: z.literal("drop") }),
  z.strictObject({ policy: z.literal("side") }),
  z.strictObject({ policy: z.literal("update"), allowedMs: Duration.default(0) }),
]);
export type Lateness = z.infer<typeof Lateness>;

/** A rule as its author writes it. A published version of it never changes. */
export const RuleDefinition = z.strictObject({
  name: z.string().min(1).max(200),
  description: z.string().max(4000).default(""),
  sources: SourceFilter.prefault({}),
  /**
   * JSON Schema of the events' data, so that expressions know integers, times and fields. Where it is not given, a version
   * takes the one that its named sources have for its named types, if that is one and the same.
   */
  dataSchema: z
    .record(z.string(), z.json())
    .refine((schema) => JSON.stringify(schema).length <= 50_000, "At most 50,000 characters.")
    .optional(),
  /** `event`: the sender's time and watermarks. `processing`: the time of arrival. */
  time: z.enum(["event", "processing"]).default("event"),
  /** Expressions over `event` and `data`; one state is kept per combination of their values. */
  key: z.array(CelSource).max(8).default([]),
  /** The labels that the parts of the key become, in order; `key0`, `key1` … where not given. */
  keyLabels: z.array(LabelName).max(8).default([]),
  nullKey: z.enum(["skip", "group"]).default("skip"),
  trigger: Trigger,
  /** Needed by `filter`, `window` and `metric`. */
  condition: Condition.optional(),
  /** `match`: each time the condition holds is an occasion. `alert`: the life of an alert. */
  outcome: z.enum(["match", "alert"]).default("alert"),
  forMs: Duration.default(0),
  keepFiringMs: Duration.default(0),
  /** `pattern` and `schedule` with an alert: it resolves this long after the last match. */
  resolveAfterMs: PositiveDuration.default(3_600_000),
  noData: AbsencePolicy.prefault({}),
  error: AbsencePolicy.prefault({}),
  /** More open instances than this in one evaluation is an error; 0 or less means no limit. */
  limit: z.int().default(0),
  flapping: Flapping.optional(),
  cooldownMs: Duration.default(0),
  labels: z.record(LabelName, RuleTemplate).default({}),
  annotations: z.record(LabelName, RuleTemplate).default({}),
  actions: z.array(RuleAction).max(20).default([]),
  /** How far out of order events of one source come, and when a silent source is no longer waited for. */
  watermark: z
    .strictObject({ boundMs: Duration.default(0), idleTimeoutMs: z.int().min(1).default(60_000) })
    .prefault({}),
  /** Holds events until the watermark has passed them and takes them in order of their time. */
  ordered: z.boolean().default(false),
  lateness: Lateness.prefault({ policy: "update" }),
  /** A repeat of (`source`, `id`) within this is a duplicate; at most 14 days. */
  dedupeTtlMs: z
    .int()
    .nonnegative()
    .max(14 * 86_400_000)
    .default(86_400_000),
  /** The state of a key is forgotten after this long without an event, timer or open alert. */
  ttlMs: z.int().min(1_000).default(86_400_000),
  maxKeys: z.int().positive().max(1_000_000).default(100_000),
  /** After a longer outage pending alerts are restored by the rules for missing data. */
  outageToleranceMs: Duration.default(3_600_000),
});
export type RuleDefinition = z.infer<typeof RuleDefinition>;
export type RuleDefinitionInput = z.input<typeof RuleDefinition>;
