import * as z from "zod";
import { PageQuery, pageOf } from "../../kernel/page.ts";
import type { SecretRow } from "./store.ts";

const SecretName = z
  .string()
  .regex(/^[A-Za-z][A-Za-z0-9_.-]{0,63}$/, "A letter, then letters, digits, dot, hyphen or underscore.");

const Description = z.string().max(500);

/** What is known of a secret. Its value is never part of an answer. */
export const Secret = z
  .strictObject({
    name: SecretName,
    description: Description,
    version: z.int().min(1),
    updatedBy: z.string(),
    createdAt: z.iso.datetime(),
    updatedAt: z.iso.datetime(),
    lastReadAt: z.iso.datetime().nullable(),
  })
  .meta({ id: "Secret" });
export type Secret = z.infer<typeof Secret>;

export const SecretRef = z.strictObject({ name: SecretName });
export const Secrets = pageOf(Secret);
export const SecretQuery = PageQuery;

export const SecretValue = z.strictObject({
  name: SecretName,
  value: z.string().min(1).max(8192),
  description: Description.optional(),
});

export function secretOf(row: SecretRow): Secret {
  return {
    name: row.name,
    description: row.description,
    version: row.version,
    updatedBy: row.updatedBy,
    createdAt: row.createdAt.toISOString(),
    updatedAt: row.updatedAt.toISOString(),
    lastReadAt: row.lastReadAt?.toISOString() ?? null,
  };
}

/** What is authenticated with the value: a sealed text opens in its own place only. */
export function bindingOf(tenantId: string, name: string, version: number): string {
  return `${tenantId}/${name}/${version}`;
}
