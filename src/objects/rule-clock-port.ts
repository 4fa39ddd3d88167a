import type { RuleClockPort } from "../modules/rules/index.ts";
import type { Env } from "../platform/env.ts";
import { schedulerOf } from "../platform/objects.ts";

/** What the tenants' schedulers start for their rules, behind the port. */
export function ruleClockPort(env: Env): RuleClockPort {
  return {
    plan: (tenantId, plan, generation) => schedulerOf(env, tenantId).plan(plan as never, generation),
    settle: (tenantId, version, published) => schedulerOf(env, tenantId).settle(version, published),
    polls: (tenantId, ruleId) => schedulerOf(env, tenantId).polls(ruleId) as never,
    next: (tenantId) => schedulerOf(env, tenantId).nextPoll() as never,
    giveBack: (tenantId, pollId, dueAt) => schedulerOf(env, tenantId).giveBackPoll(pollId, dueAt),
    report: (tenantId, pollId, note, retryAfterMs) =>
      schedulerOf(env, tenantId).reportPoll(pollId, note as never, retryAfterMs),
  };
}
