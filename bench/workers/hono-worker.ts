import { Hono } from "hono";
import { importJWK, jwtVerify } from "jose";

interface Env {
  readonly DB: D1Database;
  readonly PUBLIC_KEY: string;
}

/**
 * What one would write by hand for the same answer: the same two reads, the same hash or signature, nothing else. No
 * request ids, traces, quotas, scopes, problem details, metrics, validation or security headers.
 */
const app = new Hono<{ Bindings: Env }>();

app.get("/health", (c) => c.json({ status: "ok" }));

app.get("/v1/me", async (c) => {
  const credential = c.req.header("authorization")?.replace(/^Bearer /, "") ?? "";
  const caller = credential.startsWith("maru_")
    ? await byKey(c.env, credential)
    : await bySession(c.env, credential);
  if (caller === null) return c.json({ error: "unauthenticated" }, 401);
  const tenant = await c.env.DB.prepare("select * from access_tenants where tenant_id = ?")
    .bind(caller.tenantId)
    .first<{ tenant_id: string; slug: string; name: string }>();
  if (tenant === null) return c.json({ error: "not found" }, 404);
  const { kind, id, role, grants, projectIds } = caller;
  return c.json({
    actor: { kind, id, role },
    tenant: { id: tenant.tenant_id, slug: tenant.slug, name: tenant.name },
    grants,
    projectIds,
  });
});

interface Caller {
  readonly kind: "api_key" | "user";
  readonly id: string;
  readonly tenantId: string;
  readonly role: string | null;
  readonly grants: readonly string[];
  readonly projectIds: readonly string[] | null;
}

async function byKey(env: Env, credential: string): Promise<Caller | null> {
  const id = `key_${credential.split("_")[2] ?? ""}`;
  const [row, digest] = await Promise.all([
    env.DB.prepare("select * from access_api_keys where id = ?")
      .bind(id)
      .first<Record<string, string | null>>(),
    crypto.subtle.digest("SHA-256", new TextEncoder().encode(credential)),
  ]);
  const hash = [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  if (row === null || row["secret_hash"] !== hash || row["revoked_at"] !== null) return null;
  return {
    kind: "api_key",
    id,
    tenantId: row["tenant_id"] ?? "",
    role: null,
    grants: JSON.parse(row["scopes"] ?? "[]"),
    projectIds: row["project_ids"] ? JSON.parse(row["project_ids"]) : null,
  };
}

let publicKey: Promise<Awaited<ReturnType<typeof importJWK>>> | undefined;

async function bySession(env: Env, credential: string): Promise<Caller | null> {
  publicKey ??= importJWK(JSON.parse(env.PUBLIC_KEY), "EdDSA");
  const { payload } = await jwtVerify(credential, await publicKey, {
    audience: "maru",
    algorithms: ["EdDSA"],
  });
  const row = await env.DB.prepare(
    `select u.*, s.revoked_at from access_sessions s
     join access_users u on u.id = s.user_id and u.tenant_id = s.tenant_id where s.tenant_id = ? and s.id = ?`,
  )
    .bind(payload["tid"], payload["sid"])
    .first<Record<string, string | number | null>>();
  if (row === null || row["revoked_at"] !== null || row["disabled"] === 1) return null;
  return {
    kind: "user",
    id: String(row["id"]),
    tenantId: String(row["tenant_id"]),
    role: String(row["role"]),
    grants: payload["grants"] as string[],
    projectIds: row["project_ids"] ? JSON.parse(String(row["project_ids"])) : null,
  };
}

export default app;
