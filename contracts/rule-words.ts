import * as z from "zod";

/** A CEL expression. What names it may use depends on where it stands: see each field. */
export const CelSource = z.string().min(1).max(4096);

/** Text with `{{ CEL }}` in it; sees `event`, `key`, `labels`, `value` and the aggregates of the rule. */
export const RuleTemplate = z.string().max(4096);

/** Milliseconds, up to a year. */
export const Duration = z
  .int()
  .nonnegative()
  .max(366 * 86_400_000);
export const PositiveDuration = z
  .int()
  .positive()
  .max(366 * 86_400_000);

/** A name that expressions use as a variable. */
export const ValueName = z.string().regex(/^[a-z][a-zA-Z0-9_]{0,62}$/);
export const LabelName = z.string().regex(/^[a-zA-Z_][a-zA-Z0-9_]{0,127}$/);
/** A name of the IANA time zone database. */
export const ZoneName = z.string().min(1).max(64);
