import type { AlertsObject } from "../../durable-objects/alerts/alerts-object.ts";
import type { EngineObject } from "../../durable-objects/engine/engine-object.ts";
import type { JobsObject } from "../../durable-objects/jobs/jobs-object.ts";
import type { LanesObject } from "../../durable-objects/lanes/lanes-object.ts";
import type { LedgerObject } from "../../durable-objects/ledger/ledger-object.ts";
import type { LimitsObject } from "../../durable-objects/limits/limits-object.ts";
import type { MetersObject } from "../../durable-objects/meters/meters-object.ts";
import type { RelayObject } from "../../durable-objects/relay/relay-object.ts";
import type { SchedulerObject } from "../../durable-objects/scheduler/scheduler-object.ts";
import type { Env } from "./env.ts";

/** The only place where objects get their names: always `tenant:thing`, `platform:thing` for what serves all. */
const name = (tenantId: string, thing: string): string => {
  if (tenantId === "" || tenantId.includes(":")) throw new RangeError(`not a tenant: "${tenantId}"`);
  return `${tenantId}:${thing}`;
};

/** The tenant that an object's name carries; objects check it against what they are asked. */
export function tenantOf(objectName: string | undefined): string {
  return objectName?.slice(0, objectName.indexOf(":")) ?? "";
}

/** The truth about a tenant's jobs. */
export function jobsOf(env: Env, tenantId: string): DurableObjectStub<JobsObject> {
  return env.JOBS.getByName(name(tenantId, "jobs"));
}

/** Divides a lane's workers between tenants. */
export function laneOf(env: Env, lane: string): DurableObjectStub<LanesObject> {
  return env.LANES.getByName(name("platform", `lane-${lane}`));
}

/** Chains a tenant's events and relays its outbox. */
export function ledgerOf(env: Env, tenantId: string): DurableObjectStub<LedgerObject> {
  return env.LEDGER.getByName(name(tenantId, "ledger"));
}

/** Holds the state of a tenant's rules, or of a part of their keys. */
export function engineOf(env: Env, tenantId: string, shard = 0): DurableObjectStub<EngineObject> {
  return env.ENGINE.getByName(name(tenantId, shard === 0 ? "engine" : `engine-${shard}`));
}

/** The truth about a tenant's alerts. */
export function alertsOf(env: Env, tenantId: string): DurableObjectStub<AlertsObject> {
  return env.ALERTS.getByName(name(tenantId, "alerts"));
}

/** Starts what a tenant has scheduled. */
export function schedulerOf(env: Env, tenantId: string): DurableObjectStub<SchedulerObject> {
  return env.SCHEDULER.getByName(name(tenantId, "scheduler"));
}

/** Counts the requests of one caller. */
export function limitsOf(env: Env, tenantId: string, caller: string): DurableObjectStub<LimitsObject> {
  return env.LIMITS.getByName(name(tenantId, `limits-${caller}`));
}

/** Gathers the platform's metrics; one of a few shards. */
export function metersOf(env: Env, shard: number): DurableObjectStub<MetersObject> {
  return env.METERS.getByName(name("platform", `meters-${shard}`));
}

/** Carries calls to the agents of one of a tenant's clusters. */
export function relayOf(env: Env, tenantId: string, clusterId: string): DurableObjectStub<RelayObject> {
  return env.RELAY.getByName(name(tenantId, `cluster-${clusterId}`));
}

/** Which cluster of its tenant a relay's name means. */
export function clusterOf(objectName: string): string {
  return /:cluster-(.+)$/.exec(objectName)?.[1] ?? "";
}

/** Which shard of its tenant an engine's name means. */
export function engineShardOf(objectName: string): number {
  return Number(/:engine-(\d+)$/.exec(objectName)?.[1] ?? 0);
}

/** Tells a tenant's ledger that there is something to chain or to send. */
export async function pokeLedger(env: Env, tenantId: string): Promise<void> {
  if (tenantId !== "") await ledgerOf(env, tenantId).poke();
}
