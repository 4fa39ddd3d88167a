import type { RuleDefinition } from "../../../../../contracts/rules.ts";

/** What a shard has seen of one source: its latest event time, and when (processing time) its last event came. */
export interface SourceClock {
  time: number;
  seenAt: number;
}

export type SourceClocks = Record<string, SourceClock>;

/** Takes an event into account, in place. */
export function noteSource(clocks: SourceClocks, sourceId: string, time: number, seenAt: number): void {
  const clock = Object.hasOwn(clocks, sourceId) ? clocks[sourceId] : undefined;
  if (clock === undefined) {
    clocks[sourceId] = { time, seenAt };
    return;
  }
  if (time > clock.time) clock.time = time;
  if (seenAt > clock.seenAt) clock.seenAt = seenAt;
}

type Times = Pick<RuleDefinition, "time" | "watermark" | "sources" | "trigger">;

/** Polls and schedules happen when the clock says so. */
export function goesByClock({ time, trigger }: Pick<Times, "time" | "trigger">): boolean {
  return time === "processing" || trigger.kind === "metric" || trigger.kind === "schedule";
}

/**
 * The watermark of a rule: no event at or before it is expected any more. In event time, `max(time) − bound − 1` of each
 * source the rule listens to, and of those the least; a source that was silent for `idleTimeoutMs` is left out, and when
 * all are silent the clock goes on: `now − bound − 1`. In processing time, just before now. It never goes back.
 */
export function watermarkOf(
  clocks: SourceClocks,
  rule: Times,
  before: number | null,
  now: number,
): number | null {
  const next = goesByClock(rule) ? now - 1 : eventWatermark(clocks, rule, now);
  if (next === null) return before;
  return before === null ? next : Math.max(before, next);
}

function eventWatermark(clocks: SourceClocks, { watermark, sources }: Times, now: number): number | null {
  const { boundMs, idleTimeoutMs } = watermark;
  let known = false;
  let least: number | null = null;
  for (const id in clocks) {
    const clock = clocks[id];
    if (clock === undefined || (sources.sourceIds.length > 0 && !sources.sourceIds.includes(id))) continue;
    known = true;
    if (now - clock.seenAt >= idleTimeoutMs) continue;
    if (least === null || clock.time < least) least = clock.time;
  }
  if (!known) return null;
  return (least ?? now) - boundMs - 1;
}

/**
 * When, in processing time, the watermark may reach `due` without another event: when the next source falls silent, or
 * the clock gets there. Null when there is nothing to wait for.
 */
export function wakeAtFor(clocks: SourceClocks, rule: Times, due: number, now: number): number {
  if (goesByClock(rule)) return due + 1;
  const { boundMs, idleTimeoutMs } = rule.watermark;
  let soonest: number | null = null;
  for (const id in clocks) {
    const clock = clocks[id];
    if (clock === undefined || (rule.sources.sourceIds.length > 0 && !rule.sources.sourceIds.includes(id)))
      continue;
    const silentAt = clock.seenAt + idleTimeoutMs;
    if (silentAt > now && (soonest === null || silentAt < soonest)) soonest = silentAt;
  }
  return soonest ?? due + boundMs + 1;
}
