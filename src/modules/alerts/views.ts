import type { AlertStatus, Matcher } from "../../../contracts/alerts.ts";
import type { AlertRow, TimelineRow } from "./hub/rows.ts";
import type { Silence } from "./silences/silence.rules.ts";

export interface TimelineEntry {
  readonly at: number;
  readonly type: TimelineRow["type"];
  readonly data: Readonly<Record<string, unknown>>;
}

/** An alert as its readers see it. Instants are integer milliseconds. */
export interface AlertView {
  readonly fingerprint: string;
  readonly status: AlertStatus;
  readonly lineage: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  readonly startsAt: number;
  readonly endsAt: number | null;
  readonly flapping: boolean;
  readonly acknowledgedBy: string | null;
  readonly timeline: readonly TimelineEntry[];
}

/** Which alerts are asked for; what is not given does not restrict. */
export interface AlertFilter {
  readonly status?: AlertStatus;
  readonly acknowledged?: boolean;
  /** A lineage, or the id of a rule for all lineages that it has had. */
  readonly rule?: string;
  readonly matchers: readonly Matcher[];
}

export interface AlertsPage {
  readonly items: readonly AlertView[];
  readonly after: string | null;
}

/** Something that happened to an alert. `seq` counts over all alerts of the tenant; there may be gaps. */
export interface AlertChange extends TimelineEntry {
  readonly seq: number;
  readonly fingerprint: string;
  /** The alert as it is now; null when it is forgotten. */
  readonly alert: Omit<AlertView, "timeline"> | null;
}

export interface AlertChanges {
  readonly items: readonly AlertChange[];
  /** Up to where that is all. */
  readonly after: number;
}

export interface SilenceView extends Silence {
  readonly state: "pending" | "active" | "expired";
  /** Firing alerts that it mutes now. */
  readonly suppressing: number;
}

/** What is shown of an alert. */
export function alertViewOf(row: AlertRow, now: number, timeline: readonly TimelineRow[]): AlertView {
  const { fingerprint, lineage, labels, annotations, startsAt, endsAt, flapping, acknowledged } = row;
  return {
    fingerprint,
    status: endsAt !== null && endsAt <= now ? "resolved" : "firing",
    lineage,
    labels,
    annotations,
    startsAt,
    endsAt,
    flapping,
    acknowledgedBy: acknowledged?.by ?? null,
    timeline: timeline.map(({ at, type, data }) => ({ at, type, data })),
  };
}
