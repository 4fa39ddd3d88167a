import type { SampleRow } from "../engine/samples-step.ts";
import type { KeyInput } from "../engine/shard/step-batch.ts";

/** What a poll came to: its series, or why there are none. */
export type PollResult =
  | { readonly ok: true; readonly rows: readonly SampleRow[] }
  | { readonly ok: false; readonly detail: string };

/** Polls and runs have no event to take a key from: such a rule has one key, and its series are told apart by labels. */
const key: KeyInput["key"] = [];

/** After a longer gap than this many intervals the polls in between are data that is missing. */
const intervalsMissed = 2;

/**
 * What a poll's result is to the engine. A due time counts once, and one that is older than the last taken not at all.
 * `lastAt` is the due time taken last, null when there was none; instants are epoch milliseconds.
 */
export function pollInputs(
  lastAt: number | null,
  at: number,
  intervalMs: number,
  result: PollResult,
): KeyInput[] {
  if (lastAt !== null && at <= lastAt) return [];
  const input = result.ok
    ? { kind: "samples" as const, at, rows: result.rows }
    : { kind: "failure" as const, at, detail: result.detail };
  const missed = lastAt !== null && at - lastAt > intervalsMissed * intervalMs;
  const resume = missed ? [{ key, input: { kind: "resume" as const, downAt: lastAt, upAt: at } }] : [];
  return [...resume, { key, input }];
}

/** A schedule came due. */
export function runInputs(scheduledFor: number): KeyInput[] {
  return [{ key, input: { kind: "run", scheduledFor } }];
}
