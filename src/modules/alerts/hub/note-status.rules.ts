import { silenceState } from "../silences/silence.rules.ts";
import { statusAt, withDue } from "./alert-row.rules.ts";
import type { HubWork } from "./hub-work.ts";
import type { AlertRow } from "./rows.ts";

/** Notes that an alert began or ended, once; an alert that fires anew is nobody's yet. */
export function noteStatus(
  work: HubWork,
  alert: AlertRow,
  before: AlertRow | undefined,
  evidence: Readonly<Record<string, unknown>> = {},
): AlertRow {
  const { fingerprint, startsAt, endsAt } = alert;
  const status = statusAt(alert, work.now);
  if (before !== undefined && before.noted === status) return alert;
  if (before !== undefined) work.reviewEscalationsOf(fingerprint);
  if (status === "firing") {
    work.note(fingerprint, "fired", { startsAt, ...evidence });
    work.publish("alert.fired", fingerprint, { startsAt, labels: alert.labels, lineage: alert.lineage });
    return withDue({ ...alert, noted: status, acknowledged: null });
  }
  const reason = typeof alert.reason === "string" ? { reason: alert.reason } : {};
  const data = { ...evidence, ...reason };
  work.note(fingerprint, "resolved", { startsAt, endsAt, timeout: alert.timeout, ...data });
  if (before !== undefined) work.publish("alert.resolved", fingerprint, { endsAt, ...data });
  for (const silence of work.silences.matching(alert.labels)) {
    if (silence.untilResolved === true && silenceState(silence, work.now) === "active")
      work.silencesToReview.add(silence.id);
  }
  return withDue({ ...alert, noted: status, acknowledged: null });
}
