import type { Ctx } from "../../../kernel/context.ts";
import { defineOperation } from "../../../kernel/operation.ts";
import { effectiveGrants } from "../grants.rules.ts";
import { mustHoldAll, unknown } from "../problems.ts";
import { User, UserId, userOf } from "./schemas.ts";
import { findUser, type UserRow } from "./store.ts";

export async function mustFindUser(ctx: Ctx, id: string): Promise<UserRow> {
  const row = await findUser(ctx.db, ctx.tenantId, id);
  if (row === undefined) throw unknown("user", id);
  return row;
}

/** Refuses to manage somebody who may do more than the actor. */
export function mustOutrank(
  ctx: Ctx,
  { role, grants, projectIds }: Pick<UserRow, "role" | "grants" | "projectIds">,
  pointer = "",
): void {
  mustHoldAll(ctx.actor, { grants: effectiveGrants(role, grants), projectIds }, pointer);
}

export const getUser = defineOperation({
  action: "access.user.get",
  effect: "read",
  scope: "admin:users",
  summary: "Read a user",
  input: UserId,
  output: User,
  raises: ["not_found"],
  resource: ({ id }) => `user:${id}`,
  version: ({ version }) => version,
  async run(ctx, { id }) {
    return userOf(await mustFindUser(ctx, id));
  },
});
