import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex, utf8ToBytes } from "@noble/hashes/utils.js";
import type { MetricTarget } from "../../../../contracts/rule-metrics.ts";
import type { RuleDefinition } from "../../../../contracts/rules.ts";
import type { RunPolicy, Schedule } from "../../../../contracts/schedules.ts";
import { canonicalJson } from "../../../kernel/json.ts";

/** A metric that is polled for one or more lineages of a rule: the live version and one that watches may share it. */
export interface PollEntry {
  readonly id: string;
  readonly ruleId: string;
  /** As the engine calls them. */
  readonly lineages: readonly string[];
  readonly metric: MetricTarget;
}

/** A lineage that runs at set times. */
export interface TimedRule {
  readonly ruleId: string;
  readonly lineage: string;
  readonly schedule: Schedule;
  readonly policy: Omit<RunPolicy, "overlap">;
  /** Runs up to here (ms UTC) are not its business. */
  readonly from: number;
}

/** What the clock has to start for the rules of a tenant. */
export interface ClockPlan {
  readonly polls: readonly PollEntry[];
  readonly runs: readonly TimedRule[];
}

interface Timed {
  readonly ruleId: string;
  readonly lineage: string;
  readonly version: number;
  readonly shadow: boolean;
  readonly definition: Pick<RuleDefinition, "trigger">;
  /** When the rule was changed last, ms UTC. */
  readonly from: number;
}

/** A version that only watches has a lineage of its own beside the live one. */
export function lineageAtWork({
  lineage,
  version,
  shadow,
}: Omit<Timed, "definition" | "ruleId" | "from">): string {
  return shadow ? `${lineage}~${version}` : lineage;
}

/** Under which id the runs of a lineage are kept, beside those of the tenant's own schedules. */
export const runsId = (lineage: string): string => `rule:${lineage}`;

/** What the clock has to start for the rules at work: polls of metric rules, runs of schedule rules. */
export function clockPlan(rules: readonly Timed[]): ClockPlan {
  const polls = new Map<string, PollEntry>();
  const runs: TimedRule[] = [];
  for (const rule of rules) {
    const { trigger } = rule.definition;
    const { ruleId, from } = rule;
    const lineage = lineageAtWork(rule);
    if (trigger.kind === "schedule") {
      const { schedule, policy } = trigger;
      runs.push({ ruleId, lineage, schedule, policy, from });
    }
    if (trigger.kind === "metric") {
      const id = pollId(ruleId, trigger.metric);
      const lineages = [...(polls.get(id)?.lineages ?? []), lineage];
      polls.set(id, { id, ruleId, lineages, metric: trigger.metric });
    }
  }
  return { polls: [...polls.values()], runs };
}

/** Another metric is another poll: it starts afresh, without the failures of the one before. */
export function pollId(ruleId: string, metric: MetricTarget): string {
  return `${ruleId}.${bytesToHex(sha256(utf8ToBytes(canonicalJson(metric)))).slice(0, 16)}`;
}
