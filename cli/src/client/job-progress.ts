import type { JobEvent, JobProgress } from "../../../contracts/jobs.ts";

/** The progress that an event tells, in front of what was known before it. */
export function progressAfter(known: JobProgress, event: Pick<JobEvent, "data">): JobProgress {
  const told = event.data.progress ?? event.data;
  if (typeof told !== "object" || told === null) return known;
  const number = (name: keyof JobProgress): number => {
    const value = (told as Readonly<Record<string, unknown>>)[name];
    return typeof value === "number" && Number.isFinite(value) ? value : known[name];
  };
  return {
    total: number("total"),
    done: number("done"),
    failed: number("failed"),
    skipped: number("skipped"),
  };
}
