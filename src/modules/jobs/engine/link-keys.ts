import type { JobSpec } from "./job-row.ts";

/** The lists that link names to jobs. Free text stands last, so that it can't imitate another list. */
export const linkKey = {
  idempotency: (scope: string) => `i|${scope}`,
  aliases: (jobId: string) => `j|${jobId}`,
  dedup: (spec: Pick<JobSpec, "tenantId" | "projectId">, key: string) =>
    `d|${spec.tenantId}|${spec.projectId}|${key}`,
  serial: (tenantId: string, projectId: string, key: string) => `s|${tenantId}|${projectId}|${key}`,
  children: (parentId: string) => `p|${parentId}`,
  dependents: (jobId: string) => `a|${jobId}`,
  dead: (tenantId: string) => `x|${tenantId}`,
};

/** Where an idempotency key holds: the same key in another project or for another route is another key. */
export function idempotencyScope(tenantId: string, projectId: string, route: string, key: string): string {
  return `${tenantId}|${projectId}|${route}|${key}`;
}
