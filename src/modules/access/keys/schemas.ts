import * as z from "zod";
import { PageQuery, pageOf } from "../../../kernel/page.ts";
import { Grants, Instant, iso, isoOrNull, Name, ProjectIds, Version } from "../fields.ts";
import { keyPrefix } from "./key-text.rules.ts";
import type { KeyRow } from "./store.ts";

const apiKeyFields = {
  id: z.string(),
  name: Name,
  prefix: z.string().describe("Everything before the secret."),
  scopes: Grants,
  projectIds: ProjectIds,
  createdBy: z.string(),
  createdAt: Instant,
  updatedAt: Instant,
  expiresAt: Instant.nullable(),
  revokedAt: Instant.nullable(),
  lastUsedAt: Instant.nullable().describe("To the minute."),
  previousValidUntil: Instant.nullable().describe(
    "Until when the secret before the last rotation is accepted.",
  ),
  version: Version,
};

export const ApiKey = z.strictObject(apiKeyFields).meta({ id: "ApiKey" });
export type ApiKey = z.infer<typeof ApiKey>;

export const NewApiKey = z
  .strictObject({ ...apiKeyFields, key: z.string().describe("The whole key, shown this once.") })
  .meta({ id: "NewApiKey" });

export const KeyId = z.strictObject({ id: z.string() });
export const Keys = pageOf(ApiKey);
export const KeyQuery = PageQuery.extend({ createdBy: z.string().max(64).optional() });

export const KeyDraft = z.strictObject({
  name: Name,
  scopes: Grants.min(1),
  projectIds: ProjectIds.optional(),
  expiresAt: Instant.optional(),
});

export const KeyChanges = z.strictObject({
  id: z.string(),
  name: Name.optional(),
  scopes: Grants.min(1).optional(),
  expiresAt: Instant.nullable().optional(),
});

const dayS = 86_400;
export const KeyRotation = z.strictObject({
  id: z.string(),
  graceSeconds: z
    .int()
    .min(0)
    .max(30 * dayS)
    .default(dayS),
});

export function apiKeyOf(row: KeyRow, environment: string): ApiKey {
  return {
    id: row.id,
    name: row.name,
    prefix: keyPrefix(environment, row.id),
    scopes: [...row.scopes],
    projectIds: row.projectIds ? [...row.projectIds] : null,
    createdBy: row.createdBy,
    createdAt: iso(row.createdAt),
    updatedAt: iso(row.updatedAt),
    expiresAt: isoOrNull(row.expiresAt),
    revokedAt: isoOrNull(row.revokedAt),
    lastUsedAt: isoOrNull(row.lastUsedAt),
    previousValidUntil: isoOrNull(row.previousUntil),
    version: row.version,
  };
}
