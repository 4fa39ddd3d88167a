import { defineOperation, expectVersion } from "../../../kernel/operation.ts";
import { revokeKeysOf } from "../keys/store.ts";
import { revokeSessionsOf } from "../sessions/store.ts";
import { isFullAdmin, leavesNoAdmin } from "./admins.rules.ts";
import { mustFindUser, mustOutrank } from "./get-user.ts";
import { User, UserRemoval, userOf } from "./schemas.ts";
import { countAdmins, lockAdmins, mustKeepAdmin, removeUser } from "./store.ts";
import { lastAdmin } from "./update-user.ts";

export const deleteUser = defineOperation({
  action: "access.user.delete",
  effect: "write",
  scope: "admin:users",
  summary: "Delete a user; their sessions end at once and, unless told otherwise, the API keys they made too",
  input: UserRemoval,
  output: User,
  raises: ["not_found", "conflict", "precondition_failed"],
  resource: ({ id }) => `user:${id}`,
  version: ({ version }) => version,
  async run(ctx, { id, revokeKeys }) {
    const row = await mustFindUser(ctx, id);
    expectVersion(ctx, row.version);
    mustOutrank(ctx, row);
    const isAdmin = isFullAdmin(row);
    if (isAdmin && leavesNoAdmin(row, undefined, await countAdmins(ctx.db, ctx.tenantId))) throw lastAdmin();
    const writeId = ctx.newId("wr");
    await ctx.write({ entity: `user:${id}`, before: userOf(row) }, (q) => [
      ...(isAdmin ? [lockAdmins(q, ctx.tenantId, writeId)] : []),
      ...removeUser(q, row),
      ...(isAdmin ? [mustKeepAdmin(q, ctx.tenantId)] : []),
      revokeSessionsOf(q, row, ctx.now, "user_changed"),
      ...(revokeKeys === "true" ? [revokeKeysOf(q, row, ctx.now, writeId)] : []),
    ]);
    return userOf(row);
  },
});
