import type { MetricShape } from "../../kernel/series.ts";

const runSeconds = [1, 5, 10, 30, 60, 120, 300, 600];
const requestSeconds = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];
const waitSeconds = [0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300, 600];
const modelSeconds = [0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120];

/**
 * Every metric there is: nothing else can be counted. Labels hold only values of a small set (route patterns, status
 * codes, tenants, profiles, models), never ids of things that grow without end.
 */
export const metricCatalogue: readonly MetricShape[] = [
  {
    name: "maru_runs_total",
    type: "counter",
    help: "Evaluation runs that ended, by public status.",
    labels: ["tenant_id", "status", "profile"],
  },
  {
    name: "maru_run_duration_seconds",
    type: "histogram",
    help: "From the start of an evaluation run to its end.",
    labels: ["tenant_id", "profile"],
    buckets: runSeconds,
  },
  {
    name: "maru_job_queue_depth",
    type: "gauge",
    help: "Jobs in each public status that is not final.",
    labels: ["status"],
    partition: "tenant_id",
  },
  {
    name: "maru_job_wait_seconds",
    type: "histogram",
    help: "From the moment a job could run to its first claim.",
    labels: ["tenant_id", "type"],
    buckets: waitSeconds,
  },
  {
    name: "maru_jobs_total",
    type: "counter",
    help: "Jobs that ended, by public status.",
    labels: ["tenant_id", "type", "status"],
  },
  {
    name: "maru_job_failures_total",
    type: "counter",
    help: "Jobs that failed, by the cause in reasonCode.",
    labels: ["tenant_id", "type", "reason"],
  },
  {
    name: "maru_llm_requests_total",
    type: "counter",
    help: "Calls of model providers, by the status of the answer (ok, or the kind of problem).",
    labels: ["provider", "model", "status"],
  },
  {
    name: "maru_llm_request_duration_seconds",
    type: "histogram",
    help: "Time of one call of a model provider.",
    labels: ["provider", "model"],
    buckets: modelSeconds,
  },
  {
    name: "maru_llm_tokens_total",
    type: "counter",
    help: "Tokens sent to (input) and received from (output) model providers.",
    labels: ["tenant_id", "provider", "model", "direction"],
  },
  {
    name: "maru_llm_cost_usd_total",
    type: "counter",
    help: "Cost of model calls in US dollars, by the price table.",
    labels: ["tenant_id", "provider", "model"],
  },
  {
    name: "maru_http_requests_total",
    type: "counter",
    help: "Requests answered, by route pattern and status code.",
    labels: ["method", "route", "status"],
  },
  {
    name: "maru_http_request_duration_seconds",
    type: "histogram",
    help: "Time from the arrival of a request to the head of its answer.",
    labels: ["method", "route"],
    buckets: requestSeconds,
  },
  {
    name: "maru_queue_messages_total",
    type: "counter",
    help: "Queue messages handled, by outcome (acked, retried, parked).",
    labels: ["queue", "outcome"],
  },
  {
    name: "maru_notifications_total",
    type: "counter",
    help: "Notifications handed to their channel, by how that went (sent, retry, dead, suppressed).",
    labels: ["tenant_id", "outcome"],
  },
  {
    name: "maru_rule_polls_total",
    type: "counter",
    help: "Polls of metric rules, by what they came to (ok, noData, error).",
    labels: ["tenant_id", "outcome"],
  },
  {
    name: "maru_outbox_deliveries_total",
    type: "counter",
    help: "Outbox messages handed on, by outcome (sent, put_off).",
    labels: ["topic", "outcome"],
  },
  {
    name: "maru_outbox_depth",
    type: "gauge",
    help: "Outbox messages that are not sent yet.",
    labels: [],
  },
  {
    name: "maru_outbox_oldest_age_seconds",
    type: "gauge",
    help: "How long the longest due outbox message has waited.",
    labels: [],
  },
  {
    name: "maru_audit_events_sealed_total",
    type: "counter",
    help: "Audit events that got their place in a tenant's chain.",
    labels: [],
  },
  {
    name: "maru_audit_events_unsealed",
    type: "gauge",
    help: "Audit events that wait for their place in a chain.",
    labels: [],
  },
];
