import type { Route } from "../../../../contracts/alerts.ts";
import type { Entry, EntryKind } from "./entry.ts";

/** What entries may be named in. */
export interface Namers {
  readonly route: Route;
  readonly policies: readonly Entry<"policy">[];
  readonly schedules: readonly Entry<"schedule">[];
}

/** The ids of the policies that a routing tree names. */
export function policiesIn(route: Route): string[] {
  const own = typeof route.escalation === "string" ? [route.escalation] : [];
  return [...own, ...(route.routes ?? []).flatMap(policiesIn)];
}

/** What names an entry, as texts: it must not be deleted while there is any. */
export function namersOf(kind: EntryKind, id: string, { route, policies, schedules }: Namers): string[] {
  if (kind === "policy") return policiesIn(route).includes(id) ? ["the routing"] : [];
  if (kind === "person") return [];
  const inPolicies = policies.filter(({ body }) =>
    body.steps.some(({ targets }) => targets.some((target) => target.kind === kind && target.id === id)),
  );
  const inSchedules = schedules.filter(
    ({ body: { fallback } }) => fallback.kind === kind && fallback.id === id,
  );
  return [
    ...inPolicies.map(({ body }) => `the escalation policy "${body.name}"`),
    ...inSchedules.map(({ body }) => `the on-call schedule "${body.name}"`),
  ];
}
