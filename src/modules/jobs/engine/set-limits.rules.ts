import { type FieldProblem, problem } from "../../../kernel/problem.ts";
import { isZone } from "../../../kernel/zone.ts";
import { dayEnd, monthEnd } from "./calendar.rules.ts";
import type { SetLimitsCommand } from "./commands.ts";
import type { BudgetLimits, ProjectLimits, TenantLimits } from "./limits.ts";
import { admit } from "./placing.rules.ts";
import type { SingleReplies } from "./replies.ts";
import type { Work } from "./work.ts";

/** Replaces the limits of a tenant. Lower limits hold for what starts from now on; higher ones wake what waits. */
export function setLimits(work: Work, command: SetLimitsCommand): SingleReplies["set_limits"] {
  const { tenantId, limits } = command;
  const errors = limitsProblems(limits);
  if (errors.length > 0) {
    return {
      ok: false,
      failure: problem("invalid_input", "jobs.invalid_limits", "The limits can't be set.", { errors })
        .failure,
    };
  }
  const before = work.config.tenants[tenantId];
  if (JSON.stringify(before) === JSON.stringify(limits)) return { ok: true, changed: false };
  work.writeConfig({ ...work.config, tenants: { ...work.config.tenants, [tenantId]: limits } });
  if (limits.timeZone !== before?.timeZone) movePeriods(work, tenantId, limits.timeZone ?? "UTC");
  for (const key of Object.keys({ ...before?.keys, ...limits.keys })) {
    if (admit(work, tenantId, key))
      work.hot.chores.push({ kind: "admit", key: `${tenantId}|${key}`, after: 0 });
  }
  work.hot.chores.push({ kind: "afford", key: tenantId, after: 0 });
  work.audit(tenantId, null, "jobs.limits.set", `limits:${tenantId}`, command.audit, before ?? null, limits);
  return { ok: true, changed: true };
}

/** What was spent stays spent; the periods end where the new zone says. */
function movePeriods(work: Work, tenantId: string, zone: string): void {
  const flows = [
    work.tenant(tenantId),
    ...Object.entries(work.hot.projects)
      .filter(([key]) => key.startsWith(`${tenantId}|`))
      .map(([, flow]) => flow),
  ];
  for (const { budget } of flows) {
    if (budget === undefined) continue;
    budget.dayEndsAt = dayEnd(zone, work.now);
    budget.monthEndsAt = monthEnd(zone, work.now);
  }
}

function limitsProblems(limits: TenantLimits): FieldProblem[] {
  const found: FieldProblem[] = [];
  const number = (pointer: string, value: number | undefined, least: number) => {
    if (value === undefined || (Number.isFinite(value) && value >= least)) return;
    found.push({ pointer, code: "out_of_range", message: `A number from ${least}.` });
  };
  const budget = (pointer: string, value: BudgetLimits | undefined) => {
    number(`${pointer}/dayMicros`, value?.dayMicros, 0);
    number(`${pointer}/monthMicros`, value?.monthMicros, 0);
  };
  const project = (pointer: string, value: ProjectLimits) => {
    number(`${pointer}/concurrency`, value.concurrency, 0);
    budget(`${pointer}/budget`, value.budget);
    if (value.weight !== undefined && !(value.weight > 0)) {
      found.push({ pointer: `${pointer}/weight`, code: "out_of_range", message: "More than 0." });
    }
  };
  project("", limits);
  for (const [name, value] of Object.entries(limits.projects ?? {})) project(`/projects/${name}`, value);
  for (const [name, value] of Object.entries(limits.keys ?? {})) number(`/keys/${name}`, value, 1);
  number("/keyDefault", limits.keyDefault, 1);
  for (const [name, value] of Object.entries(limits.providers ?? {})) {
    number(`/providers/${name}/concurrency`, value.concurrency, 0);
    number(`/providers/${name}/requestsPerMinute`, value.requestsPerMinute, 1);
    number(`/providers/${name}/tokensPerMinute`, value.tokensPerMinute, 1);
  }
  if (limits.timeZone !== undefined && !isZone(limits.timeZone)) {
    found.push({ pointer: "/timeZone", code: "unknown", message: "Not an IANA time zone." });
  }
  return found;
}
