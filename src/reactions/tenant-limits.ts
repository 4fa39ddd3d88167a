import type { Ctx } from "../kernel/context.ts";
import type { TenantLimits } from "../modules/jobs/index.ts";
import { findPolicy } from "../modules/policy/index.ts";
import { allProfiles } from "../modules/profiles/index.ts";

const dayMs = 86_400_000;

/** What the policy and the profiles of a tenant mean for its job engine. */
export async function tenantLimits(ctx: Ctx): Promise<TenantLimits> {
  const policy = await findPolicy(ctx);
  const profiles = await allProfiles(ctx);
  const providers = profiles.map(({ name, limits }) => [
    name,
    {
      ...(limits.maxConcurrent === undefined ? {} : { concurrency: limits.maxConcurrent }),
      ...(limits.requestsPerMinute === undefined ? {} : { requestsPerMinute: limits.requestsPerMinute }),
      ...(limits.tokensPerMinute === undefined ? {} : { tokensPerMinute: limits.tokensPerMinute }),
    },
  ]);
  return {
    timeZone: policy.timeZone,
    keys: { runs: policy.maxConcurrentRuns },
    budget: {
      ...(policy.dailyCostLimitMicros === null ? {} : { dayMicros: policy.dailyCostLimitMicros }),
      ...(policy.monthlyCostLimitMicros === null ? {} : { monthMicros: policy.monthlyCostLimitMicros }),
    },
    providers: Object.fromEntries(providers),
    retentionMs: policy.dataRetentionDays * dayMs,
  };
}
