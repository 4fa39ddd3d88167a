import { silenceState } from "../silences/silence.rules.ts";
import { endAcknowledgement } from "./alert-commands.rules.ts";
import { isAwaited, resolvedKeptMs, statusAt, withDue } from "./alert-row.rules.ts";
import { reviewEscalations, tickEscalation } from "./escalate-group.rules.ts";
import { flushGroup } from "./flush-group.rules.ts";
import { sendHeld } from "./hold-for-person.rules.ts";
import type { HubWork } from "./hub-work.ts";
import { noteStatus } from "./note-status.rules.ts";
import { handOutAgain } from "./outbox.rules.ts";
import type { AlertRow, SilenceRow } from "./rows.ts";
import { sendDigest } from "./send-digest.rules.ts";
import { expireSilence } from "./silence-commands.rules.ts";

const atOnce = 500;
const membersAtOnce = 20_000;
const page = 1000;
const silenceKeptMs = 432_000_000;
const timelineKeptMs = 2_592_000_000;

/** Does what is due, as much as fits into one command; the rest is due at the next tick. */
export function sweep(work: HubWork): void {
  const { now, store } = work;
  for (const alert of store.dueAlerts(now, atOnce)) reviewAlert(work, work.alert(alert.fingerprint) ?? alert);
  for (const silence of store.dueSilences(now, atOnce)) turnSilence(work, silence);
  reviewSilences(work);
  for (const channel of store.dueChannels(now, atOnce)) sendDigest(work, channel);
  flushGroups(work);
  reviewEscalations(work);
  for (const row of store.dueEscalations(now, atOnce)) tickEscalation(work, row);
  for (const row of store.dueHeld(now, atOnce)) sendHeld(work, row);
  for (const row of store.dueNotifications(now, atOnce)) handOutAgain(work, row);
  for (const told of store.dueTold(now, atOnce)) {
    if (work.group(told.groupKey) === undefined) store.deleteTold(told.groupKey, told.channelId);
    else store.putTold({ ...told, due: now + resolvedKeptMs });
  }
  for (const { id } of store.oldSilences(now - silenceKeptMs, atOnce)) {
    store.deleteSilence(id);
    work.count({ silences: work.head.silences - 1 });
  }
  store.trimTimeline(now - timelineKeptMs, atOnce);
}

function flushGroups(work: HubWork): void {
  let left = membersAtOnce;
  for (const group of work.store.dueGroups(work.now, atOnce)) {
    if (left <= 0) return;
    left -= flushGroup(work, group);
  }
}

/** An alert whose end has come, whose acknowledgement ran out, or that may be forgotten. */
function reviewAlert(work: HubWork, alert: AlertRow): void {
  const status = statusAt(alert, work.now);
  if (status === "resolved" && alert.noted === "resolved") {
    if (work.store.groupsOf(alert.fingerprint).length === 0 && !isAwaited(alert, work.now))
      work.forgetAlert(alert.fingerprint);
    else work.saveAlert({ ...alert, due: work.now + resolvedKeptMs });
    return;
  }
  const next =
    status === "firing" && alert.acknowledged?.untilAt != null && alert.acknowledged.untilAt <= work.now
      ? endAcknowledgement(work, alert, "time")
      : alert;
  const noted = withDue(noteStatus(work, next, next));
  work.saveAlert(noted);
  if (status === "resolved") work.store.putSources(noted.fingerprint, [], null);
}

function turnSilence(work: HubWork, silence: SilenceRow): void {
  const state = silenceState(silence, work.now);
  work.saveSilence({ ...silence, due: state === "active" ? silence.endsAt : null });
  work.publish(state === "active" ? "silence.started" : "silence.ended", silence.id, { by: "time" });
}

/** Ends the silences of which something has just ended and nothing fires any more. */
function reviewSilences(work: HubWork): void {
  if (work.silencesToReview.size === 0) return;
  const needed = new Set<string>();
  let after = "";
  for (;;) {
    const alerts = work.store.alerts(after, page);
    for (const alert of alerts) {
      if (statusAt(alert, work.now) !== "firing") continue;
      for (const { id } of work.silences.matching(alert.labels)) needed.add(id);
    }
    const last = alerts.at(-1);
    if (last === undefined || alerts.length < page) break;
    after = last.fingerprint;
  }
  for (const id of work.silencesToReview) {
    const silence = work.store.findSilence(id);
    if (silence === undefined || needed.has(id) || silenceState(silence, work.now) !== "active") continue;
    expireSilence(work, silence, "resolved");
  }
}
