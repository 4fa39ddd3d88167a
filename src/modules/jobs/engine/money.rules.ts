import { neverFits, newBudget, refusedUntil, reserve, rollOver, settle } from "./budget.rules.ts";
import type { BudgetUse, FlowUse } from "./job-store.ts";
import type { BudgetLimits } from "./limits.ts";
import type { Work } from "./work.ts";

interface Purse {
  readonly use: BudgetUse;
  readonly limits: BudgetLimits | undefined;
}

/** The budgets that a project's work draws on: its tenant's and its own, both in the tenant's time zone. */
function pursesOf(work: Work, tenantId: string, projectId: string): readonly Purse[] {
  const limits = work.config.tenants[tenantId];
  const zone = limits?.timeZone ?? "UTC";
  const open = (flow: FlowUse): BudgetUse => {
    flow.budget ??= newBudget(zone, work.now);
    rollOver(flow.budget, zone, work.now);
    return flow.budget;
  };
  return [
    { use: open(work.tenant(tenantId)), limits: limits?.budget },
    { use: open(work.project(tenantId, projectId)), limits: limits?.projects?.[projectId]?.budget },
  ];
}

/** Until when a budget refuses `micros`; null when they fit. */
export function budgetRefusal(
  work: Work,
  tenantId: string,
  projectId: string,
  micros: number,
): number | null {
  if (micros === 0) return null;
  const until = pursesOf(work, tenantId, projectId)
    .map(({ use, limits }) => refusedUntil(use, limits, micros))
    .filter((time) => time !== null);
  return until.length === 0 ? null : Math.max(...until);
}

/** Whether no day or month of the tenant's or the project's budget could pay for `micros`. */
export function isUnaffordable(work: Work, tenantId: string, projectId: string, micros: number): boolean {
  const limits = work.config.tenants[tenantId];
  return neverFits(limits?.budget, micros) || neverFits(limits?.projects?.[projectId]?.budget, micros);
}

/** Reserves the estimate of a lease in the tenant's and the project's budgets; integer micros. */
export function reserveMoney(work: Work, tenantId: string, projectId: string, micros: number): void {
  if (micros === 0) return;
  for (const { use } of pursesOf(work, tenantId, projectId)) reserve(use, micros);
}

/** Books what was spent in the tenant's and the project's budgets and gives `released` of the reservation back. */
export function settleMoney(
  work: Work,
  tenantId: string,
  projectId: string,
  spent: number,
  released: number,
): void {
  if (spent === 0 && released === 0) return;
  for (const { use } of pursesOf(work, tenantId, projectId)) settle(use, spent, released);
}
