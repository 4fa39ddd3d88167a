import type { Role } from "../../../kernel/scopes.ts";

export interface AdminFacts {
  readonly role: Role;
  readonly disabled: boolean;
  readonly projectIds: readonly string[] | null;
}

/** An admin who can sign in and reach everything; a tenant always keeps one. */
export function isFullAdmin({ role, disabled, projectIds }: AdminFacts): boolean {
  return role === "admin" && !disabled && projectIds === null;
}

/** Whether a change takes away the last full admin. `after` is absent when the user is deleted. */
export function leavesNoAdmin(before: AdminFacts, after: AdminFacts | undefined, admins: number): boolean {
  return isFullAdmin(before) && !(after !== undefined && isFullAdmin(after)) && admins <= 1;
}

/** Whether sessions have to end: what they were opened with no longer holds. */
export function endsSessions(before: AdminFacts, after: AdminFacts): boolean {
  return after.disabled && !before.disabled;
}
