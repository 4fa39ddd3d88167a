import { defineTables } from "../../db/define-tables.ts";
import { roles } from "../../kernel/scopes.ts";

/** What a tenant or a project is set to: flat, so that a setting can be named in a guide. */
export type SettingValues = Readonly<Record<string, string | number | boolean | null>>;

export const accessTables = defineTables((k) => ({
  tenants: k.table(
    "access_tenants",
    {
      tenantId: k.text("tenant_id").primaryKey(),
      slug: k.text("slug").notNull(),
      name: k.text("name").notNull(),
      settings: k.json<SettingValues>("settings").notNull(),
      version: k.int("version").notNull(),
      writeId: k.text("write_id").notNull(),
      createdAt: k.time("created_at").notNull(),
      updatedAt: k.time("updated_at").notNull(),
    },
    (t) => [k.unique("access_tenants_slug").on(t.slug)],
  ),
  projects: k.table(
    "access_projects",
    {
      id: k.text("id").primaryKey(),
      tenantId: k.text("tenant_id").notNull(),
      name: k.text("name").notNull(),
      description: k.text("description").notNull(),
      settings: k.json<SettingValues>("settings").notNull(),
      isDefault: k.bool("is_default").notNull(),
      version: k.int("version").notNull(),
      writeId: k.text("write_id").notNull(),
      createdAt: k.time("created_at").notNull(),
      updatedAt: k.time("updated_at").notNull(),
    },
    (t) => [
      k.unique("access_projects_name").on(t.tenantId, t.name),
      k.index("access_projects_created").on(t.tenantId, t.createdAt, t.id),
    ],
  ),
  users: k.table(
    "access_users",
    {
      id: k.text("id").primaryKey(),
      tenantId: k.text("tenant_id").notNull(),
      email: k.text("email").notNull(),
      name: k.text("name").notNull(),
      role: k.oneOf("role", roles).notNull(),
      grants: k.json<readonly string[]>("grants").notNull(),
      projectIds: k.json<readonly string[]>("project_ids"),
      passwordHash: k.text("password_hash").notNull(),
      disabled: k.bool("disabled").notNull(),
      lastSignInAt: k.time("last_sign_in_at"),
      version: k.int("version").notNull(),
      writeId: k.text("write_id").notNull(),
      createdAt: k.time("created_at").notNull(),
      updatedAt: k.time("updated_at").notNull(),
    },
    (t) => [
      k.unique("access_users_email").on(t.tenantId, t.email),
      k.index("access_users_created").on(t.tenantId, t.createdAt, t.id),
    ],
  ),
  apiKeys: k.table(
    "access_api_keys",
    {
      id: k.text("id").primaryKey(),
      tenantId: k.text("tenant_id").notNull(),
      name: k.text("name").notNull(),
      scopes: k.json<readonly string[]>("scopes").notNull(),
      projectIds: k.json<readonly string[]>("project_ids"),
      secretHash: k.text("secret_hash").notNull(),
      previousHash: k.text("previous_hash"),
      previousUntil: k.time("previous_until"),
      createdBy: k.text("created_by").notNull(),
      expiresAt: k.time("expires_at"),
      revokedAt: k.time("revoked_at"),
      lastUsedAt: k.time("last_used_at"),
      version: k.int("version").notNull(),
      writeId: k.text("write_id").notNull(),
      createdAt: k.time("created_at").notNull(),
      updatedAt: k.time("updated_at").notNull(),
    },
    (t) => [k.index("access_api_keys_created").on(t.tenantId, t.createdAt, t.id)],
  ),
  sessions: k.table(
    "access_sessions",
    {
      id: k.text("id").primaryKey(),
      tenantId: k.text("tenant_id").notNull(),
      userId: k.text("user_id").notNull(),
      createdAt: k.time("created_at").notNull(),
      expiresAt: k.time("expires_at").notNull(),
      revokedAt: k.time("revoked_at"),
      revokedReason: k.oneOf("revoked_reason", ["signed_out", "refresh_reused", "user_changed"]),
    },
    (t) => [k.index("access_sessions_user").on(t.tenantId, t.userId)],
  ),
  refreshTokens: k.table(
    "access_refresh_tokens",
    {
      hash: k.text("hash").primaryKey(),
      tenantId: k.text("tenant_id").notNull(),
      userId: k.text("user_id").notNull(),
      sessionId: k.text("session_id").notNull(),
      issuedAt: k.time("issued_at").notNull(),
      expiresAt: k.time("expires_at").notNull(),
      usedAt: k.time("used_at"),
      writeId: k.text("write_id"),
    },
    (t) => [k.index("access_refresh_tokens_user").on(t.tenantId, t.userId, t.expiresAt)],
  ),
  signInAttempts: k.table(
    "access_sign_in_attempts",
    {
      tenantId: k.text("tenant_id").notNull(),
      /** The hash of the account's address, whether there is such an account or not. */
      account: k.text("account").notNull(),
      failures: k.int("failures").notNull(),
      blockedUntil: k.time("blocked_until"),
      expiresAt: k.time("expires_at").notNull(),
      writeId: k.text("write_id").notNull(),
    },
    (t) => [
      k.key({ columns: [t.tenantId, t.account] }),
      k.index("access_sign_in_attempts_expiry").on(t.tenantId, t.expiresAt),
    ],
  ),
}));
