import type { Instance } from "./instance.ts";

export interface Outage {
  /** When evaluation stopped and began again. */
  readonly downAt: number;
  readonly upAt: number;
  /** A longer outage forgets how long a condition had held. */
  readonly toleranceMs: number;
  /** A pending alert that would fire sooner than this after the start is given this long first. */
  readonly graceMs: number;
}

/**
 * What an outage without data means for a pending alert (Prometheus' restoration of `for`), in place. Rules with a
 * shorter `for` than the grace begin anew, and so does everything after an outage beyond the tolerance. One that
 * had held long enough before the outage keeps its start; one that was nearly there waits for the grace; any other
 * is moved by the length of the outage.
 */
export function restorePending(instance: Instance, forMs: number, outage: Outage): void {
  if (instance.status !== "pending" || instance.activeAt === null) return;
  const { downAt, upAt, toleranceMs, graceMs } = outage;
  const held = downAt - instance.activeAt - instance.pausedMs;
  const left = forMs - held;
  instance.pausedAt = null;
  if (forMs < graceMs || upAt - downAt > toleranceMs) {
    instance.activeAt = upAt;
    instance.pausedMs = 0;
  } else if (left > 0 && left < graceMs) {
    instance.activeAt = upAt + graceMs - forMs;
    instance.pausedMs = 0;
  } else if (left > 0) {
    instance.activeAt += upAt - downAt;
  }
}
