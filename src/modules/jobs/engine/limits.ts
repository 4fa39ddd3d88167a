/** Limits in one window of 60 s, and leases in flight at once. Absent means without a limit. */
export interface ProviderLimits {
  readonly concurrency?: number;
  readonly requestsPerMinute?: number;
  readonly tokensPerMinute?: number;
}

/** Money that may be spent in a calendar day and month; integer micros. */
export interface BudgetLimits {
  readonly dayMicros?: number;
  readonly monthMicros?: number;
}

export interface ProjectLimits {
  /** Share of the tenant's leases against the other projects; 1 by default. */
  readonly weight?: number;
  /** Leases in flight. */
  readonly concurrency?: number;
  readonly budget?: BudgetLimits;
}

export interface TenantLimits extends ProjectLimits {
  /** IANA time zone in which days and months of the budget begin; UTC by default. */
  readonly timeZone?: string;
  readonly projects?: Readonly<Record<string, ProjectLimits>>;
  /** Jobs running at once for a concurrency key; `keyDefault` (1) for keys that aren't named. */
  readonly keys?: Readonly<Record<string, number>>;
  readonly keyDefault?: number;
  /** By `provider` or `provider/model`; the longer name wins. */
  readonly providers?: Readonly<Record<string, ProviderLimits>>;
  /** How long ended jobs are kept; dead letters at least 30 days. */
  readonly retentionMs?: number;
  readonly deadRetentionMs?: number;
  /** Permits waiting in a queue at once, per lane; 100 by default. */
  readonly maxPermits?: number;
}

/** What can be paused: a tenant, one of its projects, one of its lanes, or a provider (or provider/model) for it. */
export interface PauseScope {
  readonly tenantId: string;
  readonly kind: "tenant" | "project" | "lane" | "provider";
  /** The project, lane or provider; the tenant again for a tenant. */
  readonly name: string;
}

export interface Pause {
  readonly scope: PauseScope;
  readonly reason: string;
  readonly at: number;
  readonly by: string;
}

/** Written seldom, read by every decision. */
export interface Config {
  readonly tenants: Readonly<Record<string, TenantLimits>>;
  /** By `pauseKey(scope)`. */
  readonly pauses: Readonly<Record<string, Pause>>;
}

export const emptyConfig: Config = { tenants: {}, pauses: {} };

/** The key of a pause in the config. */
export function pauseKey(scope: PauseScope): string {
  return `${scope.kind}|${scope.tenantId}|${scope.name}`;
}
