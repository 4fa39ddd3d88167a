import * as z from "zod";
import { PageQuery, pageOf } from "../../../kernel/page.ts";
import {
  Email,
  Grants,
  Instant,
  iso,
  isoOrNull,
  Name,
  NewPassword,
  ProjectIds,
  RoleName,
  Version,
} from "../fields.ts";
import type { UserRow } from "./store.ts";

export const User = z
  .strictObject({
    id: z.string(),
    email: z.string(),
    name: Name,
    role: RoleName,
    grants: Grants.describe("What the user may do beyond the role."),
    projectIds: ProjectIds,
    disabled: z.boolean(),
    lastSignInAt: Instant.nullable(),
    createdAt: Instant,
    updatedAt: Instant,
    version: Version,
  })
  .meta({ id: "User" });
export type User = z.infer<typeof User>;

export const UserId = z.strictObject({ id: z.string() });
export const Users = pageOf(User);
export const UserQuery = PageQuery;

export const NewUser = z.strictObject({
  email: Email,
  name: Name,
  role: RoleName,
  password: NewPassword,
  grants: Grants.default([]),
  projectIds: ProjectIds.default(null),
});

const RevokeKeys = z
  .boolean()
  .default(true)
  .describe("Whether the API keys that the user has made end with the account.");

export const UserChanges = z.strictObject({
  id: z.string(),
  name: Name.optional(),
  role: RoleName.optional(),
  grants: Grants.optional(),
  projectIds: ProjectIds.optional(),
  disabled: z.boolean().optional(),
  revokeKeys: RevokeKeys,
});

export const UserRemoval = z.strictObject({
  id: z.string(),
  revokeKeys: z.enum(["true", "false"]).default("true"),
});

export const PasswordReset = z.strictObject({ id: z.string(), password: NewPassword });

export const PasswordChange = z.strictObject({
  currentPassword: z.string().min(1).max(256),
  newPassword: NewPassword,
});

export function userOf(row: UserRow): User {
  return {
    id: row.id,
    email: row.email,
    name: row.name,
    role: row.role,
    grants: [...row.grants],
    projectIds: row.projectIds ? [...row.projectIds] : null,
    disabled: row.disabled,
    lastSignInAt: isoOrNull(row.lastSignInAt),
    createdAt: iso(row.createdAt),
    updatedAt: iso(row.updatedAt),
    version: row.version,
  };
}
