import { createDurable } from "itty-durable/itty-durable.js";
import { type LimitGrant, type LimitWindow, takeFromWindow } from "./window.rules.ts";

interface Durable {
  /** Keeps the fields of the object. */
  persist(): Promise<void>;
  /** Forgets what was kept. */
  destroy(): Promise<void>;
  setAlarm(at: number): Promise<void>;
}

const IttyDurable = createDurable() as unknown as new (state: DurableObjectState, env: unknown) => Durable;

/**
 * Counts the requests of one caller in one fixed window. The count is kept beside memory, so that an eviction in the
 * middle of a window forgives nothing; an alarm forgets a caller who has gone.
 */
export class LimitsObject extends IttyDurable {
  declare readonly __DURABLE_OBJECT_BRAND: never;
  window: LimitWindow | null = null;

  async take(want: number, limit: number, windowSeconds: number, now: number): Promise<LimitGrant> {
    const before = this.window;
    const { window, grant } = takeFromWindow(before, { want, limit, windowSeconds, now });
    this.window = window;
    if (grant.granted > 0) await this.persist();
    if (before?.startedAt !== window.startedAt) await this.setAlarm(grant.endsAt + window.windowMs);
    return grant;
  }

  async alarm(): Promise<void> {
    await this.destroy();
    this.window = null;
  }
}
