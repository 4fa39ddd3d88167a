import { defineOperation, expectVersion } from "../../../kernel/operation.ts";
import { problem } from "../../../kernel/problem.ts";
import { revokeKeysOf } from "../keys/store.ts";
import { checkProjects } from "../projects/check-projects.ts";
import { revokeSessionsOf } from "../sessions/store.ts";
import { endsSessions, isFullAdmin, leavesNoAdmin } from "./admins.rules.ts";
import { mustFindUser, mustOutrank } from "./get-user.ts";
import { User, UserChanges, userOf } from "./schemas.ts";
import { countAdmins, lockAdmins, mustKeepAdmin, replaceUser } from "./store.ts";

export function lastAdmin() {
  return problem(
    "conflict",
    "access.last_admin",
    "A tenant keeps at least one admin who can reach everything.",
  );
}

export const updateUser = defineOperation({
  action: "access.user.update",
  effect: "write",
  scope: "admin:users",
  summary:
    "Change a user's name, role, grants or projects, or disable them; disabling ends their sessions at once",
  input: UserChanges,
  output: User,
  raises: ["not_found", "conflict", "precondition_failed"],
  resource: ({ id }) => `user:${id}`,
  version: ({ version }) => version,
  async run(ctx, { id, revokeKeys, ...changes }) {
    const row = await mustFindUser(ctx, id);
    expectVersion(ctx, row.version);
    const writeId = ctx.newId("wr");
    const next = {
      ...row,
      name: changes.name ?? row.name,
      role: changes.role ?? row.role,
      grants: changes.grants ?? row.grants,
      projectIds: changes.projectIds === undefined ? row.projectIds : changes.projectIds,
      disabled: changes.disabled ?? row.disabled,
      version: row.version + 1,
      writeId,
      updatedAt: ctx.now,
    };
    mustOutrank(ctx, row);
    mustOutrank(ctx, next, "/role");
    await checkProjects(ctx, changes.projectIds ?? null);
    const losesAdmin = isFullAdmin(row) && !isFullAdmin(next);
    if (losesAdmin && leavesNoAdmin(row, next, await countAdmins(ctx.db, ctx.tenantId))) throw lastAdmin();
    const ends = endsSessions(row, next);
    await ctx.write({ entity: `user:${id}`, before: userOf(row), after: userOf(next) }, (q) => [
      ...(losesAdmin ? [lockAdmins(q, ctx.tenantId, writeId)] : []),
      ...replaceUser(q, next),
      ...(losesAdmin ? [mustKeepAdmin(q, ctx.tenantId)] : []),
      ...(ends ? [revokeSessionsOf(q, row, ctx.now, "user_changed")] : []),
      ...(ends && revokeKeys ? [revokeKeysOf(q, row, ctx.now, writeId)] : []),
    ]);
    return userOf(next);
  },
});
