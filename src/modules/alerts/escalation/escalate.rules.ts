import type { EscalationPolicy, EscalationStep } from "../../../../contracts/on-call.ts";
import type {
  EscalationDecision,
  EscalationEffect,
  EscalationEvent,
  EscalationState,
} from "./escalation-state.ts";

/**
 * Moves an escalation on. Each step tells its targets `1 + repeat` times, `waitMs` apart, and gives way to the next; a
 * late tick tells once and then waits in full, so that an outage does not page everybody at once. An acknowledgement
 * stops it; when that is withdrawn or older than `ackTimeoutMs` the step at which it stood starts over. Resolving ends
 * it. Events that don't apply change nothing.
 * @param now ms UTC
 * @param activeIntervals names of the time intervals that are active now
 */
export function escalate(
  state: EscalationState | null,
  policy: EscalationPolicy,
  event: EscalationEvent,
  now: number,
  activeIntervals: readonly string[] = [],
): EscalationDecision {
  const effects: EscalationEffect[] = [];
  const moved = move(state, policy, event, now);
  const facts = { now, activeIntervals, effects };
  if (moved !== state && moved !== null && (moved.phase === "acked" || moved.phase === "resolved")) {
    effects.push({ kind: "stop", key: keyOf(moved, moved.phase), reason: moved.phase });
  }
  const next = moved === null ? null : tell(moved, policy, facts);
  return { state: next, effects, wakeAt: next?.dueAt ?? null };
}

/** The state after the event itself, before anybody is told. */
function move(
  state: EscalationState | null,
  policy: EscalationPolicy,
  event: EscalationEvent,
  now: number,
): EscalationState | null {
  if (event.type === "fired") return fire(state, event.escalationId, event.severity, now);
  if (state === null || state.phase === "resolved") return state;
  switch (event.type) {
    case "acked": {
      const dueAt = policy.ackTimeoutMs === null ? null : now + policy.ackTimeoutMs;
      return { ...state, phase: "acked", ackedBy: event.by, dueAt };
    }
    case "unacked":
      return state.phase === "acked" ? resume(state, now) : state;
    case "resolved":
      return { ...state, phase: "resolved", dueAt: null };
    case "tick":
      return state.phase === "acked" && isDue(state, now) ? resume(state, now) : state;
  }
}

function fire(
  state: EscalationState | null,
  escalationId: string,
  severity: string,
  now: number,
): EscalationState {
  if (state?.escalationId === escalationId) return { ...state, severity };
  return {
    escalationId,
    phase: "waiting",
    severity,
    pass: 0,
    round: 0,
    step: 0,
    told: 0,
    dueAt: now,
    ackedBy: null,
    notified: 0,
  };
}

/** The step at which it stood starts over; an exhausted escalation begins anew. */
function resume(state: EscalationState, now: number): EscalationState {
  return { ...state, phase: "waiting", pass: state.pass + 1, told: 0, dueAt: now, ackedBy: null };
}

interface Facts {
  readonly now: number;
  readonly activeIntervals: readonly string[];
  readonly effects: EscalationEffect[];
}

/** Tells whoever is due, passing over steps that don't apply, until there is something to wait for. */
function tell(start: EscalationState, policy: EscalationPolicy, facts: Facts): EscalationState {
  let state = start;
  while (state.phase === "waiting" && isDue(state, facts.now)) {
    const step = policy.steps[state.step];
    if (step === undefined) state = nextRound(state, policy, facts);
    else if (state.told > step.repeat || !applies(step, state, facts)) state = nextStep(state);
    else state = tellStep(state, step, facts);
  }
  return state;
}

function tellStep(state: EscalationState, step: EscalationStep, { now, effects }: Facts): EscalationState {
  const attempt = state.told + 1;
  for (const [index, target] of step.targets.entries()) {
    const key = keyOf(state, `${state.round}.${state.step}.${attempt}.${index}`);
    effects.push({ kind: "notify", key, target, round: state.round, step: state.step, attempt });
  }
  return { ...state, told: attempt, notified: state.notified + 1, dueAt: now + step.waitMs };
}

function nextStep(state: EscalationState): EscalationState {
  return { ...state, step: state.step + 1, told: 0 };
}

function nextRound(
  state: EscalationState,
  { rounds }: EscalationPolicy,
  { effects }: Facts,
): EscalationState {
  if (state.round + 1 < rounds) return { ...state, round: state.round + 1, step: 0, told: 0 };
  effects.push({ kind: "exhausted", key: keyOf(state, "exhausted"), notified: state.notified });
  return { ...state, phase: "exhausted", round: 0, step: 0, told: 0, dueAt: null };
}

function applies({ onlyIf }: EscalationStep, { severity, told }: EscalationState, facts: Facts): boolean {
  if (onlyIf === undefined || told > 0) return true;
  if (onlyIf.severities?.includes(severity) === false) return false;
  return onlyIf.interval === undefined || facts.activeIntervals.includes(onlyIf.interval);
}

function isDue({ dueAt }: EscalationState, now: number): boolean {
  return dueAt !== null && dueAt <= now;
}

/** Unique within the tenant: an escalation, the pass in it, and what happens there. */
function keyOf({ escalationId, pass }: EscalationState, what: string): string {
  return `escalation:${escalationId}:${pass}:${what}`;
}
