import { defineOperation } from "../../../kernel/operation.ts";
import { problem } from "../../../kernel/problem.ts";
import { PasswordChange, User } from "./schemas.ts";
import { setPassword } from "./set-password.ts";
import { findUser } from "./store.ts";

export const changePassword = defineOperation({
  action: "access.me.change_password",
  effect: "write",
  scope: "signed_in",
  summary: "Change one's own password; every session ends, this one too",
  input: PasswordChange,
  output: User,
  raises: ["conflict"],
  idempotency: "own",
  async run(ctx, { currentPassword, newPassword }) {
    const row = ctx.actor.kind === "user" ? await findUser(ctx.db, ctx.tenantId, ctx.actor.id) : undefined;
    if (row === undefined) {
      throw problem("forbidden", "access.users_only", "Only a signed-in user has a password.");
    }
    if (!(await ctx.ports.passwords.verify(currentPassword, row.passwordHash))) {
      const message = "This is not the current password.";
      throw problem("invalid_input", "access.password_wrong", message, {
        errors: [{ pointer: "/currentPassword", code: "wrong", message }],
      });
    }
    return setPassword(ctx, row, newPassword);
  },
});
