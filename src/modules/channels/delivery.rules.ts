import type { NotifyOutcome } from "../../kernel/ports/notify.ts";

const second = 1_000;
const minute = 60 * second;
const hour = 60 * minute;

/** When each attempt starts after the one before it (Standard Webhooks, "Deliverability and reliability"). */
export const attemptDelaysMs: readonly number[] = [
  0,
  5 * second,
  5 * minute,
  30 * minute,
  2 * hour,
  5 * hour,
  10 * hour,
  14 * hour,
  20 * hour,
  24 * hour,
];

const jitter = 0.1;

export type DeliveryStep =
  | { readonly state: "sent"; readonly detail: string }
  | { readonly state: "retry"; readonly at: number; readonly detail: string }
  | { readonly state: "dead"; readonly detail: string; readonly disables: boolean };

/**
 * What follows from the outcome of attempt `attempt` (1 is the first): sent; another try after the schedule's delay and
 * up to a tenth more, or the receiver's `Retry-After` when that is longer; or dead. A receiver that is gone (410)
 * disables its channel. `random` is in [0, 1).
 */
export function nextStep(outcome: NotifyOutcome, attempt: number, now: number, random: number): DeliveryStep {
  if (outcome.sent) return { state: "sent", detail: `answered ${outcome.status}` };
  const detail =
    `${outcome.status === null ? "no answer" : `answered ${outcome.status}`}: ${outcome.snippet}`.slice(
      0,
      500,
    );
  const delay = attemptDelaysMs[attempt];
  if (outcome.gone || !outcome.retryable || delay === undefined)
    return { state: "dead", detail, disables: outcome.gone };
  const wait = Math.max(Math.floor(delay * (1 + jitter * random)), outcome.retryAfterMs);
  return { state: "retry", at: now + wait, detail };
}
