import type { Context, Hono, MiddlewareHandler } from "hono";
import { matchedRoutes } from "hono/route";
import { openDb, openSession } from "./context.ts";
import { docsPage } from "./http/docs-page.ts";
import type { AppEnv, Host } from "./http/serve.ts";
import { authorize } from "./kernel/operation.ts";
import { problem } from "./kernel/problem.ts";
import { measureBacklog } from "./modules/audit/index.ts";
import { countJobsAtWork } from "./modules/jobs/index.ts";
import {
  backlogSeries,
  type CheckResult,
  type Checks,
  metricCatalogue,
  recordRequest,
  runChecks,
  writeExposition,
} from "./modules/observability/index.ts";
import { configOf } from "./platform/config.ts";
import type { Env } from "./platform/env.ts";
import { jsonLog } from "./platform/log.ts";
import { readShards, shardedMeter } from "./platform/meter/sharded-meter.ts";
import { jobsOf, ledgerOf, metersOf } from "./platform/objects.ts";

type C = Context<AppEnv<Env>>;

const checkTimeoutMs = 2_000;
const readyKeptMs = 1_000;
const platform = "platform";

/** What a deployment shows to those who run it: health, readiness, metrics and the API reference. */
export function mountOperational(app: Hono<AppEnv<Env>>, host: Host<Env>): void {
  app.get("/health", (c) => {
    c.header("Cache-Control", "no-store");
    return c.json({ status: "ok" });
  });
  app.get("/ready", serveReady);
  app.get("/metrics", (c) => serveMetrics(c, host));
  app.get("/docs", async (c) => {
    const page = await docsPage();
    for (const [name, value] of page.headers) c.header(name, value);
    return c.body(page.html);
  });
}

/** Counts and times every request under the pattern of its route, and sends the counts after the reply. */
export const measureRequests: MiddlewareHandler<AppEnv<Env>> = async (c, next) => {
  const startedAt = Date.now();
  await next();
  const meter = shardedMeter(c.env, metricCatalogue);
  const route = patternOf(c);
  recordRequest(meter, {
    method: c.req.method,
    status: c.res.status,
    seconds: (Date.now() - startedAt) / 1000,
    ...(route === undefined ? {} : { route }),
  });
  // Without a valid configuration nothing can be sent, and the answer has said so.
  const unsent = (error: unknown) => jsonLog("info", {})("warn", "measurements not sent", { error });
  c.executionCtx.waitUntil(meter.flush().catch(unsent));
};

function patternOf(c: C): string | undefined {
  const path = matchedRoutes(c).findLast(({ method }) => method !== "ALL")?.path;
  return path?.replaceAll(
    /:(\w+)(?:\{\[\^\/:\]\+(:\w+)?\})?/g,
    (whole, name: string, verb: string | undefined) =>
      whole.includes("{") ? `{${name}}${verb ?? ""}` : whole,
  );
}

let ready: { at: number; checks: CheckResult[] } | undefined;

async function serveReady(c: C): Promise<Response> {
  if (ready === undefined || Date.now() - ready.at >= readyKeptMs) {
    const checks = await runChecks(readinessOf(c), checkTimeoutMs);
    ready = { at: Date.now(), checks };
  }
  const ok = ready.checks.every((check) => check.ok);
  c.header("Cache-Control", "no-store");
  return c.json({ status: ok ? "ready" : "not_ready", checks: ready.checks }, ok ? 200 : 503);
}

function readinessOf(c: C): Checks {
  const { env } = c;
  const session = () => openSession(env, new Date(), (work) => c.executionCtx.waitUntil(work));
  return {
    config: async () => {
      configOf(env);
      await session().ports.cipher.seal("ready", "ready");
    },
    database: async () => {
      const db = openDb(env);
      await db.ping().finally(() => c.executionCtx.waitUntil(db.close()));
    },
    blobs: () => session().ports.blobs.head("platform/ready"),
    jobs: () => jobsOf(env, platform).ping(),
    ledger: () => ledgerOf(env, platform).ping(),
    meters: () => metersOf(env, 0).ping(),
  };
}

async function serveMetrics(c: C, host: Host<Env>): Promise<Response> {
  const tenantId = await readerOf(c, host);
  const { env } = c;
  const shards = await readShards(env);
  // What the isolates have counted is told also while the database, which knows the backlog, is away.
  const unread = (error: unknown) => {
    jsonLog("info", {})("warn", "the backlog could not be measured", { error });
    return undefined;
  };
  const backlog = await backlogOf(c).catch(unread);
  const waiting = backlog === undefined ? [] : backlogSeries(backlog, Date.now());
  c.header("Content-Type", "text/plain; version=0.0.4; charset=utf-8");
  c.header("Cache-Control", "no-store");
  return c.body(
    writeExposition(metricCatalogue, [...shards, ...waiting], {
      prefix: configOf(env).MARU_METRICS_PREFIX,
      ...(tenantId === undefined ? {} : { tenantId }),
    }),
  );
}

async function backlogOf(c: C) {
  const db = openDb(c.env);
  try {
    const [backlog, jobs] = await Promise.all([measureBacklog(db), countJobsAtWork(db)]);
    return { ...backlog, jobs };
  } finally {
    c.executionCtx.waitUntil(db.close());
  }
}

/** The tenant whose series the caller may read; undefined for the operator, who reads all. */
async function readerOf(c: C, host: Host<Env>): Promise<string | undefined> {
  const token = configOf(c.env).MARU_METRICS_TOKEN;
  const bearer = /^Bearer\s+(\S+)$/i.exec(c.req.header("authorization") ?? "")?.[1];
  if (token !== undefined && bearer !== undefined && (await sameText(bearer, token))) return undefined;
  const actor = await host.authenticate(c);
  const quota = await host.takeQuota(c, actor);
  if (!quota.allowed) {
    throw problem("rate_limited", "http.rate_limited", "Too many requests. Wait and retry.", {
      retryAfterMs: quota.resetSeconds * 1000,
    });
  }
  authorize({ action: "observability.metrics.get", scope: "metrics:read" }, actor);
  return actor.tenantId;
}

async function sameText(a: string, b: string): Promise<boolean> {
  const encoder = new TextEncoder();
  const [hashA, hashB] = await Promise.all(
    [a, b].map((text) => crypto.subtle.digest("SHA-256", encoder.encode(text))),
  );
  return hashA !== undefined && hashB !== undefined && crypto.subtle.timingSafeEqual(hashA, hashB);
}
