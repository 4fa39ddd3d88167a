import * as z from "zod";
import { isGrant, roles } from "../../kernel/scopes.ts";

/** Fields that several resources of the module share. */
export const Name = z.string().trim().min(1).max(120);
export const Slug = z
  .string()
  .regex(/^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/, "Lower-case letters, digits and hyphens, at most 63.");
export const Email = z.string().trim().toLowerCase().max(254).pipe(z.email());
const Grant = z.string().max(64).refine(isGrant, "Not a scope. GET /openapi.json lists them as x-scope.");
export const Grants = z.array(Grant).max(50);
export const ProjectIds = z.array(z.string().max(64)).min(1).max(50).nullable();
export const RoleName = z.enum(roles);
export const Version = z.int().min(1);
export const Instant = z.iso.datetime();

/** A new password: at least 12 characters, as people count them. Nothing else is asked of it (NIST SP 800-63B). */
export const NewPassword = z
  .string()
  .max(256)
  .refine((text) => [...text].length >= 12, "A password has at least 12 characters.");

const settingsLimit = 100;

export const Settings = z
  .record(
    z.string().regex(/^[\w.-]{1,64}$/),
    z.union([z.string().max(2000), z.number(), z.boolean(), z.null()]),
  )
  .refine((settings) => Object.keys(settings).length <= settingsLimit, `At most ${settingsLimit} settings.`);

export const iso = (at: Date): string => at.toISOString();
export const isoOrNull = (at: Date | null): string | null => at?.toISOString() ?? null;
