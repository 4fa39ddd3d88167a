import * as z from "zod";
import { CelSource, Duration, PositiveDuration, ValueName, ZoneName } from "./rule-words.ts";

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
