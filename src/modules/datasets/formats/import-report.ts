import * as z from "zod";
import { Container, FormatName } from "./format-name.ts";
import { MappableField } from "./import-options.ts";

export const Severity = z.enum(["warning", "error"]);
export type Severity = z.infer<typeof Severity>;

/**
 * One thing worth telling about a row. `line` counts from 1 in the source file (JSON: where the element starts, XLSX:
 * the row); 0 means the file as a whole. `pointer` is an RFC 6901 pointer into the record, or into the file at line 0.
 */
export const ImportProblem = z.strictObject({
  line: z.int().nonnegative(),
  pointer: z.string(),
  code: z.string(),
  message: z.string(),
  severity: Severity,
});
export type ImportProblem = z.infer<typeof ImportProblem>;

/** A metric the file asks for, in Maru's names; `cases` counts the cases that ask, 0 when the file as a whole does. */
export const SuggestedMetric = z.strictObject({
  metric: z.string(),
  options: z.record(z.string(), z.unknown()),
  threshold: z.number().optional(),
  negated: z.boolean(),
  cases: z.int().nonnegative(),
});
export type SuggestedMetric = z.infer<typeof SuggestedMetric>;

/**
 * What an import did. `rows` counts source rows: total = accepted + warned + rejected, and a warned row is imported.
 * `recordCount` counts the cases that came out; a promptfoo test with lists in its vars gives several. `contentSha256`
 * is over the bytes as they came. `problems` is capped, `problemCounts` (by code) is not.
 */
export const ImportReport = z.strictObject({
  format: FormatName,
  container: Container,
  encoding: z.string(),
  detection: z.strictObject({ by: z.enum(["option", "content", "name"]), reason: z.string() }),
  rows: z.strictObject({
    total: z.int(),
    accepted: z.int(),
    warned: z.int(),
    rejected: z.int(),
  }),
  recordCount: z.int(),
  problems: z.array(ImportProblem),
  problemsLeftOut: z.int(),
  problemCounts: z.record(z.string(), z.int()),
  thresholds: z.record(z.string(), z.number()),
  suggestedMetrics: z.array(SuggestedMetric),
  mapping: z.array(z.strictObject({ field: MappableField, from: z.string(), rows: z.int() })),
  dataset: z.record(z.string(), z.unknown()),
  bytes: z.int(),
  contentSha256: z.string(),
});
export type ImportReport = z.infer<typeof ImportReport>;
