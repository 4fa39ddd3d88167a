/** When an alert fired, as far as it is known. `endsAt` null: until somebody says otherwise. */
export interface Span {
  readonly startsAt: number;
  readonly endsAt: number | null;
  /** `endsAt` was not said: it is when the sender's word runs out. */
  readonly timeout: boolean;
}

/** What was said of an alert, and when: (`updatedAt`, `seq`) orders it. */
export interface Said extends Span {
  readonly updatedAt: number;
  readonly seq: number;
}

/** Whether an alert that was said to end at `endsAt` has ended at `now`. */
export function hasEnded(endsAt: number | null, now: number): boolean {
  return endsAt !== null && endsAt <= now;
}

/** Negative when `a` was said before `b`. */
export function saidOrder(a: Said, b: Said): number {
  return a.updatedAt - b.updatedAt || a.seq - b.seq;
}

/**
 * What is known of an alert after it was spoken of again. Spans that overlap are one: the earliest start; the latest
 * of two ends; a later end that was said outright outlives a younger word that has not ended. A span that does not
 * overlap replaces the older one. Source: Alertmanager, provider/mem and `Alert.Merge`.
 */
export function mergeSpans(older: Span, younger: Said): Span {
  if (!overlap(older, younger)) return younger;
  const startsAt = Math.min(older.startsAt, younger.startsAt);
  const bothEnded = hasEnded(younger.endsAt, younger.updatedAt) && hasEnded(older.endsAt, younger.updatedAt);
  const stands = hasEnded(younger.endsAt, younger.updatedAt) ? bothEnded : !older.timeout;
  const { endsAt, timeout } = stands && endOf(older) > endOf(younger) ? older : younger;
  return { startsAt, endsAt, timeout };
}

function overlap(older: Span, younger: Span): boolean {
  const inside = (at: number) => at > older.startsAt && at < endOf(older);
  return inside(endOf(younger)) || inside(younger.startsAt);
}

function endOf({ endsAt }: Span): number {
  return endsAt ?? Number.POSITIVE_INFINITY;
}
