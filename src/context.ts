import { openD1 } from "./db/d1.ts";
import type { Db } from "./db/db.ts";
import { openPostgres } from "./db/postgres.ts";
import { writeWithEvent } from "./db/write.ts";
import { actorName } from "./kernel/actor-name.ts";
import type { Actor, Ctx, Log } from "./kernel/context.ts";
import { newId } from "./kernel/ids.ts";
import type { Ports } from "./kernel/ports/ports.ts";
import { problem } from "./kernel/problem.ts";
import { continueTrace } from "./kernel/trace.ts";
import { metricCatalogue } from "./modules/observability/index.ts";
import { alertsPort } from "./objects/alerts-port.ts";
import { clustersPort, relaysPort } from "./objects/clusters-port.ts";
import { enginePort } from "./objects/engine-port.ts";
import { eventsPort, intakePort } from "./objects/intake-ports.ts";
import { jobsPort } from "./objects/jobs-port.ts";
import { ruleClockPort } from "./objects/rule-clock-port.ts";
import { schedulerPort } from "./objects/scheduler-port.ts";
import { configOf } from "./platform/config.ts";
import type { Env } from "./platform/env.ts";
import { jsonLog } from "./platform/log.ts";
import { pokeLedger } from "./platform/objects.ts";
import { openPorts } from "./platform/ports.ts";

/** What one request, message or tick holds open: a database, the ports, and what to do after the answer. */
export interface Session {
  readonly env: Env;
  readonly db: Db;
  readonly ports: Ports;
  readonly now: Date;
  after(work: Promise<unknown>): void;
}

/** What is known of one call. */
export type CallFacts = Pick<Ctx, "actor" | "action" | "requestId" | "trace"> &
  Partial<
    Pick<
      Ctx,
      "scope" | "address" | "origin" | "signal" | "expectedVersion" | "idempotency" | "lastEventId" | "body"
    >
  > & {
    /** The claim of an idempotency key that a write of this call settles. */
    readonly claimId?: string;
  };

/** Opens the database that the deployment is configured for. */
export function openDb(env: Env): Db {
  if (configOf(env).MARU_DATABASE === "d1") return openD1(env.DB);
  if (env.HYPERDRIVE === undefined) {
    throw problem(
      "unavailable",
      "config.hyperdrive_missing",
      "MARU_DATABASE is postgres, but there is no HYPERDRIVE binding.",
    );
  }
  return openPostgres(env.HYPERDRIVE.connectionString);
}

/** Opens a session; `after` is the platform's waitUntil. The database is closed after everything else. */
export function openSession(env: Env, now: Date, waitUntil: (work: Promise<unknown>) => void): Session {
  const db = openDb(env);
  const ports = {
    ...openPorts(env, metricCatalogue),
    jobs: jobsPort(env),
    scheduler: schedulerPort(env),
    ruleClock: ruleClockPort(env),
    engine: enginePort(env),
    events: eventsPort(env),
    intake: intakePort(env),
    alerts: alertsPort(env),
    clusters: clustersPort(env),
    relays: relaysPort(env),
  };
  return { env, db, ports, now, after: waitUntil };
}

/** Builds the context of one call. */
export function buildCtx(session: Session, facts: CallFacts): Ctx {
  const { env, db, ports, now } = session;
  const { actor, action, requestId, trace, claimId, ...more } = facts;
  const log = logOf(env, facts);
  const written = { tenantId: actor.tenantId, actor, action, requestId, traceId: trace.traceId, now };
  const claim = claimId === undefined ? {} : { claimId };
  return {
    ...more,
    tenantId: actor.tenantId,
    actor,
    action,
    requestId,
    trace,
    now,
    ports,
    log,
    db,
    newId: (prefix) => newId(prefix, now),
    async write(change, build, outbox) {
      const address = more.address === undefined ? {} : { address: more.address };
      await writeWithEvent(db, { ...written, ...address, ...claim }, change, build, outbox);
      session.after(
        pokeLedger(env, actor.tenantId).catch((error) => log("warn", "ledger not poked", { error })),
      );
    },
    actingAs: (other, step) => buildCtx(session, { ...facts, actor: other, action: step ?? action }),
  };
}

function logOf(env: Env, facts: CallFacts): Log {
  return jsonLog(configOf(env).MARU_LOG_LEVEL, {
    tenantId: facts.actor.tenantId || undefined,
    actor: actorName(facts.actor),
    action: facts.action,
    requestId: facts.requestId,
    traceId: facts.trace.traceId,
    spanId: facts.trace.spanId,
  });
}

/** The actor of work that the platform does for a tenant by itself. */
export function systemActor(tenantId: string, id: string): Actor {
  return { kind: "system", id, tenantId, grants: ["*"] };
}

/** The context of a queue message, a cron tick or an object, which has no caller of its own. */
export function systemCtx(session: Session, tenantId: string, id: string, traceparent?: string): Ctx {
  return buildCtx(session, {
    actor: systemActor(tenantId, id),
    action: id,
    requestId: newId("req", session.now),
    trace: continueTrace(traceparent),
  });
}
