import type { AbsencePolicy } from "../../../../../contracts/rule-conditions.ts";
import type { Verdict } from "../outputs.ts";
import type { Instance } from "./instance.ts";

export interface Effective {
  /** What the state machine is given. */
  readonly verdict: Verdict;
  /** The state of the instance's own alert about missing data or errors; null where there is none to decide. */
  readonly own: boolean | null;
}

/**
 * What an evaluation counts as: missing data and errors stand in for the condition as their policies say, once they have
 * lasted long enough. Keeps in the instance since when, and which policy is in force.
 */
export function applyPolicies(
  instance: Instance,
  verdict: Verdict,
  at: number,
  noData: AbsencePolicy,
  error: AbsencePolicy,
): Effective {
  if (verdict === "unknown") instance.unknownSince ??= at;
  else instance.unknownSince = null;
  if (verdict === "error") instance.errorSince ??= at;
  else instance.errorSince = null;
  instance.policy = null;
  if (verdict === "true" || verdict === "false") return { verdict, own: false };
  const policy = verdict === "unknown" ? noData : error;
  const since = (verdict === "unknown" ? instance.unknownSince : instance.errorSince) ?? at;
  if (at - since < policy.afterMs) return { verdict, own: null };
  instance.policy = verdict === "unknown" ? "noData" : "error";
  switch (policy.use) {
    case "alert":
      return { verdict: "true", own: null };
    case "normal":
      return { verdict: "false", own: null };
    case "ownAlert":
      return { verdict, own: true };
    default:
      return { verdict, own: null };
  }
}

/** When a policy comes into force; null when none is waiting. */
export function policyDue(instance: Instance, noData: AbsencePolicy, error: AbsencePolicy): number | null {
  if (instance.policy !== null) return null;
  if (instance.unknownSince !== null && noData.use !== "keepLast")
    return instance.unknownSince + noData.afterMs;
  return instance.errorSince !== null && error.use !== "keepLast"
    ? instance.errorSince + error.afterMs
    : null;
}
