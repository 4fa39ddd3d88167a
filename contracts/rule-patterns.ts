import * as z from "zod";

/** Most partial matches that one key may hold at a time. */
export const maxPartialMatches = 1_000;

const Var = z
  .string()
  .regex(
    /^[A-Za-z][A-Za-z0-9_]{0,63}$/,
    "A variable is a letter followed by letters, digits and underscores.",
  );
/** A CEL condition over `event` and the variables of earlier steps. */
const Condition = z.string().min(1).max(4_096);
const DurationMs = z.int().positive();

/**
 * Which events may lie between a step and the one before it: `next` none; `followedBy` those that don't match the
 * step; `followedByAny` any, so that each matching event begins a match of its own.
 */
export const Contiguity = z.enum(["next", "followedBy", "followedByAny"]);
export type Contiguity = z.infer<typeof Contiguity>;

/**
 * How often: exactly n times, or from `min` to `max` times; a null `max` has no end. From one time to the next less than
 * `withinMs`.
 */
export const Times = z.union([
  z.int().min(1).max(1_000),
  z.strictObject({
    min: z.int().min(1).max(1_000),
    max: z.int().min(1).max(1_000).nullable(),
    withinMs: DurationMs.optional(),
  }),
]);
export type Times = z.infer<typeof Times>;

/** The step opens again as soon as it is fulfilled, with the same past, beside the match that goes on. */
const Every = z.boolean().default(false);

const quantifier = {
  contiguity: Contiguity.default("followedBy"),
  times: Times.optional(),
  optional: z.boolean().default(false),
  /** Repetitions follow each other directly. */
  consecutive: z.boolean().default(false),
  /** Repetitions may pass over events that match. */
  allowCombinations: z.boolean().default(false),
  /** Ends the repetition; the event that fulfils it is not taken by the step. */
  until: Condition.optional(),
};

/** An event that fulfils `where`; without `where`, any event. */
export const EventStep = z.strictObject({
  kind: z.literal("event"),
  var: Var,
  where: Condition.optional(),
  ...quantifier,
  /** Takes as many events as it can before the next step may begin. */
  greedy: z.boolean().default(false),
  /** From the event before to each event of the step: less than this. */
  withinMs: DurationMs.optional(),
  every: Every,
});
export type EventStep = z.infer<typeof EventStep>;

/**
 * No such event between its neighbours: not as the very next one, or not at all. As the last step `notFollowedBy` needs
 * a time: the pattern's `withinMs`, or its own since the event before.
 */
export const NotStep = z.strictObject({
  kind: z.literal("not"),
  var: Var,
  where: Condition,
  contiguity: z.enum(["notNext", "notFollowedBy"]),
  withinMs: DurationMs.optional(),
});
export type NotStep = z.infer<typeof NotStep>;

/**
 * No such event for a time, counted from the step before. As the first step such an event starts the time again; later
 * it ends the partial match.
 */
export const AbsenceStep = z.strictObject({
  kind: z.literal("absence"),
  var: Var,
  where: Condition,
  forMs: DurationMs,
  every: Every,
});
export type AbsenceStep = z.infer<typeof AbsenceStep>;

/** One side of a logical step: an event, or its absence, for a time or until the other side is fulfilled. */
export const LogicalSide = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("event"), var: Var, where: Condition.optional() }),
  z.strictObject({ kind: z.literal("absence"), var: Var, where: Condition, forMs: DurationMs.optional() }),
]);
export type LogicalSide = z.infer<typeof LogicalSide>;

/** Both sides in any order, or either side. */
export const LogicalStep = z.strictObject({
  kind: z.enum(["and", "or"]),
  sides: z.tuple([LogicalSide, LogicalSide]),
  contiguity: z.enum(["next", "followedBy"]).default("followedBy"),
  withinMs: DurationMs.optional(),
  every: Every,
});
export type LogicalStep = z.infer<typeof LogicalStep>;

/** Steps that repeat or are left out together. */
export interface GroupStep {
  kind: "group";
  var: string;
  steps: PatternStep[];
  contiguity: Contiguity;
  times?: Times | undefined;
  optional: boolean;
  consecutive: boolean;
  allowCombinations: boolean;
  until?: string | undefined;
  every: boolean;
}
export type PatternStep = EventStep | NotStep | AbsenceStep | LogicalStep | GroupStep;

export const GroupStep = z.strictObject({
  kind: z.literal("group"),
  var: Var,
  get steps(): z.ZodType<PatternStep[]> {
    return z.array(PatternStep).min(1).max(20);
  },
  ...quantifier,
  every: Every,
});

export const PatternStep = z.discriminatedUnion("kind", [
  EventStep,
  NotStep,
  AbsenceStep,
  LogicalStep,
  GroupStep,
]);

/** What happens to the other partial matches when one is complete. */
export const AfterMatch = z.discriminatedUnion("strategy", [
  z.strictObject({ strategy: z.enum(["noSkip", "skipToNext", "skipPastLast"]) }),
  z.strictObject({ strategy: z.enum(["skipToFirst", "skipToLast"]), var: Var }),
]);
export type AfterMatch = z.infer<typeof AfterMatch>;

/** A sequence of steps over the events of one key; durations are milliseconds of event time. */
export const PatternSpec = z.strictObject({
  steps: z.array(PatternStep).min(1).max(50),
  /** From the first event to the last: less than this. An event exactly this much later is outside. */
  withinMs: DurationMs.optional(),
  afterMatch: AfterMatch.default({ strategy: "skipPastLast" }),
  /**
   * Where a match may begin: at any event, only when none is under way, or once for a key. An absence as the first step
   * begins again with the next such event, when the match under way has ended, or never.
   */
  every: z.enum(["event", "match", "once"]).default("event"),
  /**
   * With a skipping strategy: `inOrder` holds a match back while one that began earlier may still win; `atOnce`
   * reports it and drops those.
   */
  emit: z.enum(["inOrder", "atOnce"]).default("inOrder"),
  /** Whether partial matches that ran out of time are reported. */
  timeouts: z.boolean().default(false),
  maxPartialMatches: z.int().min(1).max(maxPartialMatches).default(maxPartialMatches),
});
export type PatternSpec = z.infer<typeof PatternSpec>;
