import type { AlertSignal } from "../../../../contracts/alerts.ts";
import { alertFingerprint, withoutEmpty } from "../fingerprint.ts";
import { hear } from "../heard.rules.ts";
import { type Said, saidOrder } from "../merge.rules.ts";
import { statusAt, withDue } from "./alert-row.rules.ts";
import type { HubCommand, HubReplies } from "./commands.ts";
import { postFlappingNotice } from "./flapping-notices.rules.ts";
import type { HubWork } from "./hub-work.ts";
import { joinGroups } from "./join-groups.rules.ts";
import { noteStatus } from "./note-status.rules.ts";
import type { AlertRow } from "./rows.ts";

const maxAlerts = 100_000;

/** Takes in what rules say. */
export function receiveSignals(
  work: HubWork,
  { signals }: Extract<HubCommand, { type: "signal" }>,
): HubReplies["signal"] {
  const reply = { ok: true as const, accepted: 0, duplicates: 0, refused: 0 };
  for (const signal of signals) reply[receive(work, signal)] += 1;
  return reply;
}

function receive(work: HubWork, signal: AlertSignal): "accepted" | "duplicates" | "refused" {
  const labels = withoutEmpty(signal.labels);
  const fingerprint = alertFingerprint(signal.lineage, labels);
  const before = work.alert(fingerprint);
  if (before === undefined && work.head.alerts >= maxAlerts) return "refused";
  const heard = hear(before ?? { base: null, words: [] }, wordOf(signal));
  if (heard === undefined) return "duplicates";
  const { span, ...rest } = heard;
  const youngest = before === undefined || saidOrder(wordOf(signal), { ...span, ...before }) >= 0;
  const kept = before ?? newAlert(fingerprint, signal.lineage, labels);
  const alert: AlertRow = withDue({
    ...kept,
    ...rest,
    ...span,
    ...(youngest ? contentOf(signal, kept) : {}),
  });
  if (before === undefined) work.count({ alerts: work.head.alerts + 1 });
  const evidence = signal.evidence === undefined ? {} : { evidence: signal.evidence };
  takeIn(work, alert, before, evidence);
  return "accepted";
}

/** Stores an alert of which something new is known, and tells whom it concerns. */
export function takeIn(
  work: HubWork,
  alert: AlertRow,
  before: AlertRow | undefined,
  evidence: Readonly<Record<string, unknown>> = {},
): void {
  const noted = noteStatus(work, alert, before, evidence);
  work.saveAlert(noted);
  work.store.putSources(
    noted.fingerprint,
    statusAt(noted, work.now) === "firing" ? work.routing.inhibitions.sourcesOf(noted.labels) : [],
    noted.endsAt,
  );
  joinGroups(work, noted);
  if (noted.flapping !== (before?.flapping ?? false)) postFlappingNotice(work, noted);
}

function wordOf({ startsAt, endsAt, updatedAt, seq, expiresAfterMs }: AlertSignal): Said {
  const expiresAt = expiresAfterMs === undefined ? null : updatedAt + expiresAfterMs;
  return { startsAt, endsAt: endsAt ?? expiresAt, timeout: endsAt === null, updatedAt, seq };
}

/** What a word says besides the span. One that only says that the alert has ended leaves its texts. */
function contentOf(signal: AlertSignal, { annotations }: AlertRow): Partial<AlertRow> {
  const { updatedAt, seq, cooldownMs = 0, flapping = false } = signal;
  const isBareEnd = signal.endsAt !== null && Object.keys(signal.annotations).length === 0;
  const texts = isBareEnd ? annotations : signal.annotations;
  return { annotations: texts, updatedAt, seq, cooldownMs, flapping, reason: signal.reason ?? null };
}

function newAlert(fingerprint: string, lineage: string, labels: AlertRow["labels"]): AlertRow {
  return {
    fingerprint,
    lineage,
    labels,
    annotations: {},
    startsAt: 0,
    endsAt: null,
    timeout: true,
    base: null,
    words: [],
    updatedAt: 0,
    seq: 0,
    cooldownMs: 0,
    flapping: false,
    noted: "resolved",
    acknowledged: null,
    sentAt: {},
    due: null,
  };
}
