import * as z from "zod";
import { CelSource, PositiveDuration, ZoneName } from "./rule-words.ts";

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
