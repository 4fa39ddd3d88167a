/** Instants of the sends within the last `windowMs`, oldest first, at most `max` of them. */
export type Sends = readonly number[];

export interface RateLimit {
  readonly max: number;
  readonly windowMs: number;
}

/** When the next send is allowed; undefined when it is allowed at `now`. */
export function nextSendAt(sends: Sends, limit: RateLimit, now: number): number | undefined {
  const recent = sends.filter((at) => at + limit.windowMs > now);
  const blocking = recent[recent.length - limit.max];
  return blocking === undefined ? undefined : blocking + limit.windowMs;
}

/** The sends after one more at `now`. */
export function afterSend(sends: Sends, limit: RateLimit, now: number): Sends {
  return [...sends.filter((at) => at + limit.windowMs > now), now].slice(-limit.max);
}
