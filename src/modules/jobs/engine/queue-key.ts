import type { JobRow } from "./job-row.ts";

/** A queue that workers claim from: jobs that share every gate but their own cost. */
export interface QueueParts {
  readonly lane: string;
  readonly tenantId: string;
  readonly projectId: string;
  /** `provider` or `provider/model`; empty for work without one. */
  readonly provider: string;
  /** Whether its work costs money: the rest never waits for a budget. */
  readonly paid: boolean;
  /** Keys of the counters that its work touches. */
  readonly projectKey: string;
  readonly providerKey: string;
  readonly permitKey: string;
}

const separator = "|";

/** Names that stand in keys: no separator, so that keys can be taken apart. */
export function isName(text: string): boolean {
  return /^[\w.:@/-]{1,120}$/.test(text);
}

/** `provider` or `provider/model` that a job's work needs; empty for none. */
export function providerOf(job: JobRow): string {
  const { needs } = job.spec;
  if (needs === undefined) return "";
  return needs.model === undefined ? needs.provider : `${needs.provider}/${needs.model}`;
}

/** The queue of a job's next step. The finalize step calls no provider and costs nothing. */
export function queueKeyOf(job: JobRow): string {
  const { lane, tenantId, projectId, unitMicros } = job.spec;
  const finalizing = job.chunks.some((chunk) => chunk.kind === "finalize");
  const provider = finalizing ? "" : providerOf(job);
  return ["q", lane, tenantId, projectId, provider, !finalizing && unitMicros > 0 ? "$" : ""].join(separator);
}

const known = new Map<string, QueueParts>();

/** Takes the key of a claim queue apart. */
export function queuePartsOf(key: string): QueueParts {
  const seen = known.get(key);
  if (seen !== undefined) return seen;
  const [, lane = "", tenantId = "", projectId = "", provider = "", paid = ""] = key.split(separator);
  const parts = {
    ...{ lane, tenantId, projectId, provider, paid: paid === "$" },
    projectKey: flowKeyOf(tenantId, projectId),
    providerKey: flowKeyOf(tenantId, provider),
    permitKey: flowKeyOf(tenantId, lane),
  };
  if (known.size > 10_000) known.clear();
  known.set(key, parts);
  return parts;
}

/** Whether jobs there may be claimed, rather than wait for a place or a budget. */
export function isClaimQueue(key: string): boolean {
  return key.startsWith("q|");
}

/** Where jobs wait for a place of their concurrency key. */
export function parkKeyOf(tenantId: string, concurrencyKey: string): string {
  return `k|${tenantId}|${concurrencyKey}`;
}

/** Where a tenant's jobs wait whose next step costs more than a whole budget. */
export function asideKeyOf(tenantId: string): string {
  return `b|${tenantId}`;
}

/** The key of something that belongs to a tenant: a project, a provider or a lane of it. */
export function flowKeyOf(tenantId: string, name: string): string {
  return `${tenantId}|${name}`;
}
