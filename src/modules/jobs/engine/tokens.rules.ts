import type { ReportRateLimitCommand, TakeTokensCommand } from "./commands.ts";
import { takeFromProvider } from "./leases.rules.ts";
import { learnRateLimit } from "./provider.rules.ts";
import { providerOf } from "./queue-key.ts";
import { invalid, staleLease } from "./refusals.ts";
import type { SingleReplies } from "./replies.ts";
import { heldBy } from "./report.rules.ts";
import type { Work } from "./work.ts";

/** Asked before each call of a model: takes the call's requests and tokens from the provider's minute, or says how long to wait. */
export function takeTokens(work: Work, command: TakeTokensCommand): SingleReplies["take_tokens"] {
  const { requests, tokens } = command;
  if (!Number.isInteger(requests) || requests < 0)
    return invalid("/requests", "out_of_range", "A whole number.");
  if (!Number.isInteger(tokens) || tokens < 0) return invalid("/tokens", "out_of_range", "A whole number.");
  const held = heldBy(work, command.jobId, command.token);
  if (held === null)
    return staleLease(command.jobId, command.token, work.findJob(command.jobId)?.state ?? null);
  const cancel = held.job.state === "CANCELLING";
  const waitMs = cancel ? 1_000 : takeFromProvider(work, held.job, held.lease, requests, tokens);
  if (waitMs > 0) return { ok: true, granted: false, waitMs, cancel };
  work.touch(held.job);
  return { ok: true, granted: true, cancel };
}

/** A worker met a 429 and tries again by itself: everybody who calls that provider slows down. */
export function reportRateLimit(
  work: Work,
  command: ReportRateLimitCommand,
): SingleReplies["report_rate_limit"] {
  const held = heldBy(work, command.jobId, command.token);
  if (held === null)
    return staleLease(command.jobId, command.token, work.findJob(command.jobId)?.state ?? null);
  const provider = providerOf(held.job);
  const waitMs = Math.max(1_000, command.retryAfterMs ?? 0);
  if (provider !== "") learnRateLimit(work.provider(held.job.spec.tenantId, provider), work.now, waitMs);
  return { ok: true, waitMs };
}
