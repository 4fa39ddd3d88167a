import type { PatternEvent } from "./condition.ts";
import { PatternRun } from "./pattern-run.ts";
import type { PatternState, PatternStep } from "./pattern-state.ts";
import type { CompiledPattern } from "./stage.ts";

/** The next event of a key, or that no event up to and including `at` will come any more. */
export type PatternInput<E> =
  | { readonly kind: "event"; readonly event: PatternEvent<E> }
  | { readonly kind: "watermark"; readonly at: number };

/**
 * One step of a pattern for one key. Events come in the order of (event time, sequence, ingestion number); an event's
 * time is also a watermark for what happens before it. Pure: nothing but the arguments decides, and `now`, epoch
 * milliseconds, only travels into the matches. The state given is not changed; it is answered itself when nothing
 * happened. How watermarks are cut between two events changes no match.
 */
export function advance<E>(
  pattern: CompiledPattern<E>,
  state: PatternState,
  input: PatternInput<E>,
  now: number,
): PatternStep {
  const run = new PatternRun(pattern, state, now);
  if (input.kind === "watermark") run.passTime(input.at);
  else {
    run.passTime(input.event.at);
    run.take(input.event);
  }
  return run.finish();
}
