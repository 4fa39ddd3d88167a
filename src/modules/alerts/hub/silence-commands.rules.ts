import { nextSilenceChange, silenceProblems, silenceState } from "../silences/silence.rules.ts";
import type { HubCommand, HubReplies } from "./commands.ts";
import type { HubWork } from "./hub-work.ts";
import { refusal } from "./refusal.ts";
import type { SilenceRow } from "./rows.ts";

type CommandOf<K extends HubCommand["type"]> = Extract<HubCommand, { type: K }>;

const maxSilences = 5000;

export function putSilence(work: HubWork, command: CommandOf<"put_silence">): HubReplies["put_silence"] {
  const { id, silence, by } = command;
  const before = work.store.findSilence(id);
  const problems = silenceProblems(silence, work.now, before);
  if (problems.length > 0)
    return refusal("invalid_input", "alerts.bad_silence", "The silence is not valid.", problems);
  if (before === undefined && work.head.silences >= maxSilences)
    return refusal("limit_reached", "alerts.too_many_silences", `${maxSilences} silences are the limit.`);
  const { createdBy = by, createdAt = work.now } = before ?? {};
  const row = { ...silence, id, createdBy, createdAt, updatedAt: work.now };
  work.saveSilence({ ...row, due: nextSilenceChange(row, work.now) });
  if (before === undefined) work.count({ silences: work.head.silences + 1 });
  const { startsAt, endsAt, reason } = silence;
  work.publish(before === undefined ? "silence.created" : "silence.changed", id, {
    by,
    startsAt,
    endsAt,
    reason,
  });
  return { ok: true };
}

export function endSilence(work: HubWork, { id, by }: CommandOf<"end_silence">): HubReplies["end_silence"] {
  const silence = work.store.findSilence(id);
  if (silence === undefined)
    return refusal("not_found", "alerts.unknown_silence", `There is no silence ${id}.`);
  if (silenceState(silence, work.now) === "expired")
    return refusal("conflict", "alerts.silence_expired", "The silence has expired.");
  expireSilence(work, silence, by);
  return { ok: true };
}

/** Ends a silence now, before its time. */
export function expireSilence(work: HubWork, silence: SilenceRow, by: string): void {
  const startsAt = Math.min(silence.startsAt, work.now);
  work.saveSilence({ ...silence, startsAt, endsAt: work.now, updatedAt: work.now, endedBy: by, due: null });
  work.publish("silence.ended", silence.id, { by });
}
