import type { Random } from "../../kernel/random.ts";
import { backoffMs } from "../../kernel/retry.ts";

const policy = { baseMs: 1_000, capMs: 15 * 60_000, maxAttempts: Number.POSITIVE_INFINITY };
const maxErrorLength = 500;

/**
 * A message that could not be handed on: it is never given up, only put off, with full jitter and at least 200 ms.
 * `reason` must hold no secret.
 */
export function putOff(
  message: { readonly id: string; readonly attempts: number },
  reason: string,
  now: Date,
  random: Random,
) {
  const attempts = message.attempts + 1;
  const waitMs = Math.max(200, backoffMs(policy, attempts, random));
  return {
    id: message.id,
    retry: {
      attempts,
      lastError: reason.slice(0, maxErrorLength),
      availableAt: new Date(now.getTime() + waitMs),
    },
  };
}
