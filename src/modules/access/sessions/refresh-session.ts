import { sha256Hex } from "../../../kernel/hash.ts";
import { defineOperation } from "../../../kernel/operation.ts";
import { userActor } from "../authenticate.ts";
import { refused } from "../problems.ts";
import { issueTokens } from "./issue-tokens.ts";
import { judgeRefresh } from "./refresh.rules.ts";
import { Refresh, sessionFacts, Tokens } from "./schemas.ts";
import { findRefreshToken, insertRefreshToken, revokeSession, useRefreshToken } from "./store.ts";

export const refreshSession = defineOperation({
  action: "access.session.refresh",
  effect: "write",
  scope: "public",
  summary: "Exchange a refresh token for new tokens; one that was used before ends its session",
  input: Refresh,
  output: Tokens,
  raises: ["unauthenticated", "conflict"],
  idempotency: "own",
  async run(ctx, { refreshToken }) {
    const found = await findRefreshToken(ctx.db, await sha256Hex(refreshToken));
    if (found === undefined) throw refused("refresh_unknown", "The refresh token is not known.");
    const { token, session, user } = found;
    const acting = ctx.actingAs(userActor(user));
    const entity = `session:${session.id}`;
    const verdict = judgeRefresh({ ...token, session, user }, ctx.now);
    if (verdict === "revoked") throw refused("session_revoked", "The session has ended. Sign in again.");
    if (verdict === "expired") throw refused("refresh_expired", "The session has expired. Sign in again.");
    if (verdict === "reused") {
      const ended = { ...session, revokedAt: ctx.now, revokedReason: "refresh_reused" as const };
      await acting.write({ entity, before: sessionFacts(session), after: sessionFacts(ended) }, (q) => [
        revokeSession(q, session, ctx.now, "refresh_reused"),
      ]);
      throw refused(
        "refresh_reused",
        "The refresh token was used before, so its session has been ended. Sign in again.",
      );
    }
    const { row, answer } = await issueTokens(ctx, session, user);
    await acting.write({ entity, after: { ...sessionFacts(session), refreshedAt: ctx.now } }, (q) => [
      ...useRefreshToken(q, token, ctx.now, ctx.newId("wr")),
      insertRefreshToken(q, row),
    ]);
    return answer;
  },
});
