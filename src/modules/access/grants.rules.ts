import { covers, type Role, roleGrants, type Scope, scopes } from "../../kernel/scopes.ts";

/** What a user may do: the role's grants and those of their own, each once. */
export function effectiveGrants(role: Role, own: readonly string[]): string[] {
  return [...new Set([...roleGrants[role], ...own])];
}

const isScope = (text: string): text is Scope => (scopes as readonly string[]).includes(text);

function coversGrant(held: readonly string[], wanted: string): boolean {
  if (held.includes("*") || held.includes(wanted)) return true;
  return isScope(wanted) && covers(held, wanted);
}

/** The grants that somebody wants to give but doesn't hold; a pattern is only covered by itself or a wider pattern. */
export function grantsBeyond(held: readonly string[], wanted: readonly string[]): string[] {
  return wanted.filter((grant) => !coversGrant(held, grant));
}

/** Whether somebody restricted to `held` (absent: every project) may give access to `wanted` (null: every project). */
export function projectsCover(
  held: readonly string[] | undefined,
  wanted: readonly string[] | null,
): boolean {
  if (held === undefined) return true;
  return wanted?.every((id) => held.includes(id)) ?? false;
}
