import { backOffUntil } from "./back-off.rules.ts";
import type { PollEntry } from "./clock-plan.rules.ts";
import { targetKey } from "./poll-request.rules.ts";
import { dueAfter, dueAtOrBefore, paceOf, timeoutOf } from "./poll-times.rules.ts";

/** A poll as its scheduler keeps it. Instants are epoch milliseconds. */
export interface PollState {
  readonly entry: PollEntry;
  /** When it is due next. */
  readonly nextAt: number;
  /** A due time that waits for its turn. */
  readonly wantedAt: number | null;
  /** The due time whose source is being asked, and when it counts as lost. */
  readonly askedAt: number | null;
  readonly until: number | null;
  /** Whether a consumer has begun to ask. */
  readonly taken: boolean;
  /** In a row. */
  readonly failures: number;
  readonly backOffUntil: number;
  readonly last: PollNote | null;
}

/** What became of the last due time. */
export interface PollNote {
  readonly dueAt: number;
  readonly state: "ok" | "noData" | "error";
  readonly detail: string | null;
  readonly warnings: readonly string[];
  readonly series: number;
  /** Null when the source was not asked. */
  readonly tookMs: number | null;
}

export interface PollPolicy {
  readonly globalIntervalMs: number;
  readonly concurrency: number;
}

/** A due time that failed without an answer: the engine is told. */
export interface FailedPoll {
  readonly entry: PollEntry;
  readonly dueAt: number;
  readonly intervalMs: number;
  readonly detail: string;
}

export interface PollDecision {
  /** Every poll that changed, as it is now. */
  readonly changed: readonly PollState[];
  /** Whose sources are to be asked. */
  readonly ask: readonly { readonly pollId: string; readonly dueAt: number }[];
  readonly failed: readonly FailedPoll[];
}

/** How long a poll may lie in the queue. */
const queueMs = 30_000;
const lost = "No answer came back in time: the poll was lost on its way.";

export function newPoll(entry: PollEntry, now: number, { globalIntervalMs }: PollPolicy): PollState {
  const nextAt = dueAfter(paceOf(entry.ruleId, entry.metric.intervalMs, globalIntervalMs), now);
  const idle = { wantedAt: null, askedAt: null, until: null, taken: false };
  return { entry, nextAt, ...idle, failures: 0, backOffUntil: 0, last: null };
}

/**
 * What to do about polls that are due, wait, or are being asked; `polls` holds all of those. A due time that comes while
 * an earlier one still waits makes the earlier one fail; a source that failed is left alone for a while, and each due
 * time in between is an error; at most `concurrency` are asked at once, and never the same target twice.
 */
export function decidePolls(polls: readonly PollState[], policy: PollPolicy, now: number): PollDecision {
  const failed: FailedPoll[] = [];
  const changed = new Map<string, PollState>();
  const fail = (poll: PollState, dueAt: number, detail: string) => {
    const { intervalMs } = paceOf(poll.entry.ruleId, poll.entry.metric.intervalMs, policy.globalIntervalMs);
    failed.push({ entry: poll.entry, dueAt, intervalMs, detail });
    return noted(poll, { dueAt, state: "error", detail, warnings: [], series: 0, tookMs: null });
  };
  const current = polls.map((before) => {
    let poll = before;
    if (poll.askedAt !== null && (poll.until ?? 0) <= now)
      poll = afterFailure(fail(poll, poll.askedAt, lost), poll.askedAt, policy, now);
    if (poll.nextAt <= now) poll = comeDue(poll, policy, now, fail);
    if (poll !== before) changed.set(poll.entry.id, poll);
    return poll;
  });
  const ask: { pollId: string; dueAt: number }[] = [];
  for (const poll of starting(current, policy.concurrency)) {
    const dueAt = poll.wantedAt ?? now;
    const until = now + queueMs + timeOf(poll.entry, policy).timeoutMs;
    changed.set(poll.entry.id, { ...poll, wantedAt: null, askedAt: dueAt, until, taken: false });
    ask.push({ pollId: poll.entry.id, dueAt });
  }
  return { changed: [...changed.values()], ask, failed };
}

type Fail = (poll: PollState, dueAt: number, detail: string) => PollState;

function comeDue(poll: PollState, policy: PollPolicy, now: number, fail: Fail): PollState {
  const pace = paceOf(poll.entry.ruleId, poll.entry.metric.intervalMs, policy.globalIntervalMs);
  const dueAt = dueAtOrBefore(pace, now);
  const waited = poll.wantedAt;
  const free =
    waited === null ? poll : fail(poll, waited, "The poll did not get its turn before the next one was due.");
  const next = { ...free, nextAt: dueAfter(pace, now), wantedAt: null };
  if (next.backOffUntil <= dueAt) return { ...next, wantedAt: dueAt };
  const again = new Date(next.backOffUntil).toISOString();
  const why =
    poll.last?.detail?.replace(/^Not asked again before \S+ after \d+ failures?: /, "") ?? "it failed";
  const times = `${next.failures} failure${next.failures === 1 ? "" : "s"}`;
  return fail(next, dueAt, `Not asked again before ${again} after ${times}: ${why}`);
}

/** The polls that may start, those that wait longest first. */
function starting(polls: readonly PollState[], concurrency: number): PollState[] {
  const asked = polls.filter(({ askedAt }) => askedAt !== null);
  const busy = new Set(asked.map(({ entry }) => targetKey(entry.metric)));
  const chosen: PollState[] = [];
  const waiting = polls.filter(({ wantedAt, askedAt }) => wantedAt !== null && askedAt === null);
  waiting.sort((a, b) => (a.wantedAt ?? 0) - (b.wantedAt ?? 0) || (a.entry.id < b.entry.id ? -1 : 1));
  for (const poll of waiting) {
    if (asked.length + chosen.length >= concurrency) break;
    const target = targetKey(poll.entry.metric);
    if (busy.has(target)) continue;
    busy.add(target);
    chosen.push(poll);
  }
  return chosen;
}

/** The interval of a poll and how long its source has to answer. */
export function timeOf({ ruleId, metric }: PollEntry, { globalIntervalMs }: PollPolicy) {
  const { intervalMs } = paceOf(ruleId, metric.intervalMs, globalIntervalMs);
  return { intervalMs, timeoutMs: timeoutOf(metric.timeoutMs, intervalMs) };
}

/** A poll whose source was asked; undefined when nobody asks it for this due time any more. */
export function afterAnswer(
  poll: PollState,
  note: PollNote,
  retryAfterMs: number,
  policy: PollPolicy,
  now: number,
): PollState | undefined {
  if (poll.askedAt !== note.dueAt) return undefined;
  const done = noted(poll, note);
  if (note.state === "error") return afterFailure(done, note.dueAt, policy, now, retryAfterMs);
  return { ...done, askedAt: null, until: null, taken: false, failures: 0, backOffUntil: 0 };
}

function afterFailure(
  poll: PollState,
  dueAt: number,
  policy: PollPolicy,
  now: number,
  retryAfterMs = 0,
): PollState {
  const { intervalMs } = timeOf(poll.entry, policy);
  const failures = poll.failures + 1;
  const wait = backOffUntil(failures, dueAt, intervalMs, now, retryAfterMs);
  return { ...poll, askedAt: null, until: null, taken: false, failures, backOffUntil: wait };
}

/** Notes what became of a due time, unless something newer is noted. */
function noted(poll: PollState, note: PollNote): PollState {
  return poll.last !== null && poll.last.dueAt > note.dueAt ? poll : { ...poll, last: note };
}
