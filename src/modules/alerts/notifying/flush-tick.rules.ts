/** The last tick that was due at `now`, and the first after it, on the grid `due` + n·interval. */
export function ticksAt(due: number, intervalMs: number, now: number): { tick: number; next: number } {
  const step = Math.max(1, intervalMs);
  const tick = due + Math.max(0, Math.floor((now - due) / step)) * step;
  return { tick, next: tick + step };
}

/**
 * When a new group is told first: after `groupWaitMs`, but at once if an alert has fired for longer than that.
 * Source: Alertmanager, dispatch.
 */
export function firstFlushAt(startsAt: number, groupWaitMs: number, now: number): number {
  return startsAt + groupWaitMs < now ? now : now + groupWaitMs;
}
