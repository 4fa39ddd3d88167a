import * as z from "zod";
import { PatternSpec } from "./rule-patterns.ts";
import { Schedule } from "./schedules.ts";

/** A CEL expression. What names it may use depends on where it stands: see each field. */
export const CelSource = z.string().min(1).max(4096);

/** Text with `{{ CEL }}` in it; sees `event`, `key`, `labels`, `value` and the aggregates of the rule. */
export const RuleTemplate = z.string().max(4096);

const Duration = z
  .int()
  .nonnegative()
  .max(366 * 86_400_000);
const PositiveDuration = z
  .int()
  .positive()
  .max(366 * 86_400_000);

/** A name that expressions use as a variable. */
export const ValueName = z.string().regex(/^[a-z][a-zA-Z0-9_]{0,62}$/);
export const LabelName = z.string().regex(/^[a-zA-Z_][a-zA-Z0-9_]{0,127}$/);
const ZoneName = z.string().min(1).max(64);

/** Which events reach a rule before any expression runs. Types may end in `*`. An empty list means all. */
export const SourceFilter = z.strictObject({
  sourceIds: z.array(z.string().min(1)).max(100).default([]),
  types: z.array(z.string().min(1).max(256)).max(100).default([]),
  /** Sees `event` and `data`. An event on which it is not true is not in the rule. */
  where: CelSource.optional(),
});
export type SourceFilter = z.infer<typeof SourceFilter>;

/** Time windows; all bounds are half-open `[start, end)` but `continuous`, which is `(t − size, t]` at every event. */
export const WindowSpec = z.discriminatedUnion("kind", [
  z.strictObject({
    kind: z.literal("tumbling"),
    sizeMs: PositiveDuration,
    /** Moves the grid; smaller than the size either way. */
    offsetMs: z.int().default(0),
  }),
  z.strictObject({
    kind: z.literal("sliding"),
    sizeMs: PositiveDuration,
    slideMs: PositiveDuration,
    offsetMs: z.int().default(0),
  }),
  z.strictObject({
    kind: z.literal("continuous"),
    sizeMs: PositiveDuration,
    /** False: 60 panes, exact at pane boundaries. True: every event is kept, at most 10,000 a key. */
    exact: z.boolean().default(false),
  }),
  z.strictObject({
    kind: z.literal("session"),
    /** Milliseconds, or an expression over `event` that gives them. */
    gap: z.union([PositiveDuration, CelSource]),
    /** The longest a session may last. */
    maxMs: PositiveDuration.optional(),
  }),
  z.strictObject({
    kind: z.literal("count"),
    size: z.int().positive().max(10_000),
    /** `batch`: every `size` events, then afresh. `sliding`: the last `size` events at each event. */
    mode: z.enum(["batch", "sliding"]).default("batch"),
    /** A batch also ends this long after its first event. */
    maxMs: PositiveDuration.optional(),
  }),
  z.strictObject({
    kind: z.literal("calendar"),
    unit: z.enum(["hour", "day", "week", "month"]),
    zone: ZoneName,
    /** 1 is Monday, 7 Sunday. */
    weekStartsOn: z.int().min(1).max(7).default(1),
  }),
]);
export type WindowSpec = z.infer<typeof WindowSpec>;

export const AggregateFunction = z.enum([
  "count",
  "distinct",
  "sum",
  "avg",
  "min",
  "max",
  "first",
  "last",
  "stddevPop",
  "stddevSamp",
  "quantile",
  "median",
  "mad",
  "rate",
  "increase",
  "delta",
  "topk",
  "ewma",
]);
export type AggregateFunction = z.infer<typeof AggregateFunction>;

export const Aggregate = z
  .strictObject({
    fn: AggregateFunction,
    /** What is aggregated, over `event` and `data`. Only `count` and `topk` by label do without. */
    over: CelSource.optional(),
    /** Only events on which it is true are taken. */
    where: CelSource.optional(),
    /** `quantile`: the rank in [0, 1]; below gives −Inf, above +Inf. */
    q: z.number().optional(),
    /** `topk`: how many. */
    k: z.int().positive().max(100).optional(),
    /** `topk`: groups by this label and ranks the groups by their sum (by their count without `over`). */
    by: CelSource.optional(),
    /** `ewma`: after this long a value counts half. */
    halfLifeMs: PositiveDuration.optional(),
  })
  .superRefine((aggregate, context) => {
    const need = (name: "over" | "q" | "k" | "halfLifeMs") => {
      if (aggregate[name] === undefined) {
        context.addIssue({ code: "custom", path: [name], message: `${aggregate.fn} needs "${name}".` });
      }
    };
    if (aggregate.fn !== "count" && !(aggregate.fn === "topk" && aggregate.by !== undefined)) need("over");
    if (aggregate.fn === "quantile") need("q");
    if (aggregate.fn === "topk") need("k");
    if (aggregate.fn === "ewma") need("halfLifeMs");
  });
export type Aggregate = z.infer<typeof Aggregate>;

