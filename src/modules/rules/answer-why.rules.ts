import type { RuleDefinition } from "../../../contracts/rules.ts";
import type { RuleCounters } from "./engine/shard/shard-store.ts";
import { type Guard, type Trace, traceAt } from "./engine/trace.rules.ts";

/** What is known about a key of a rule when somebody asks why it fired or did not. */
export interface Known {
  readonly definition: RuleDefinition;
  readonly trace: readonly Trace[];
}

export interface Answer {
  /** What stopped the key from going further at that instant; `fired` and `resolved` where nothing did. */
  readonly code:
    | "rule_off"
    | "no_event"
    | "key_refused"
    | "too_long_ago"
    | "fired"
    | "resolved"
    | "matched"
    | Exclude<Guard, "none">;
  readonly detail: string;
}

/** Why a key of a rule that is not at work does nothing. */
export const ruleOff: Answer = {
  code: "rule_off",
  detail: "The rule is switched off or has no live version; publish one or switch it on.",
};

/** Why a key of a rule fired or did not at an instant, epoch milliseconds in the time of the rule, by its traces. */
export function answerWhy(known: Known | null, counters: RuleCounters | null, at: number): Answer {
  if (known === null) return withoutState(counters);
  const first = known.trace[0];
  if (first === undefined) return withoutState(counters);
  const trace = traceAt(known.trace, at);
  if (trace === undefined) {
    const since = instant(first.from);
    return { code: "too_long_ago", detail: `What is remembered of this key begins at ${since}.` };
  }
  return answerOf(known.definition, trace, pendingSince(known.trace, trace));
}

function withoutState(counters: RuleCounters | null): Answer {
  if (counters !== null && counters.refusedKeys > 0) {
    const detail = `${counters.refusedKeys} events of new keys were refused: the rule has as many keys as it may. Raise maxKeys or lower ttlMs.`;
    return { code: "key_refused", detail };
  }
  const skipped =
    counters !== null && counters.nullKeys > 0
      ? ` ${counters.nullKeys} events had no value for the key and were left out.`
      : "";
  const detail = `No event with this key passed the rule's sources and filter, or its state has been forgotten.${skipped}`;
  return { code: "no_event", detail };
}

/** When the stretch of pending evaluations began that a trace belongs to. */
function pendingSince(ring: readonly Trace[], trace: Trace): number {
  let first = trace;
  for (let i = ring.indexOf(trace) - 1; ring[i]?.status === "pending"; i--) first = ring[i] ?? first;
  return first.from;
}

function answerOf(definition: RuleDefinition, trace: Trace, since: number): Answer {
  const { guard, status, verdict } = trace;
  const saw = trace.values === null ? "" : ` It saw ${seen(trace.values)}.`;
  if (guard === "none") {
    if (status === null) return { code: "matched", detail: `The rule matched.${saw}` };
    if (status === "firing") return { code: "fired", detail: `The alert began to fire.${saw}` };
    if (status === "pending") return pending(definition, since, saw);
    if (status === "recovering")
      return { code: "keepFiring", detail: `The condition ceased; it still fires.${saw}` };
    return { code: "resolved", detail: `The alert resolved.${saw}` };
  }
  if (guard === "for") return pending(definition, since, saw);
  const again = trace.n > 1 ? ` That was so ${trace.n} times from ${instant(trace.from)}.` : "";
  const wrong = trace.why === undefined ? "" : ` ${trace.why}`;
  const what = verdict === "true" && guard === "condition" ? "The condition held." : texts[guard];
  return { code: guard, detail: `${what}${wrong}${saw}${again}` };
}

function pending({ forMs }: RuleDefinition, since: number, saw: string): Answer {
  const detail = `The condition held since ${instant(since)}, but not for ${forMs / 1000} s yet.${saw}`;
  return { code: "for", detail };
}

const texts: Readonly<Record<Exclude<Guard, "none" | "for">, string>> = {
  condition: "The condition was not true.",
  unknown: "The condition could not be decided: something that it needs is absent.",
  error: "The condition could not be evaluated.",
  firing: "It fires already; nobody is told again.",
  keepFiring: "The condition ceased; it still fires for the time that it keeps firing.",
  late: "The event came after the watermark had passed it, and was left out.",
  stale: "The event was older than what this key had seen already, and was left out.",
  noWindow: "The event fell into no window.",
  held: "The event waits until the watermark has passed it, so that events are taken in order.",
  collecting: "The event was counted; its window has not ended yet.",
  cooldown: "It matched, but an action had been sent less than the cooldown ago.",
  flapping: "It changes too often: while it flaps nobody is told of each change.",
  noMatch: "The event was taken; the pattern is not complete.",
};

function seen(values: Readonly<Record<string, unknown>>): string {
  const { match } = values;
  if (typeof match === "object" && match !== null) return `the events ${eventsOf(match)}`;
  const shown = Object.entries(values).filter(([, value]) => typeof value !== "object" || value === null);
  return shown.length === 0
    ? "no plain values"
    : shown.map(([name, value]) => `${name} = ${value}`).join(", ");
}

/** The events of a match by the variables of the pattern. */
function eventsOf(match: object): string {
  const vars = Object.entries(match).map(([name, taken]) => {
    const ids = Array.isArray(taken) ? taken.map((one: { id?: unknown }) => String(one.id)) : [];
    return `${name} = ${ids.join(", ")}`;
  });
  return vars.join("; ");
}

function instant(at: number): string {
  return new Date(at).toISOString();
}
