import { sweepLedgers } from "../durable-objects/ledger/sweep-ledgers.ts";
import { openSession, type Session, systemCtx } from "./context.ts";
import { expireIdempotencyKeys } from "./db/idempotency.ts";
import { listTenants } from "./modules/access/index.ts";
import { listTenantsWithChannels } from "./modules/channels/index.ts";
import { sweepUploads } from "./modules/datasets/index.ts";
import { sweepRuns } from "./modules/evaluation/index.ts";
import { listTenantsAtWork } from "./modules/jobs/index.ts";
import { listTenantsWithRules } from "./modules/rules/index.ts";
import { listTenantsWithSchedules } from "./modules/schedules/index.ts";
import { sweepIntake } from "./modules/sources/index.ts";
import { allEngines } from "./objects/engine-shards.ts";
import { configOf } from "./platform/config.ts";
import type { Env } from "./platform/env.ts";
import { laneNames } from "./platform/lanes.ts";
import { jsonLog } from "./platform/log.ts";
import { alertsOf, laneOf, schedulerOf } from "./platform/objects.ts";

const mostTenants = 500;

/** What the minute's cron does: it is the watchdog of every alarm, and it cleans up. */
export async function runSchedule(
  env: Env,
  at: Date,
  waitUntil: (work: Promise<unknown>) => void,
): Promise<void> {
  const session = openSession(env, at, waitUntil);
  const log = jsonLog(configOf(env).MARU_LOG_LEVEL, { action: "schedule" });
  const tasks: Readonly<Record<string, () => Promise<unknown>>> = {
    ledgers: () => sweepLedgers(env, at),
    lanes: () => Promise.all(laneNames.map((lane) => laneOf(env, lane).ping())),
    jobs: () => wakeJobs(session),
    schedulers: () => wakeSchedulers(session),
    engines: () => wakeEngines(session),
    alerts: () => wakeAlerts(session),
    ...(at.getUTCMinutes() === 7 ? { cleaning: () => clean(session) } : {}),
  };
  for (const [name, task] of Object.entries(tasks)) {
    await task().catch((error: unknown) => log("error", "a scheduled task failed", { task: name, error }));
  }
  waitUntil(session.ports.meter.flush().then(() => session.db.close()));
}

/** Ticks the job objects of tenants with work, so that an alarm that was lost is set again. */
async function wakeJobs(session: Session): Promise<void> {
  const tenants = await listTenantsAtWork(session.db, mostTenants);
  await Promise.all(tenants.map((tenantId) => session.ports.jobs.execute(tenantId, { type: "tick" })));
}

/** Sets the alarms of schedulers to what they have stored, in case one was lost. */
async function wakeSchedulers({ db, env }: Session): Promise<void> {
  const scheduled = await listTenantsWithSchedules(db, mostTenants);
  const ruled = await listTenantsWithRules(db, mostTenants);
  const tenants = [...new Set([...scheduled, ...ruled])];
  await Promise.all(tenants.map((tenantId) => schedulerOf(env, tenantId).rearm()));
}

/** Sets the alarms of rule engines to what they have stored. */
async function wakeEngines({ db, env }: Session): Promise<void> {
  const tenants = await listTenantsWithRules(db, mostTenants);
  await Promise.all(
    tenants.map(async (tenantId) => {
      for (const engine of await allEngines(env, tenantId)) await engine.rearm();
    }),
  );
}

/** Sets the alarms of alert hubs that have anybody to tell to what they have stored. */
async function wakeAlerts({ db, env }: Session): Promise<void> {
  const tenants = await listTenantsWithChannels(db, mostTenants);
  await Promise.all(tenants.map((tenantId) => alertsOf(env, tenantId).rearm()));
}

async function clean(session: Session): Promise<void> {
  await expireIdempotencyKeys(session.db, session.now);
  const tenants = await listTenants(session.db, mostTenants);
  await sweepIntake(session.db, session.ports.blobs, tenants, session.now);
  for (const tenantId of tenants) {
    await sweepUploads(systemCtx(session, tenantId, "datasets.upload.sweep"));
    await sweepRuns(systemCtx(session, tenantId, "evaluation.run.delete"));
  }
}
