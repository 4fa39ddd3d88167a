import { sha256 } from "@noble/hashes/sha2.js";
import { utf8ToBytes } from "@noble/hashes/utils.js";

import type { IntervalSchedule } from "../../../../contracts/schedules.ts";

export interface Pace {
  readonly intervalMs: number;
  /** Where in the interval a rule is polled: spreads the load, and is the same on every machine. */
  readonly phaseMs: number;
}

const longestTimeoutMs = 10_000;

/** The phase is the first 48 bits of SHA-256 of the rule's id, modulo the interval, which is at least the global one. */
export function paceOf(ruleId: string, intervalMs: number | undefined, globalIntervalMs: number): Pace {
  const interval = Math.max(intervalMs ?? globalIntervalMs, globalIntervalMs);
  const hash = sha256(utf8ToBytes(ruleId));
  let number = 0;
  for (const byte of hash.subarray(0, 6)) number = number * 256 + byte;
  return { intervalMs: interval, phaseMs: number % interval };
}

/** The latest due time at or before an instant; all are epoch milliseconds, `phase + n · interval`. */
export function dueAtOrBefore({ intervalMs, phaseMs }: Pace, at: number): number {
  return Math.floor((at - phaseMs) / intervalMs) * intervalMs + phaseMs;
}

/** The due times as a schedule. */
export function pollSchedule(
  ruleId: string,
  intervalMs: number | undefined,
  globalIntervalMs: number,
): IntervalSchedule {
  const pace = paceOf(ruleId, intervalMs, globalIntervalMs);
  const anchorAt = new Date(pace.phaseMs).toISOString();
  return { kind: "interval", everyMs: pace.intervalMs, anchorAt, zone: "UTC" };
}

export function dueAfter(pace: Pace, at: number): number {
  return dueAtOrBefore(pace, at) + pace.intervalMs;
}

/** How long a poll may take: what its author says, and never more than half the interval. */
export function timeoutOf(timeoutMs: number | undefined, intervalMs: number): number {
  return Math.min(timeoutMs ?? longestTimeoutMs, Math.floor(intervalMs / 2));
}