/** How a metric is polled and read. The value of each series is `value`, its labels `labels`. */
export const MetricTarget = z.strictObject({
  intervalMs: z.int().min(10_000).max(86_400_000),
  timeoutMs: z.int().min(100).max(60_000).optional(),
  url: z.url().max(2048),
  method: z.enum(["GET", "POST"]).default("GET"),
  headers: z.record(z.string(), z.string()).optional(),
  body: z.string().max(65_536).optional(),
  secretName: z.string().optional(),
  format: z.enum(["prometheus", "json"]),
  /** `prometheus`: the instant query. */
  query: z.string().max(8192).optional(),
  /** `json`: a JSONPath (RFC 9535) or a JSON pointer to the value or the list of elements. */
  select: z.string().max(1024).optional(),
  /** `json` with a list: a JSON pointer from an element to its value. */
  value: z.string().max(512).optional(),
  /** `json` with a list: label name to a JSON pointer inside the element. */
  labels: z.record(LabelName, z.string().max(512)).optional(),
  /** A sample older than this is no data. */
  lookbackMs: PositiveDuration.default(300_000),
});
export type MetricTarget = z.infer<typeof MetricTarget>;

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
  z.strictObject({ kind: z.literal("schedule"), schedule: Schedule }),
]);
export type Trigger = z.infer<typeof Trigger>;

const Comparison = z.strictObject({ op: z.enum([">", ">=", "<", "<=", "==", "!="]), value: z.number() });
export type Comparison = z.infer<typeof Comparison>;

/** When enough points lie outside the band to open, and inside to close. Shares are in (0, 1]. */
const Band = {
  /** The aggregate it watches, or `value`. */
  of: ValueName,
  side: z.enum(["both", "above", "below"]).default("both"),
  /** A smaller distance from the middle is never an anomaly. */
  minChange: z.number().nonnegative().default(0),
  trigger: z.strictObject({ windowMs: Duration, share: z.number().gt(0).max(1) }).optional(),
  recovery: z.strictObject({ windowMs: Duration, share: z.number().gt(0).max(1).default(1) }).optional(),
  /** Stretches that were not normal: they teach the baseline nothing. Milliseconds, `[from, to)`. */
  exclude: z
    .array(z.strictObject({ from: z.int(), to: z.int() }))
    .max(100)
    .default([]),
};

/** When the alert opens and closes. With no `close`, it closes when `open` is false. */
export const Condition = z.discriminatedUnion("kind", [
  z.strictObject({
    kind: z.literal("expression"),
    /** Over `event`, `data`, `key`, `labels`, `value`, `window` and the aggregates, as the trigger has them. */
    open: CelSource,
    close: CelSource.optional(),
  }),
  z.strictObject({
    kind: z.literal("static"),
    of: ValueName,
    open: Comparison,
    close: Comparison.optional(),
  }),
  z.strictObject({
    kind: z.literal("ewma"),
    ...Band,
    halfLifeMs: PositiveDuration,
    /** Standard deviations. */
    score: z.number().positive().default(3),
    /** The least deviation the score divides by. */
    floor: z.number().positive().default(1e-9),
    minPoints: z.int().min(2).max(10_000).default(10),
    /** How fast the baseline learns while a point is anomalous, as a share of the usual; 0 freezes it. */
    freezeRate: z.union([z.literal(0), z.literal(0.1)]).default(0),
    maxFreezeMs: Duration.default(3_600_000),
  }),
  z.strictObject({
    kind: z.literal("mad"),
    ...Band,
    /** How many past points make the baseline. */
    points: z.int().min(3).max(1_000).default(100),
    score: z.number().positive().default(3.5),
    minPoints: z.int().min(3).max(1_000).default(10),
  }),
  z.strictObject({
    kind: z.literal("seasonal"),
    ...Band,
    zone: ZoneName,
    weeks: z.int().min(3).max(12).default(4),
    score: z.number().positive().default(3.5),
  }),
]);
export type Condition = z.infer<typeof Condition>;

/** What to do when an instance has no data or its evaluation fails, after that lasted `afterMs`. */
export const AbsencePolicy = z.strictObject({
  use: z.enum(["alert", "normal", "keepLast", "ownAlert"]).default("keepLast"),
  afterMs: Duration.default(0),
});
export type AbsencePolicy = z.infer<typeof AbsencePolicy>;

export const Flapping = z.discriminatedUnion("kind", [
  /** The last 20 evaluations, weighted towards the newest; percent. */
  z.strictObject({
    kind: z.literal("weighted"),
    high: z.number().min(0).max(100).default(30),
    low: z.number().min(0).max(100).default(25),
  }),
  /** At least `changes` changes within `windowMs`. */
  z.strictObject({
    kind: z.literal("changes"),
    changes: z.int().min(2).max(100),
    windowMs: PositiveDuration,
  }),
]);
export type Flapping = z.infer<typeof Flapping>;

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

export const ActionOccasion = z.enum([
  "match",
  "firing",
  "resolved",
  "flappingStarted",
  "flappingStopped",
  "noData",
  "error",
]);
export type ActionOccasion = z.infer<typeof ActionOccasion>;

/** Something done besides keeping the alert. `settings` belongs to the kind of action. */
export const RuleAction = z.strictObject({
  id: z.string().regex(/^[a-z][a-z0-9_-]{0,62}$/),
  kind: z.enum(["notify", "job", "http", "rule"]),
  on: z.array(ActionOccasion).min(1),
  settings: z.record(z.string(), z.json()).default({}),
  /** `atMostOnce` marks the effect sent before it is sent: for phone calls. */
  delivery: z.enum(["atLeastOnce", "atMostOnce"]).default("atLeastOnce"),
  /** Overrides the rule's. */
  cooldownMs: Duration.optional(),
});
export type RuleAction = z.infer<typeof RuleAction>;

/** A rule as its author writes it. A published version of it never changes. */
export const RuleDefinition = z.strictObject({
  name: z.string().min(1).max(200),
  description: z.string().max(4000).default(""),
  sources: SourceFilter.prefault({}),
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
