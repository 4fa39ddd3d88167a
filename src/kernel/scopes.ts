/** Every permission there is; `x:*` and `*` in a grant cover what they prefix. */
export const scopes = [
  "runs:read",
  "runs:write",
  "jobs:read",
  "jobs:write",
  "jobs:cancel",
  "registry:read",
  "registry:write",
  "registry:approve",
  "policy:read",
  "policy:write",
  "rules:read",
  "rules:write",
  "rules:publish",
  "sources:read",
  "sources:write",
  "alerts:read",
  "alerts:write",
  "channels:read",
  "channels:write",
  "clusters:read",
  "clusters:write",
  "clusters:admin",
  "keys:read",
  "keys:write",
  "secrets:read",
  "secrets:write",
  "audit:read",
  "metrics:read",
  "projects:read",
  "projects:write",
  "admin:users",
  "admin:settings",
] as const;
export type Scope = (typeof scopes)[number];

export const roles = ["admin", "manager", "developer", "editor", "viewer"] as const;
export type Role = (typeof roles)[number];

const viewer = [
  "runs:read",
  "jobs:read",
  "registry:read",
  "policy:read",
  "projects:read",
  "rules:read",
  "sources:read",
  "alerts:read",
  "channels:read",
  "clusters:read",
] as const;
const developer = [
  ...viewer,
  "runs:*",
  "jobs:*",
  "registry:write",
  "keys:read",
  "rules:write",
  "sources:*",
  "alerts:*",
  "channels:*",
  "clusters:write",
] as const;
const manager = [
  ...developer,
  "registry:*",
  "policy:*",
  "keys:*",
  "projects:*",
  "audit:read",
  "metrics:read",
  "rules:*",
  "clusters:*",
] as const;

/** What each role may do before any grant of its own. `editor` is the seed's word for `developer`. */
export const roleGrants: Readonly<Record<Role, readonly string[]>> = {
  admin: ["*"],
  manager,
  developer,
  editor: developer,
  viewer,
};

/** Whether a set of grants covers a scope: by name, by `module:*`, or by `*`. */
export function covers(grants: readonly string[], scope: Scope): boolean {
  const family = `${scope.slice(0, scope.indexOf(":"))}:*`;
  return grants.some((grant) => grant === scope || grant === family || grant === "*");
}

/** Whether a text is something that may be granted. */
export function isGrant(text: string): boolean {
  if (text === "*" || (scopes as readonly string[]).includes(text)) return true;
  return text.endsWith(":*") && scopes.some((scope) => scope.startsWith(text.slice(0, -1)));
}
