import { type Context, Hono } from "hono";
import { mountAgentGate } from "./agent-gate.ts";
import { mountClusterProxy } from "./cluster-proxy.ts";
import { mountConsoles } from "./consoles.ts";
import { buildCtx, openSession, type Session } from "./context.ts";
import { idempotencyLedger } from "./db/idempotency.ts";
import { corsHeaders, preflightHeaders, requestIdOf, securityHeaders } from "./http/headers.ts";
import { openApiDocument } from "./http/openapi.ts";
import { problemResponse } from "./http/problem.ts";
import { routerPath } from "./http/route.ts";
import { type AppEnv, type Host, serve } from "./http/serve.ts";
import { shownPath } from "./http/shown-path.ts";
import { mountIngest } from "./ingest.ts";
import type { LogLevel } from "./kernel/context.ts";
import { newId } from "./kernel/ids.ts";
import { AppError, problem } from "./kernel/problem.ts";
import { continueTrace, traceparent } from "./kernel/trace.ts";
import { authenticate } from "./modules/access/index.ts";
import { measureRequests, mountOperational } from "./operational.ts";
import { configOf } from "./platform/config.ts";
import type { Env } from "./platform/env.ts";
import { jsonLog } from "./platform/log.ts";
import { takeQuota } from "./platform/quota.ts";
import { routes } from "./routes.ts";

type C = Context<AppEnv<Env>>;

const sessions = new WeakMap<Request, Session>();

function sessionOf(c: C): Session {
  const known = sessions.get(c.req.raw);
  if (known) return known;
  const session = openSession(c.env, c.get("facts").now, (work) => c.executionCtx.waitUntil(work));
  sessions.set(c.req.raw, session);
  return session;
}

const host: Host<Env> = {
  authenticate: (c) => authenticate(sessionOf(c), c.req.header("authorization") ?? null),
  takeQuota: (c, actor) => takeQuota(c.env, actor, c.get("facts")),
  context(c, actor, call) {
    const { now: _, ...facts } = c.get("facts");
    const { origin } = new URL(c.req.url);
    return buildCtx(sessionOf(c), { ...facts, actor, origin, signal: c.req.raw.signal, ...call });
  },
  idempotency: (c) => idempotencyLedger(sessionOf(c).db, c.get("facts").now),
};

export const app = new Hono<AppEnv<Env>>();

app.use(measureRequests);

app.use(async (c, next) => {
  const now = new Date();
  const requestId = requestIdOf(c.req.header("x-request-id"), () => newId("req", now));
  const trace = continueTrace(c.req.header("traceparent"), c.req.header("tracestate"));
  const address = c.req.header("cf-connecting-ip");
  c.set("facts", { requestId, trace, now, ...(address === undefined ? {} : { address }) });
  const origins = configOf(c.env)
    .MARU_CORS_ORIGINS.split(",")
    .map((origin) => origin.trim());
  const cors = corsHeaders(c.req.header("origin") ?? null, origins);
  if (c.req.method === "OPTIONS" && c.req.header("access-control-request-method") !== undefined) {
    c.res = new Response(null, {
      status: 204,
      headers: [...(cors.length > 0 ? preflightHeaders : [])] as [string, string][],
    });
  } else {
    await next();
  }
  const { headers } = c.res;
  for (const [name, value] of securityHeaders) if (!headers.has(name)) headers.set(name, value);
  for (const [name, value] of cors) headers.set(name, value);
  headers.set("X-Request-Id", requestId);
  headers.set("traceparent", traceparent(trace));
  const session = sessions.get(c.req.raw);
  if (session) c.executionCtx.waitUntil(session.ports.meter.flush());
});

app.onError((error, c) => {
  const { requestId, trace } = c.get("facts") ?? {
    requestId: newId("req", new Date()),
    trace: continueTrace(null),
  };
  const response = problemResponse(error, shownPath(new URL(c.req.url).pathname), requestId);
  if (response.status >= 500) {
    // What was said as a problem, such as a cluster that is offline, is no fault of ours.
    const level = error instanceof AppError && error.kind !== "internal" ? "warn" : "error";
    jsonLog(logLevelOf(c.env), { requestId, traceId: trace.traceId })(level, "request failed", {
      path: shownPath(c.req.path),
      error,
    });
  }
  for (const [name, value] of c.res.headers)
    if (name.startsWith("ratelimit")) response.headers.set(name, value);
  return response;
});

/** The level that is configured; where the configuration itself is what failed, everything is told. */
function logLevelOf(env: Env): LogLevel {
  try {
    return configOf(env).MARU_LOG_LEVEL;
  } catch {
    return "info";
  }
}

app.notFound((c) => {
  const { path, method } = c.req;
  const allowed = methodsAt(path);
  if (allowed.length === 0) {
    const detail = `There is nothing at ${method} ${path}. /docs lists what there is.`;
    const unknown = problem("not_found", "http.no_such_route", detail);
    return problemResponse(unknown, path, c.get("facts").requestId);
  }
  const allow = { Allow: [...allowed, "OPTIONS"].join(", ") };
  if (method === "OPTIONS") return c.body(null, 204, allow);
  const detail = `There is no ${method} at ${path}, only ${allowed.join(", ")}.`;
  const refused = problem("method_not_allowed", "http.method_not_allowed", detail);
  const response = problemResponse(refused, path, c.get("facts").requestId);
  response.headers.set("Allow", allow.Allow);
  return response;
});

/** The methods that something answers to at a path: more than the middleware, which answers to every one. */
function methodsAt(path: string): string[] {
  const handlers = (method: string) => app.router.match(method, path)[0].length;
  const idle = handlers("OPTIONS");
  const methods = ["GET", "POST", "PUT", "PATCH", "DELETE"].filter((method) => handlers(method) > idle);
  return methods.includes("GET") ? ["HEAD", ...methods] : methods;
}

mountOperational(app, host);
mountIngest(app);
mountAgentGate(app, host);
mountClusterProxy(app, host);
mountConsoles(app, host);

for (const route of routes) {
  app.on(route.method, routerPath(route.path), (c) => serve(route, c, host));
}

let document: string | undefined;
app.get("/openapi.json", (c) => {
  document ??= JSON.stringify(
    openApiDocument(routes, {
      title: "Maru",
      version: "0.1.0",
      description: "The edge control plane for AI operations.",
    }),
  );
  c.header("Content-Type", "application/json");
  c.header("Cache-Control", "public, max-age=300");
  return c.body(document);
});
