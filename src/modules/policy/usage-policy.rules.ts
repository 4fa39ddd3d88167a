import type { UsagePolicy } from "../../../contracts/usage-policy.ts";
import type { FieldProblem } from "../../kernel/problem.ts";
import { jsonPointer } from "../../kernel/problem.ts";
import { localPeriods } from "./local-periods.rules.ts";

/** A name in a request and where it stands there, as path segments. */
export interface NamedUse {
  readonly name: string;
  readonly path: readonly PropertyKey[];
}

export interface SubmissionRequest {
  readonly models: readonly NamedUse[];
  readonly metrics: readonly NamedUse[];
  /** The expected cost; null when a model has no price, which a policy with a cost limit refuses. */
  readonly estimatedCostMicros: number | null;
}

/** What has been used in the policy's current day and month; reserved is estimated for runs that have not settled. */
export interface UsageSoFar {
  readonly spentTodayMicros: number;
  readonly spentThisMonthMicros: number;
  readonly reservedMicros: number;
  readonly runsToday: number;
  readonly activeRuns: number;
}

export interface PolicyViolation extends FieldProblem {
  /** `forbidden`: never allowed by this policy; `limit_reached`: allowed again later. */
  readonly kind: "forbidden" | "limit_reached";
  /** When the limit opens again, in milliseconds since 1970; null where time alone does not open it. */
  readonly opensAt: number | null;
}

/**
 * Every way in which a submission breaks the policy, each with a JSON pointer into the request; limits of the whole
 * request point at its root (""). A run is refused when spent + reserved + estimate > limit. Model and metric names
 * match exactly.
 */
export function checkSubmission(
  policy: UsagePolicy,
  request: SubmissionRequest,
  usage: UsageSoFar,
  now: number,
): PolicyViolation[] {
  return [
    ...notAllowed(policy.allowedModels, request.models, "policy.model_not_allowed", "model"),
    ...notAllowed(policy.allowedMetrics, request.metrics, "policy.metric_not_allowed", "metric"),
    ...costViolations(policy, request.estimatedCostMicros, usage, now),
    ...runViolations(policy, usage, now),
  ];
}

function notAllowed(
  allowed: readonly string[] | null,
  uses: readonly NamedUse[],
  code: string,
  noun: string,
): PolicyViolation[] {
  if (allowed === null) return [];
  return uses
    .filter(({ name }) => !allowed.includes(name))
    .map(({ name, path }) => ({
      kind: "forbidden",
      opensAt: null,
      pointer: jsonPointer(path),
      code,
      message: `The policy does not allow the ${noun} "${name}".`,
    }));
}

function reached(code: string, message: string, opensAt: number | null): PolicyViolation {
  return { kind: "limit_reached", pointer: "", code, message, opensAt };
}

function costViolations(
  policy: UsagePolicy,
  estimate: number | null,
  usage: UsageSoFar,
  now: number,
): PolicyViolation[] {
  const { dailyCostLimitMicros: daily, monthlyCostLimitMicros: monthly } = policy;
  if (daily === null && monthly === null) return [];
  if (estimate === null) {
    const message = "The policy limits cost, and the price of a model in this run is not known.";
    return [{ kind: "forbidden", pointer: "", code: "policy.cost_unknown", message, opensAt: null }];
  }
  const { day, month } = localPeriods(now, policy.timeZone);
  const checks = [
    { name: "daily", limit: daily, spent: usage.spentTodayMicros, endAt: day.endAt },
    { name: "monthly", limit: monthly, spent: usage.spentThisMonthMicros, endAt: month.endAt },
  ];
  return checks.flatMap(({ name, limit, spent, endAt }) => {
    if (limit === null || spent + usage.reservedMicros + estimate <= limit) return [];
    const left = Math.max(0, limit - spent - usage.reservedMicros);
    const message = `The run is expected to cost ${estimate} micros; ${left} of the ${name} limit of ${limit} are left.`;
    const code = `policy.${name}_cost_limit_reached`;
    return estimate > limit
      ? [{ kind: "forbidden" as const, pointer: "", code, message, opensAt: null }]
      : [reached(code, message, endAt)];
  });
}

function runViolations(policy: UsagePolicy, usage: UsageSoFar, now: number): PolicyViolation[] {
  const found: PolicyViolation[] = [];
  if (usage.runsToday >= policy.maxDailyRuns) {
    const message = `The policy allows ${policy.maxDailyRuns} runs a day; ${usage.runsToday} were submitted.`;
    found.push(reached("policy.daily_runs_reached", message, localPeriods(now, policy.timeZone).day.endAt));
  }
  if (usage.activeRuns >= policy.maxConcurrentRuns) {
    const message = `The policy allows ${policy.maxConcurrentRuns} runs at a time; ${usage.activeRuns} are active.`;
    found.push(reached("policy.concurrent_runs_reached", message, null));
  }
  return found;
}

/** Data made before this instant is past the policy's retention; in milliseconds since 1970. */
export function retentionCutoff(policy: Pick<UsagePolicy, "dataRetentionDays">, now: number): number {
  return now - policy.dataRetentionDays * 86_400_000;
}
