import * as z from "zod";
import {
  Email,
  Grants,
  Instant,
  iso,
  Name,
  NewPassword,
  ProjectIds,
  RoleName,
  Settings,
  Slug,
  Version,
} from "../fields.ts";
import { NewApiKey } from "../keys/schemas.ts";
import { Project } from "../projects/schemas.ts";
import { User } from "../users/schemas.ts";
import type { TenantRow } from "./store.ts";

export const Tenant = z
  .strictObject({
    id: z.string(),
    slug: Slug,
    name: Name,
    settings: Settings,
    createdAt: Instant,
    updatedAt: Instant,
    version: Version,
  })
  .meta({ id: "Tenant" });
export type Tenant = z.infer<typeof Tenant>;

export const TenantId = z.strictObject({ id: z.string() });

export const TenantChanges = z.strictObject({
  id: z.string(),
  name: Name.optional(),
  settings: Settings.optional(),
});

export const Bootstrap = z.strictObject({
  tenant: z.strictObject({ slug: Slug, name: Name }),
  project: z.strictObject({ name: Name }).default({ name: "Default" }),
  admin: z.strictObject({ email: Email, name: Name, password: NewPassword }),
  apiKey: z
    .strictObject({ name: Name, scopes: Grants.min(1).default(["*"]), expiresAt: Instant.optional() })
    .optional(),
});

export const Bootstrapped = z.strictObject({
  tenant: Tenant,
  project: Project,
  admin: User,
  apiKey: NewApiKey.nullable(),
});

export const Me = z
  .strictObject({
    actor: z.strictObject({
      kind: z.enum(["user", "api_key", "system"]),
      id: z.string(),
      role: RoleName.nullable(),
    }),
    tenant: z.strictObject({ id: z.string(), slug: Slug, name: Name }),
    grants: z.array(z.string()),
    projectIds: ProjectIds,
  })
  .meta({ id: "Me" });

export function tenantOf(row: TenantRow): Tenant {
  return {
    id: row.tenantId,
    slug: row.slug,
    name: row.name,
    settings: { ...row.settings },
    createdAt: iso(row.createdAt),
    updatedAt: iso(row.updatedAt),
    version: row.version,
  };
}
