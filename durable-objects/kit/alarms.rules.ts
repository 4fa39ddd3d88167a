import type { Random } from "../../src/kernel/random.ts";
import { backoffMs } from "../../src/kernel/retry.ts";

/** One of the reasons that share an object's single alarm. Instants are milliseconds. */
export interface Due {
  readonly reason: string;
  readonly at: number;
  readonly failures: number;
}

/** While a reason is handled its row stands this far in the future, so that a crash wakes the object again. */
export const insuranceMs = 60_000;

const policy = { baseMs: 1_000, capMs: 300_000, maxAttempts: Number.POSITIVE_INFINITY };

/** The next wake-up: the earliest reason, or nothing. */
export function nextWakeUp(dues: readonly Due[]): number | undefined {
  return dues.reduce<number | undefined>(
    (next, { at }) => (next === undefined || at < next ? at : next),
    undefined,
  );
}

/** The reasons that are due, the longest waiting first. */
export function dueNow(dues: readonly Due[], now: number): Due[] {
  return dues.filter(({ at }) => at <= now).sort((a, b) => a.at - b.at);
}

/**
 * Where a reason goes after it was handled. `insured` is the instant it was parked at; another instant in `current`
 * means that somebody asked for it meanwhile, which is kept.
 */
export function afterSuccess(
  current: Due | undefined,
  insured: number,
  next: number | undefined,
): number | undefined {
  if (current === undefined || current.at === insured) return next;
  return next === undefined ? current.at : Math.min(current.at, next);
}

/** When a reason whose handling failed is tried again, with full jitter up to five minutes and never at once. */
export function afterFailure(failures: number, now: number, random: Random): number {
  return now + 250 + backoffMs(policy, failures, random);
}
