import type { BacktestCause, BacktestMoment, Firing } from "../../../../contracts/backtest.ts";
import type { Cause, MatchOutput, TransitionOutput } from "../engine/outputs.ts";

/** Events that a moment names. */
const namedEvents = 50;

/** An instant as the wire has it. */
export const instantText = (at: number): string => new Date(at).toISOString();

/** A match or a transition as a timeline shows it. `clock` is when the engine decided it. */
export function momentOf(output: MatchOutput | TransitionOutput, clock: number): BacktestMoment {
  const { at, key, labels, annotations, values, matchId, cause } = output;
  const about = { key: [...key], labels: { ...labels }, cause: causeOf(cause), matchId };
  const said = { values: { ...values }, annotations: { ...annotations } };
  const when = { at: instantText(at), decidedAt: instantText(clock) };
  if (output.kind === "match") return { ...when, kind: "match", ...about, ...said, suppressed: [] };
  const { from, to, reason = "condition", suppressed } = output;
  return { ...when, kind: "transition", ...about, from, to, reason, ...said, suppressed: [...suppressed] };
}

function causeOf(cause: Cause): BacktestCause {
  switch (cause.by) {
    case "events": {
      const events = cause.events.slice(0, namedEvents).map(({ source, id }) => ({ source, id }));
      return { by: "events", events, omitted: cause.events.length - events.length };
    }
    case "window":
      return {
        by: "window",
        start: instantText(cause.start),
        end: instantText(cause.end),
        revision: cause.revision,
      };
    case "schedule":
      return { by: "schedule", at: instantText(cause.scheduledFor) };
    default:
      return { by: cause.by, at: instantText(cause.at) };
  }
}

type Open = { -readonly [K in keyof Firing]: Firing[K] };

/** The firings of a rule, from what its engine said: matches last no time, alerts from firing to their end. */
export class Firings {
  readonly all: Firing[] = [];
  private readonly open = new Map<string, Open>();
  private readonly most: number;

  constructor(most: number) {
    this.most = most;
  }

  take(output: MatchOutput | TransitionOutput): void {
    const at = instantText(output.at);
    if (output.kind === "match") {
      this.add(output, at, at);
      return;
    }
    const { from, to } = output;
    const name = JSON.stringify([output.key, Object.entries(output.labels).sort()]);
    if (to === "firing" && from !== "recovering") this.open.set(name, this.add(output, at, null));
    if (to !== "normal" || from === "pending") return;
    const firing = this.open.get(name);
    if (firing !== undefined) firing.endedAt = at;
    this.open.delete(name);
  }

  private add({ key, labels }: MatchOutput | TransitionOutput, at: string, endedAt: string | null): Open {
    const firing: Open = { key: [...key], labels: { ...labels }, at, endedAt };
    if (this.all.length < this.most) this.all.push(firing);
    return firing;
  }
}
