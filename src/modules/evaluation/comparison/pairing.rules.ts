import type { Pairing } from "../../../../contracts/comparison.ts";
import type { CaseGroup } from "../summary/case-groups.rules.ts";

export interface CasePair {
  readonly baseline: CaseGroup;
  readonly candidate: CaseGroup;
}

/**
 * Pairs the cases of two runs: by case id, cases that share an id in their order; what is left by the hash of the
 * input, again in order. The rest is counted and its first ids are listed (100 a side).
 */
export function pairCases(
  baseline: readonly CaseGroup[],
  candidate: readonly CaseGroup[],
): { readonly pairs: readonly CasePair[]; readonly pairing: Pairing } {
  const byId = matchInOrder(baseline, candidate, ({ caseId }) => caseId);
  const byInput = matchInOrder(byId.leftBaseline, byId.leftCandidate, ({ rows }) => rows[0]?.inputHash);
  const order = new Map(baseline.map((group, index) => [group, index]));
  const pairs = [...byId.pairs, ...byInput.pairs].sort(
    (a, b) => (order.get(a.baseline) ?? 0) - (order.get(b.baseline) ?? 0),
  );
  const sharing = (groups: readonly CaseGroup[]) => groups.filter(({ occurrence }) => occurrence > 0).length;
  const ids = (groups: readonly CaseGroup[]) => groups.slice(0, 100).map(({ caseId }) => caseId);
  return {
    pairs,
    pairing: {
      pairs: pairs.length,
      byCaseId: byId.pairs.length,
      byInput: byInput.pairs.length,
      duplicates: sharing(baseline) + sharing(candidate),
      unmatchedBaseline: byInput.leftBaseline.length,
      unmatchedCandidate: byInput.leftCandidate.length,
      unmatchedBaselineIds: ids(byInput.leftBaseline),
      unmatchedCandidateIds: ids(byInput.leftCandidate),
    },
  };
}

function matchInOrder(
  baseline: readonly CaseGroup[],
  candidate: readonly CaseGroup[],
  keyOf: (group: CaseGroup) => string | undefined,
): { pairs: CasePair[]; leftBaseline: CaseGroup[]; leftCandidate: CaseGroup[] } {
  const waiting = new Map<string, CaseGroup[]>();
  for (const group of candidate.toReversed()) {
    const key = keyOf(group);
    if (key === undefined) continue;
    const queue = waiting.get(key);
    if (queue === undefined) waiting.set(key, [group]);
    else queue.push(group);
  }
  const pairs: CasePair[] = [];
  const leftBaseline: CaseGroup[] = [];
  for (const group of baseline) {
    const key = keyOf(group);
    const partner = key === undefined ? undefined : waiting.get(key)?.pop();
    if (partner === undefined) leftBaseline.push(group);
    else pairs.push({ baseline: group, candidate: partner });
  }
  const taken = new Set(pairs.map((pair) => pair.candidate));
  return { pairs, leftBaseline, leftCandidate: candidate.filter((group) => !taken.has(group)) };
}
