import type { Ctx } from "../../../kernel/context.ts";
import { onlyOnce } from "../once.store.ts";
import { revokeSessionsOf } from "../sessions/store.ts";
import { type User, userOf } from "./schemas.ts";
import { replaceUser, type UserRow } from "./store.ts";

/** Stores a new password; every session that the old one opened ends. The event tells that, not the password. */
export async function setPassword(ctx: Ctx, row: UserRow, password: string): Promise<User> {
  const holdKey = await onlyOnce(ctx);
  const next = {
    ...row,
    passwordHash: await ctx.ports.passwords.hash(password),
    version: row.version + 1,
    writeId: ctx.newId("wr"),
    updatedAt: ctx.now,
  };
  const entity = `user:${row.id}`;
  await ctx.write({ entity, before: userOf(row), after: userOf(next) }, (q) => [
    ...replaceUser(q, next),
    revokeSessionsOf(q, row, ctx.now, "user_changed"),
    ...holdKey(q, entity),
  ]);
  return userOf(next);
}
