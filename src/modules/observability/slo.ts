/** What share of a budget may be spent in how long before somebody is told. */
export interface BurnPolicy {
  readonly severity: "critical" | "warning";
  /** The share of the window's error budget. */
  readonly budgetShare: number;
  readonly long: string;
  /** A shorter look at the same, so that the alert ends soon after its cause. */
  readonly short: string;
}

/** A promise about a share of events over a window. `$window` stands for the range of a query. */
export interface Slo {
  readonly name: string;
  readonly description: string;
  /** Per cent of events that are good. */
  readonly target: number;
  readonly window: "1d" | "7d" | "30d";
  /** An event is good when it took at most so long. */
  readonly thresholdSeconds?: number;
  readonly good: string;
  readonly total: string;
}

export interface AlertRule {
  readonly name: string;
  readonly expression: string;
  readonly forDuration: string;
  readonly severity: "critical" | "warning";
  readonly summary: string;
}

/** Names are the catalogue's own; the prefix they are served under is put in when the rules are written. */
export const slos: readonly Slo[] = [
  {
    name: "evaluation_success_rate",
    description: "Evaluation runs that succeed.",
    target: 99.5,
    window: "7d",
    good: 'sum(rate(maru_runs_total{status="SUCCEEDED"}[$window]))',
    total: "sum(rate(maru_runs_total[$window]))",
  },
  {
    name: "evaluation_latency_p95",
    description: "Evaluation runs that end within five minutes: the 95th percentile is at most 300 s.",
    target: 95,
    window: "1d",
    thresholdSeconds: 300,
    // Prometheus 3 writes the bound as 300.0.
    good: 'sum(rate(maru_run_duration_seconds_bucket{le=~"300(\\\\.0)?"}[$window]))',
    total: "sum(rate(maru_run_duration_seconds_count[$window]))",
  },
  {
    name: "job_completion_rate",
    description:
      "Jobs that end with their work done. A cancelled job is its owner's decision and counts in neither part.",
    target: 99,
    window: "7d",
    good: 'sum(rate(maru_jobs_total{status="SUCCEEDED"}[$window]))',
    total: 'sum(rate(maru_jobs_total{status=~"SUCCEEDED|FAILED"}[$window]))',
  },
  {
    name: "api_availability",
    description: "Requests that are not answered with a failure on our side.",
    target: 99.9,
    window: "30d",
    good: 'sum(rate(maru_http_requests_total{status!~"5.."}[$window]))',
    total: "sum(rate(maru_http_requests_total[$window]))",
  },
];

/** Multi-window, multi-burn-rate alerts (sre.google/workbook/alerting-on-slos), scaled to each window. */
export const burnPolicies: Readonly<Record<Slo["window"], readonly BurnPolicy[]>> = {
  "1d": [
    { severity: "critical", budgetShare: 0.25, long: "1h", short: "5m" },
    { severity: "warning", budgetShare: 0.5, long: "6h", short: "30m" },
  ],
  "7d": [
    { severity: "critical", budgetShare: 0.05, long: "1h", short: "5m" },
    { severity: "critical", budgetShare: 0.1, long: "6h", short: "30m" },
    { severity: "warning", budgetShare: 0.25, long: "1d", short: "2h" },
  ],
  "30d": [
    { severity: "critical", budgetShare: 0.02, long: "1h", short: "5m" },
    { severity: "critical", budgetShare: 0.05, long: "6h", short: "30m" },
    { severity: "warning", budgetShare: 0.1, long: "3d", short: "6h" },
  ],
};

/** Alerts on a state, beside those on a burning budget. */
export const alertRules: readonly AlertRule[] = [
  {
    name: "high_error_rate",
    expression: 'rate(maru_runs_total{status="FAILED"}[5m]) > 0.1',
    forDuration: "5m",
    severity: "warning",
    summary: "More than one evaluation run in ten seconds fails.",
  },
  {
    name: "queue_backlog",
    expression: 'maru_job_queue_depth{status="QUEUED"} > 100',
    forDuration: "10m",
    severity: "warning",
    summary: "More than 100 jobs wait.",
  },
  {
    name: "cost_spike",
    expression: "sum by (tenant_id) (increase(maru_llm_cost_usd_total[1h])) > 100",
    forDuration: "0m",
    severity: "critical",
    summary: "A tenant spent more than 100 US dollars on model calls within an hour.",
  },
  {
    name: "worker_unhealthy",
    expression: 'up{job="maru"} == 0',
    forDuration: "2m",
    severity: "critical",
    summary: "The metrics of the Worker can't be read.",
  },
  {
    name: "outbox_stuck",
    expression: "maru_outbox_oldest_age_seconds > 300",
    forDuration: "5m",
    severity: "critical",
    summary: "An outbox message that was due has not been sent for five minutes.",
  },
  {
    name: "audit_chain_behind",
    expression: "maru_audit_events_unsealed > 1000",
    forDuration: "15m",
    severity: "warning",
    summary: "More than 1000 audit events wait for their place in a chain.",
  },
];
