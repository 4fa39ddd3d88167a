import type { Command, JobsPort, SingleCommand } from "../modules/jobs/index.ts";
import type { Env } from "../platform/env.ts";
import { jobsOf } from "../platform/objects.ts";
import { groupedCommands } from "./grouped-commands.ts";

/** What workers say, many at once. */
const grouped: ReadonlySet<Command["type"]> = new Set([
  "claim",
  "heartbeat",
  "complete",
  "fail",
  "release",
  "take_tokens",
  "report_rate_limit",
]);

/** The tenants' job objects behind the port. Belongs to one request: its calls must not outlive it. */
export function jobsPort(env: Env): JobsPort {
  // The RPC types lose generic methods; the object's own methods have these very types.
  const of = (tenantId: string) =>
    jobsOf(env, tenantId) as unknown as {
      execute: (command: unknown) => Promise<never>;
      find: (jobId: string) => ReturnType<JobsPort["find"]>;
      findByKey: (scope: string) => ReturnType<JobsPort["findByKey"]>;
      events: (jobId: string, afterSeq: number, waitMs: number) => ReturnType<JobsPort["events"]>;
      results: (jobId: string, after: number) => ReturnType<JobsPort["results"]>;
      dead: (filter: unknown, after: number, limit: number) => ReturnType<JobsPort["dead"]>;
    };
  const groups = new Map<string, (command: SingleCommand) => Promise<unknown>>();
  const groupOf = (tenantId: string) => {
    const group = groups.get(tenantId) ?? groupedCommands((command) => of(tenantId).execute(command));
    groups.set(tenantId, group);
    return group;
  };
  const isGrouped = (command: Command): command is SingleCommand => grouped.has(command.type);
  return {
    execute: (tenantId, command) =>
      isGrouped(command) ? (groupOf(tenantId)(command) as Promise<never>) : of(tenantId).execute(command),
    find: (tenantId, jobId) => of(tenantId).find(jobId),
    findByKey: (tenantId, scope) => of(tenantId).findByKey(scope),
    events: (tenantId, jobId, afterSeq, waitMs) => of(tenantId).events(jobId, afterSeq, waitMs),
    results: (tenantId, jobId, after) => of(tenantId).results(jobId, after),
    dead: (tenantId, filter, after, limit) => of(tenantId).dead(filter, after, limit),
  };
}
