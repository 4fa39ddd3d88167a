import { createExecutionContext, waitOnExecutionContext } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { Hono } from "hono";
import { buildCtx, openSession } from "../../../src/context.ts";
import type { Db } from "../../../src/db/db.ts";
import { idempotencyLedger } from "../../../src/db/idempotency.ts";
import { problemResponse } from "../../../src/http/problem.ts";
import { type Route, routerPath } from "../../../src/http/route.ts";
import { type AppEnv, type Host, serve } from "../../../src/http/serve.ts";
import type { Actor } from "../../../src/kernel/context.ts";
import { newId } from "../../../src/kernel/ids.ts";
import { continueTrace } from "../../../src/kernel/trace.ts";
import { auditRoutes } from "../../../src/modules/audit/routes.ts";
import { observabilityRoutes } from "../../../src/modules/observability/routes.ts";
import { measureRequests, mountOperational } from "../../../src/operational.ts";
import type { Env } from "../../../src/platform/env.ts";

export const bindings = env as unknown as Env;
const routes: readonly Route[] = [...auditRoutes, ...observabilityRoutes];

/** Who a test request comes from: its `Authorization` is the JSON of an actor. */
export function signedIn(tenantId: string, grants: readonly string[] = ["*"], more: Partial<Actor> = {}) {
  const actor: Actor = { kind: "user", id: "usr_1", tenantId, grants, ...more };
  return { authorization: `Actor ${JSON.stringify(actor)}` };
}

const nobody: Actor = { kind: "anonymous", id: "anonymous", tenantId: "", grants: [] };

/** The routes under test with everything around them but sign-in. */
export function makeApp(openDb?: () => Db) {
  const app = new Hono<AppEnv<Env>>();
  const sessionOf = (waitUntil: (work: Promise<unknown>) => void) => {
    const session = openSession(bindings, new Date(), waitUntil);
    return openDb ? { ...session, db: openDb() } : session;
  };
  const host: Host<Env> = {
    async authenticate(c) {
      const given = c.req.header("authorization");
      return given?.startsWith("Actor ") ? JSON.parse(given.slice(6)) : nobody;
    },
    async takeQuota() {
      return { limit: 10, remaining: 9, resetSeconds: 1, windowSeconds: 1, allowed: true };
    },
    context: (c, actor, call) =>
      buildCtx(
        sessionOf((work) => c.executionCtx.waitUntil(work)),
        { ...c.get("facts"), actor, ...call },
      ),
    idempotency: (c) =>
      idempotencyLedger(sessionOf((work) => c.executionCtx.waitUntil(work)).db, c.get("facts").now),
  };
  app.use(measureRequests);
  app.use(async (c, next) => {
    c.set("facts", { requestId: newId("req", Date.now()), trace: continueTrace(null), now: new Date() });
    await next();
  });
  app.onError((error, c) => problemResponse(error, c.req.path, c.get("facts").requestId));
  for (const route of routes) app.on(route.method, routerPath(route.path), (c) => serve(route, c, host));
  mountOperational(app, host);

  return async function call(path: string, init: RequestInit = {}): Promise<Response> {
    const ctx = createExecutionContext();
    const response = await app.fetch(new Request(`https://maru.test${path}`, init), bindings, ctx);
    const text = response.body === null ? null : await response.arrayBuffer();
    await waitOnExecutionContext(ctx);
    return new Response(text, response);
  };
}
