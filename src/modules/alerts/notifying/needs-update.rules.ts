/** What was last told to one channel about one group; alerts by short fingerprint. */
export interface Told {
  readonly firing: readonly string[];
  readonly resolved: readonly string[];
  readonly at: number;
}

export interface Members {
  readonly firing: readonly string[];
  readonly resolved: readonly string[];
}

/** Why a group is told again: `fired` or `resolved` name who is new, `ended` clears the last ones, `repeat` is time. */
export type News = "fired" | "ended" | "resolved" | "repeat";

/**
 * Whether a group has something to tell that the channel has not been told: an alert that fires newly; that nothing
 * fires any more; an alert that ended, if ends are told; or that the repeat interval passed. Undefined: nothing.
 * Source: Alertmanager, the de-duplication stage.
 */
export function newsOf(
  told: Told | undefined,
  members: Members,
  rule: { readonly sendResolved: boolean; readonly repeatIntervalMs: number },
  tick: number,
): News | undefined {
  if (told === undefined) return members.firing.length > 0 ? "fired" : undefined;
  if (!isSubset(members.firing, told.firing)) return "fired";
  if (members.firing.length === 0) return told.firing.length > 0 ? "ended" : undefined;
  if (rule.sendResolved && !isSubset(members.resolved, told.resolved)) return "resolved";
  return told.at + rule.repeatIntervalMs <= tick ? "repeat" : undefined;
}

function isSubset(part: readonly string[], whole: readonly string[]): boolean {
  if (part.length === 0) return true;
  const known = new Set(whole);
  return part.every((item) => known.has(item));
}
