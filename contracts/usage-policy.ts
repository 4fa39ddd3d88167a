import * as z from "zod";

const names = z.array(z.string().min(1)).max(500).nullable().default(null);
const micros = z.int().nonnegative().nullable().default(null);

function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat("en", { timeZone: name });
    return true;
  } catch {
    return false;
  }
}

/** What a tenant or project may use. Null means no limit; an empty list allows nothing. Money is in micros. */
export const UsagePolicy = z.strictObject({
  /** Exact model names. */
  allowedModels: names,
  allowedMetrics: names,
  dailyCostLimitMicros: micros,
  monthlyCostLimitMicros: micros,
  maxConcurrentRuns: z.int().nonnegative().default(10),
  maxDailyRuns: z.int().nonnegative().default(1_000),
  dataRetentionDays: z.int().min(1).max(36_500).default(90),
  /** The IANA zone in which a day and a month begin. */
  timeZone: z.string().refine(isTimeZone, "This is not an IANA time zone.").default("UTC"),
});
export type UsagePolicy = z.infer<typeof UsagePolicy>;
