import { hear } from "../heard.rules.ts";
import { statusAt, withDue } from "./alert-row.rules.ts";
import type { HubCommand, HubReplies, Refused } from "./commands.ts";
import type { HubWork } from "./hub-work.ts";
import { takeIn } from "./receive-signals.rules.ts";
import { refusal } from "./refusal.ts";
import type { AlertRow } from "./rows.ts";

type CommandOf<K extends HubCommand["type"]> = Extract<HubCommand, { type: K }>;

export function acknowledge(work: HubWork, command: CommandOf<"acknowledge">): HubReplies["acknowledge"] {
  const { fingerprint, by, untilAt, note } = command;
  const alert = firingAlert(work, fingerprint);
  if ("failure" in alert) return alert;
  if (untilAt !== null && untilAt <= work.now) {
    return refusal("invalid_input", "alerts.until_in_the_past", "An acknowledgement must last.", [
      { pointer: "/untilAt", code: "in_the_past", message: "The instant has passed." },
    ]);
  }
  const until = withinAckTimeouts(work, fingerprint, untilAt);
  work.saveAlert(withDue({ ...alert, acknowledged: { by, at: work.now, untilAt: until } }));
  work.reviewEscalationsOf(fingerprint);
  const data = { by, untilAt: until, ...(note === undefined ? {} : { note }) };
  work.note(fingerprint, "acknowledged", data);
  work.publish("alert.acknowledged", fingerprint, data);
  return { ok: true };
}

/** An acknowledgement is worth no longer than the policies say that escalate the alert's groups. */
function withinAckTimeouts(work: HubWork, fingerprint: string, untilAt: number | null): number | null {
  const untils = work.store.groupsOf(fingerprint).flatMap((key) => {
    const policyId = work.route(work.group(key)?.routeKey ?? "")?.escalation ?? null;
    const policy = policyId === null ? undefined : work.store.findEntry("policy", policyId);
    const timeout = policy?.body.ackTimeoutMs ?? null;
    return timeout === null ? [] : [work.now + timeout];
  });
  const all = untilAt === null ? untils : [untilAt, ...untils];
  return all.length === 0 ? null : Math.min(...all);
}

export function unacknowledge(
  work: HubWork,
  { fingerprint, by }: CommandOf<"unacknowledge">,
): HubReplies["unacknowledge"] {
  const alert = firingAlert(work, fingerprint);
  if ("failure" in alert) return alert;
  if (alert.acknowledged !== null) endAcknowledgement(work, alert, by);
  return { ok: true };
}

/** Nobody takes care of the alert any more. */
export function endAcknowledgement(work: HubWork, alert: AlertRow, by: string): AlertRow {
  const next = withDue({ ...alert, acknowledged: null });
  work.saveAlert(next);
  work.reviewEscalationsOf(alert.fingerprint);
  work.note(alert.fingerprint, "unacknowledged", { by });
  work.publish("alert.unacknowledged", alert.fingerprint, { by });
  return next;
}

/** Ends an alert by hand: a word like that of its rule, so that its rule's next word is weighed against it. */
export function resolveByHand(work: HubWork, command: CommandOf<"resolve">): HubReplies["resolve"] {
  const { fingerprint, by, note } = command;
  const before = firingAlert(work, fingerprint);
  if ("failure" in before) return before;
  const updatedAt = Math.max(work.now, before.updatedAt);
  const seq = before.seq;
  const startsAt = Math.min(before.startsAt, work.now);
  const heard = hear(before, { startsAt, endsAt: work.now, timeout: false, updatedAt, seq });
  if (heard === undefined) return { ok: true };
  const { span, base, words } = heard;
  work.note(fingerprint, "commented", { by, resolved: true, ...(note === undefined ? {} : { text: note }) });
  takeIn(work, withDue({ ...before, ...span, base, words, updatedAt, seq }), before);
  return { ok: true };
}

export function comment(
  work: HubWork,
  { fingerprint, by, text }: CommandOf<"comment">,
): HubReplies["comment"] {
  if (work.alert(fingerprint) === undefined) return unknown(fingerprint);
  work.note(fingerprint, "commented", { by, text });
  work.publish("alert.commented", fingerprint, { by, text });
  return { ok: true };
}

function firingAlert(work: HubWork, fingerprint: string): AlertRow | Refused {
  const alert = work.alert(fingerprint);
  if (alert === undefined) return unknown(fingerprint);
  if (statusAt(alert, work.now) === "firing") return alert;
  return refusal(
    "conflict",
    "alerts.not_firing",
    "The alert has ended; only one that fires can be acknowledged or resolved. Comment on it, or wait until it fires again.",
  );
}

function unknown(fingerprint: string): Refused {
  return refusal("not_found", "alerts.unknown", `There is no alert ${fingerprint}.`);
}
