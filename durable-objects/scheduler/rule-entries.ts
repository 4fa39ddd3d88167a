import { canonicalJson } from "../../src/kernel/json.ts";
import { runsId, type TimedRule } from "../../src/modules/rules/index.ts";
import type { SchedulerEntry } from "../../src/modules/schedules/index.ts";
import type { KeptEntry } from "./store.ts";

/**
 * What the scheduler keeps for the rules that run at set times, and what of it goes. A rule whose times stay as they are
 * keeps its place: a run that waits for its jitter is not lost by an edit.
 */
export function planEntries(
  rules: readonly TimedRule[],
  generation: number,
  kept: readonly string[],
  find: (id: string) => KeptEntry | undefined,
): { readonly entries: SchedulerEntry[]; readonly gone: string[] } {
  const entries = rules.map(({ ruleId, lineage, schedule, policy, from }): SchedulerEntry => {
    const id = runsId(lineage);
    const before = find(id)?.entry;
    const entry = {
      id,
      version: generation,
      schedule,
      policy: { ...policy, overlap: "allow" as const },
      action: { kind: "rule" as const, ruleId, lineage },
      projectId: null,
    };
    const same = before !== undefined && timesOf(before) === timesOf(entry);
    return { ...entry, from: same ? 0 : from };
  });
  const wanted = new Set(entries.map(({ id }) => id));
  return { entries, gone: kept.filter((id) => !wanted.has(id)) };
}

function timesOf({ schedule, policy }: Pick<SchedulerEntry, "schedule" | "policy">): string {
  return canonicalJson([schedule, policy]);
}
