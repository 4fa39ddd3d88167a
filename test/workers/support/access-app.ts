import { createExecutionContext, waitOnExecutionContext } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { eq } from "drizzle-orm";
import { Hono } from "hono";
import { buildCtx, openSession } from "../../../src/context.ts";
import type { Db } from "../../../src/db/db.ts";
import { idempotencyLedger } from "../../../src/db/idempotency.ts";
import { ledgerTables } from "../../../src/db/ledger-tables.ts";
import { problemResponse } from "../../../src/http/problem.ts";
import { type Route, routerPath } from "../../../src/http/route.ts";
import { type AppEnv, type Host, serve } from "../../../src/http/serve.ts";
import { newId } from "../../../src/kernel/ids.ts";
import { continueTrace } from "../../../src/kernel/trace.ts";
import { authenticate } from "../../../src/modules/access/index.ts";
import { accessRoutes } from "../../../src/modules/access/routes.ts";
import { accessTables } from "../../../src/modules/access/tables.ts";
import { secretRoutes } from "../../../src/modules/secrets/routes.ts";
import { secretTables } from "../../../src/modules/secrets/tables.ts";
import type { Env } from "../../../src/platform/env.ts";

const bindings = env as unknown as Env;
export const bootstrapToken = String((env as { MARU_BOOTSTRAP_TOKEN?: string }).MARU_BOOTSTRAP_TOKEN);
export const routes: readonly Route[] = [...accessRoutes, ...secretRoutes];
export const goodPassword = "맞는 비밀번호 열두 글자 넘게";

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  // biome-ignore lint/suspicious/noExplicitAny: tests read bodies of every shape.
  readonly body: any;
}

export interface CallOptions {
  readonly as?: string | undefined;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/** The routes of access and secrets with real sign-in, on the database that is given, at an hour that tests move. */
export function accessApp(openDb: () => Db) {
  const opened: Db[] = [];
  const open = () => {
    const db = openDb();
    opened.push(db);
    return db;
  };
  const clock = { now: new Date("2026-03-02T09:00:00.000Z") };
  const app = new Hono<AppEnv<Env> & { Variables: { db: Db } }>();
  type C = Parameters<Host<Env>["authenticate"]>[0];
  const sessionOf = (c: C) => ({
    ...openSession(bindings, c.get("facts").now, (work) => c.executionCtx.waitUntil(work)),
    db: (c as unknown as { get(name: "db"): Db }).get("db"),
  });
  const host: Host<Env> = {
    authenticate: (c) => authenticate(sessionOf(c), c.req.header("authorization") ?? null),
    async takeQuota() {
      return { limit: 10, remaining: 9, resetSeconds: 1, windowSeconds: 1, allowed: true };
    },
    context(c, actor, call) {
      const { now: _, ...facts } = c.get("facts");
      return buildCtx(sessionOf(c), { ...facts, actor, ...call });
    },
    idempotency: (c) => idempotencyLedger(sessionOf(c).db, c.get("facts").now),
  };
  app.use(async (c, next) => {
    const { now } = clock;
    c.set("facts", { requestId: newId("req", now), trace: continueTrace(null), now, address: "192.0.2.1" });
    c.set("db", open());
    await next();
  });
  app.onError((error, c) => problemResponse(error, c.req.path, c.get("facts").requestId));
  for (const route of routes) {
    app.on(route.method, routerPath(route.path), (c) => serve(route, c as unknown as C, host));
  }

  async function call(method: string, path: string, options: CallOptions = {}): Promise<Answer> {
    const ctx = createExecutionContext();
    const headers = new Headers(options.headers);
    if (options.as !== undefined) headers.set("authorization", `Bearer ${options.as}`);
    if (options.body !== undefined) headers.set("content-type", "application/json");
    const init = {
      method,
      headers,
      ...(options.body === undefined ? {} : { body: JSON.stringify(options.body) }),
    };
    const response = await app.fetch(new Request(`https://maru.test${path}`, init), bindings, ctx);
    const text = await response.text();
    await waitOnExecutionContext(ctx);
    return {
      status: response.status,
      headers: response.headers,
      body: text === "" ? null : JSON.parse(text),
    };
  }

  let made = 0;
  return {
    call,
    clock,
    open,
    async close() {
      for (const db of opened.splice(0)) await db.close();
    },
    pass(seconds: number) {
      clock.now = new Date(clock.now.getTime() + seconds * 1000);
    },
    /** A tenant of its own, with an admin and an API key that may do everything. */
    async bootstrap() {
      const slug = `t${Date.now().toString(36)}${(made++).toString(36)}${Math.random().toString(36).slice(2, 8)}`;
      const body = {
        tenant: { slug, name: "Tenant" },
        admin: { email: "Admin@Example.com", name: "Admin", password: goodPassword },
        apiKey: { name: "first" },
      };
      const { status, body: answer } = await call("POST", "/v1/tenants:bootstrap", {
        as: bootstrapToken,
        body,
      });
      if (status !== 201) throw new Error(JSON.stringify(answer));
      return {
        slug,
        request: body,
        ...answer,
        key: answer.apiKey.key as string,
        tenantId: answer.tenant.id as string,
      };
    },
    signIn(slug: string, email = "admin@example.com", password = goodPassword) {
      return call("POST", "/v1/sessions", { body: { tenant: slug, email, password } });
    },
    newUser(key: string, more: object = {}) {
      const body = {
        email: "dev@example.com",
        name: "Dev",
        role: "developer",
        password: goodPassword,
        ...more,
      };
      return call("POST", "/v1/users", { as: key, body });
    },
    newKey(key: string, more: object = {}) {
      const body = { name: "ci", scopes: ["runs:read", "jobs:*"], ...more };
      return call("POST", "/v1/keys", { as: key, body });
    },
    /** Everything that is stored about a tenant, as one text. */
    async stored(tenantId: string): Promise<string> {
      const db = open();
      const own = Object.values({ ...accessTables.of(db), ...secretTables.of(db) });
      const { events, outbox, idempotency } = ledgerTables.of(db);
      const rows = [];
      for (const table of [...own, events, outbox, idempotency]) {
        rows.push(await db.select().from(table).where(eq(table.tenantId, tenantId)));
      }
      return JSON.stringify(rows);
    },
    async events(tenantId: string) {
      const db = open();
      const { events } = ledgerTables.of(db);
      return db.select().from(events).where(eq(events.tenantId, tenantId));
    },
  };
}
