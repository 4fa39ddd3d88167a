import { defineOperation } from "../../../kernel/operation.ts";
import { mustFindUser, mustOutrank } from "./get-user.ts";
import { PasswordReset, User } from "./schemas.ts";
import { setPassword } from "./set-password.ts";

export const resetPassword = defineOperation({
  action: "access.user.reset_password",
  effect: "write",
  scope: "admin:users",
  summary: "Give a user a new password; their sessions end at once",
  input: PasswordReset,
  output: User,
  raises: ["not_found", "conflict"],
  resource: ({ id }) => `user:${id}`,
  idempotency: "own",
  async run(ctx, { id, password }) {
    const row = await mustFindUser(ctx, id);
    mustOutrank(ctx, row);
    return setPassword(ctx, row, password);
  },
});
