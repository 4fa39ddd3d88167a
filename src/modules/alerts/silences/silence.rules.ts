import type { SilenceDraft, SilenceState } from "../../../../contracts/alerts.ts";
import { canonicalJson } from "../../../kernel/json.ts";
import type { FieldProblem } from "../../../kernel/problem.ts";
import { compileMatchers, matcherProblems } from "../matching/matchers.rules.ts";

/** A silence as it is kept. Instants in milliseconds; it mutes in [startsAt, endsAt). */
export interface Silence extends SilenceDraft {
  readonly id: string;
  readonly createdBy: string;
  readonly createdAt: number;
  readonly updatedAt: number;
  /** Who ended it before its time; "resolved" when nothing was left to mute. */
  readonly endedBy?: string;
}

export function silenceState({ startsAt, endsAt }: SilenceDraft, now: number): SilenceState {
  if (now >= endsAt) return "expired";
  return now < startsAt ? "pending" : "active";
}

/** When the state of a silence changes next; null when it has expired. */
export function nextSilenceChange(silence: SilenceDraft, now: number): number | null {
  const state = silenceState(silence, now);
  if (state === "expired") return null;
  return state === "pending" ? silence.startsAt : silence.endsAt;
}

/** What is wrong with a silence that is asked for at `now`; an existing one may only change what has not begun. */
export function silenceProblems(draft: SilenceDraft, now: number, before?: Silence): FieldProblem[] {
  const found = matcherProblems(draft.matchers, "/matchers");
  const wrong = (pointer: string, code: string, message: string) => found.push({ pointer, code, message });
  if (draft.endsAt <= draft.startsAt) wrong("/endsAt", "before_start", "A silence must end after it starts.");
  if (draft.endsAt <= now) wrong("/endsAt", "in_the_past", "A silence must end in the future.");
  if (found.length === 0 && compileMatchers(draft.matchers)({}))
    wrong("/matchers", "matches_everything", "At least one matcher must refuse an alert without labels.");
  if (before === undefined) return found;
  if (silenceState(before, now) === "expired")
    wrong("", "expired", "This silence has expired: make a new one.");
  else if (silenceState(before, now) === "active") {
    if (canonicalJson(before.matchers) !== canonicalJson(draft.matchers))
      wrong("/matchers", "active", "What an active silence mutes can't change: end it and make a new one.");
    if (before.startsAt !== draft.startsAt)
      wrong("/startsAt", "active", "The start of an active silence can't change.");
  }
  return found;
}
