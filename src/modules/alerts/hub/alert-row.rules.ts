import type { AlertStatus } from "../../../../contracts/alerts.ts";
import { hasEnded } from "../merge.rules.ts";
import type { AlertRow } from "./rows.ts";

/** An alert that ended is kept so long, so that its end can be told again. */
export const resolvedKeptMs = 900_000;

/** An alert that flaps is kept after its end for the word that it has stopped, but not longer than this. */
const flappingKeptMs = 86_400_000;

/** Whether an alert that has ended must be kept because more is to come: it flaps, and was spoken of lately. */
export function isAwaited(alert: Pick<AlertRow, "flapping" | "updatedAt">, now: number): boolean {
  return alert.flapping && now < alert.updatedAt + flappingKeptMs;
}

export function statusAt(alert: Pick<AlertRow, "endsAt">, now: number): AlertStatus {
  return hasEnded(alert.endsAt, now) ? "resolved" : "firing";
}

/** Until when a channel hears nothing more of an alert; undefined when it may. */
export function coolingUntil(alert: AlertRow, channelId: string, now: number): number | undefined {
  const sentAt = Object.hasOwn(alert.sentAt, channelId) ? alert.sentAt[channelId] : undefined;
  if (sentAt === undefined || alert.cooldownMs === 0) return undefined;
  const until = sentAt + alert.cooldownMs;
  return now < until ? until : undefined;
}

/** When the alert must be looked at by itself; null when only words can change it. */
export function alertDue(alert: Omit<AlertRow, "due">): number | null {
  const { endsAt, acknowledged, noted, sentAt, cooldownMs } = alert;
  if (noted === "resolved" && endsAt !== null) {
    return Math.max(endsAt + resolvedKeptMs, ...Object.values(sentAt).map((at) => at + cooldownMs));
  }
  const times = [endsAt, acknowledged?.untilAt ?? null].filter((at) => at !== null);
  return times.length === 0 ? null : Math.min(...times);
}

/** The alert with its due time. */
export function withDue(alert: Omit<AlertRow, "due">): AlertRow {
  return { ...alert, due: alertDue(alert) };
}

/** How a notification log names an alert. */
export function shortOf(fingerprint: string): string {
  return fingerprint.slice(0, 16);
}
