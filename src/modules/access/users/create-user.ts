import { defineOperation } from "../../../kernel/operation.ts";
import { problem } from "../../../kernel/problem.ts";
import { onlyOnce } from "../once.store.ts";
import { checkProjects } from "../projects/check-projects.ts";
import { mustOutrank } from "./get-user.ts";
import { NewUser, User, userOf } from "./schemas.ts";
import { findUserByEmail, insertUser } from "./store.ts";

export const createUser = defineOperation({
  action: "access.user.create",
  effect: "write",
  scope: "admin:users",
  summary: "Create a user",
  input: NewUser,
  output: User,
  raises: ["conflict"],
  version: ({ version }) => version,
  idempotency: "own",
  async run(ctx, { password, ...person }) {
    mustOutrank(ctx, person, "/role");
    await checkProjects(ctx, person.projectIds);
    const holdKey = await onlyOnce(ctx);
    if (await findUserByEmail(ctx.db, ctx.tenantId, person.email)) {
      throw problem("conflict", "access.email_taken", `There is a user with the address ${person.email}.`);
    }
    const row = {
      ...person,
      id: ctx.newId("usr"),
      tenantId: ctx.tenantId,
      passwordHash: await ctx.ports.passwords.hash(password),
      disabled: false,
      lastSignInAt: null,
      version: 1,
      writeId: ctx.newId("wr"),
      createdAt: ctx.now,
      updatedAt: ctx.now,
    };
    const entity = `user:${row.id}`;
    await ctx.write({ entity, after: userOf(row) }, (q) => [insertUser(q, row), ...holdKey(q, entity)]);
    return userOf(row);
  },
});
