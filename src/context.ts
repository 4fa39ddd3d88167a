import { openD1 } from "./db/d1.ts";
import type { Db } from "./db/db.ts";
import { openPostgres } from "./db/postgres.ts";
import { writeWithEvent } from "./db/write.ts";
import type { Actor, Ctx, Log } from "./kernel/context.ts";
import { newId } from "./kernel/ids.ts";
import { problem } from "./kernel/problem.ts";
import type { Ports } from "./kernel/ports/ports.ts";
import { continueTrace, type Trace } from "./kernel/trace.ts";
import { metricCatalogue } from "./modules/observability/index.ts";
import { configOf, type Env } from "./platform/env.ts";
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

export interface CallFacts {
  readonly actor: Actor;
  readonly action: string;
  readonly requestId: string;
  readonly trace: Trace;
  readonly address?: string;
  readonly signal?: AbortSignal;
  readonly expectedVersion?: number;
  readonly idempotency?: { readonly key: string; readonly bodyHash: string };
  readonly body?: Ctx["body"];
}

/** Opens the database that the deployment is configured for. */
export function openDb(env: Env): Db {
  if (configOf(env).MARU_DATABASE === "d1") return openD1(env.DB);
  if (env.HYPERDRIVE === undefined) {
    throw problem("unavailable", "config.hyperdrive_missing", "MARU_DATABASE is postgres, but there is no HYPERDRIVE binding.");
  }
  return openPostgres(env.HYPERDRIVE.connectionString);
}

/** Opens a session; `after` is the platform's waitUntil. The database is closed after everything else. */
export function openSession(env: Env, now: Date, waitUntil: (work: Promise<unknown>) => void): Session {
  const db = openDb(env);
  const ports = openPorts(env, metricCatalogue);
  return { env, db, ports, now, after: waitUntil };
}

/** Builds the context of one call. */
export function buildCtx(session: Session, facts: CallFacts): Ctx {
  const { env, db, ports, now } = session;
  const { actor } = facts;
  const log = logOf(env, facts);
  return {
    tenantId: actor.tenantId,
    actor,
    action: facts.action,
    requestId: facts.requestId,
    trace: facts.trace,
    now,
    ports,
    log,
    db,
    ...(facts.address === undefined ? {} : { address: facts.address }),
    ...(facts.signal === undefined ? {} : { signal: facts.signal }),
    ...(facts.expectedVersion === undefined ? {} : { expectedVersion: facts.expectedVersion }),
    ...(facts.idempotency === undefined ? {} : { idempotency: facts.idempotency }),
    ...(facts.body === undefined ? {} : { body: facts.body }),
    newId: (prefix) => newId(prefix, now),
    async write(change, build, outbox) {
      await writeWithEvent(
        db,
        {
          tenantId: actor.tenantId,
          actor,
          action: facts.action,
          requestId: facts.requestId,
          traceId: facts.trace.traceId,
          now,
          ...(facts.address === undefined ? {} : { address: facts.address }),
        },
        change,
        build,
        outbox,
      );
      session.after(pokeLedger(env, actor.tenantId).catch((error) => log("warn", "ledger not poked", { error })));
    },
    actingAs: (other) => buildCtx(session, { ...facts, actor: other }),
  };
}

function logOf(env: Env, facts: CallFacts): Log {
  return jsonLog(configOf(env).MARU_LOG_LEVEL, {
    tenantId: facts.actor.tenantId || undefined,
    actor: `${facts.actor.kind}:${facts.actor.id}`,
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
