import type { MaruEvent } from "../../../../contracts/events.ts";
import type { Json } from "../../../kernel/json.ts";
import { advance, type PatternInput } from "../patterns/advance.ts";
import { initialPatternState, type PatternMatch } from "../patterns/pattern-state.ts";
import type { KeyRun } from "./key-run.ts";
import { occur } from "./occur.ts";
import type { Cause } from "./outputs.ts";
import { addTrace } from "./trace.rules.ts";

/** One event of a pattern rule, in order of time. */
export function stepPattern(run: KeyRun, event: MaruEvent, at: number): void {
  const value = { id: event.id, source: event.source, at, value: event };
  feed(run, { kind: "event", event: value }, at);
}

/** No event up to an instant will come any more. */
export function passPatternTime(run: KeyRun, at: number): void {
  feed(run, { kind: "watermark", at }, at);
}

/** When time alone makes something happen; null when never. */
export function patternDue({ state, rule }: KeyRun): number | null {
  if (rule.trigger.kind !== "pattern" || state.pattern === undefined) return null;
  const { fireAt, lapseAt } = state.pattern;
  return fireAt === null || lapseAt === null ? (fireAt ?? lapseAt) : Math.min(fireAt, lapseAt);
}

function feed(run: KeyRun, input: PatternInput<MaruEvent>, at: number): void {
  const { rule, state, now } = run;
  if (rule.trigger.kind !== "pattern") return;
  state.pattern ??= initialPatternState(rule.trigger.pattern, at);
  const step = advance(rule.trigger.pattern, state.pattern, input, now);
  state.pattern = step.state;
  if (step.dropped > 0) {
    const detail = `${step.dropped} partial matches were dropped: there were too many.`;
    run.emit({ ...run.common(at), kind: "health", code: "partialMatchesDropped", detail });
  }
  for (const timeout of step.timeouts) {
    run.emit({ ...run.common(timeout.endAt), kind: "timeout", vars: timeout.vars, startAt: timeout.startAt });
  }
  if (step.matches.length === 0 && input.kind === "event")
    addTrace(state.trace, at, "false", null, "noMatch", null);
  for (const match of step.matches) tellMatch(run, match);
}

function tellMatch(run: KeyRun, match: PatternMatch): void {
  const events = Object.values(match.vars).flat();
  const cause: Cause =
    events.length === 0
      ? { by: "timer", at: match.endAt }
      : { by: "events", events: events.map(({ source, id }) => ({ source, id })), until: match.endAt };
  const taken: Record<string, Json> = {};
  for (const [name, refs] of Object.entries(match.vars)) {
    taken[name] = refs.map(({ source, id, at, data }) => ({
      source,
      id,
      time: at,
      ...(data === undefined ? {} : { event: data }),
    }));
  }
  const bindings = { key: run.state.key, labels: run.baseLabels, match: taken };
  occur(run, match.endAt, cause, bindings, { match: taken });
}
