import type { Evidence } from "../../../contracts/alerts.ts";
import type { MatchOutput, TransitionOutput } from "./engine/outputs.ts";

const mostEvents = 50;

/** What made a rule match or an alert change, as the alert's timeline keeps it: what fits, and no data of events. */
export function evidenceOf({ cause, values }: MatchOutput | TransitionOutput): Evidence {
  const seen: NonNullable<Evidence["values"]> = {};
  for (const [name, value] of Object.entries(values)) {
    if (typeof value !== "object" || value === null) seen[name] = value;
  }
  const shown = Object.keys(seen).length === 0 ? {} : { values: seen };
  switch (cause.by) {
    case "events": {
      const at = cause.until === undefined ? {} : { at: cause.until };
      const events = cause.events.slice(0, mostEvents).map(({ source, id }) => ({ source, id }));
      return { by: cause.by, events, ...at, ...shown };
    }
    case "window":
      return { by: cause.by, start: cause.start, end: cause.end, ...shown };
    case "schedule":
      return { by: cause.by, at: cause.scheduledFor, ...shown };
    default:
      return { by: cause.by, at: cause.at, ...shown };
  }
}
