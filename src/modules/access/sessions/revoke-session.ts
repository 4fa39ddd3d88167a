import type { Ctx } from "../../../kernel/context.ts";
import { sha256Hex } from "../../../kernel/hash.ts";
import { defineOperation } from "../../../kernel/operation.ts";
import { userActor } from "../authenticate.ts";
import { refused } from "../problems.ts";
import { findUser, type UserRow } from "../users/store.ts";
import { SignedOut, SignOut, sessionFacts } from "./schemas.ts";
import { countSessions, findRefreshToken, revokeSession, revokeSessionsOf } from "./store.ts";

export const revokeSessions = defineOperation({
  action: "access.session.revoke",
  effect: "write",
  scope: "public",
  summary: "Sign out: end the session of a refresh token, or every session of the signed-in user",
  input: SignOut,
  output: SignedOut,
  raises: ["unauthenticated"],
  idempotency: "own",
  async run(ctx, { refreshToken, all }) {
    if (refreshToken === undefined) return { revoked: await endAll(ctx, await mustBeUser(ctx)) };
    const found = await findRefreshToken(ctx.db, await sha256Hex(refreshToken));
    if (found === undefined) return { revoked: 0 };
    const { session, user } = found;
    if (all) return { revoked: await endAll(ctx, user) };
    if (session.revokedAt !== null) return { revoked: 0 };
    const ended = { ...session, revokedAt: ctx.now, revokedReason: "signed_out" as const };
    const change = {
      entity: `session:${session.id}`,
      before: sessionFacts(session),
      after: sessionFacts(ended),
    };
    await ctx
      .actingAs(userActor(user))
      .write(change, (q) => [revokeSession(q, session, ctx.now, "signed_out")]);
    return { revoked: 1 };
  },
});

async function mustBeUser(ctx: Ctx): Promise<UserRow> {
  const { kind, id } = ctx.actor;
  const user = kind === "user" ? await findUser(ctx.db, ctx.tenantId, id) : undefined;
  if (user === undefined) throw refused("credentials_missing", "Send a refresh token, or sign in as a user.");
  return user;
}

async function endAll(ctx: Ctx, user: UserRow): Promise<number> {
  const revoked = await countSessions(ctx.db, user.tenantId, user.id, ctx.now);
  await ctx
    .actingAs(userActor(user))
    .write({ entity: `user:${user.id}`, after: { sessionsEnded: revoked } }, (q) => [
      revokeSessionsOf(q, user, ctx.now, "signed_out"),
    ]);
  return revoked;
}
