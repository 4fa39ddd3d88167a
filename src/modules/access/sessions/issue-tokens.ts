import type { Ctx } from "../../../kernel/context.ts";
import { sha256Hex } from "../../../kernel/hash.ts";
import { effectiveGrants } from "../grants.rules.ts";
import { randomText } from "../random-text.ts";
import { userOf } from "../users/schemas.ts";
import type { UserRow } from "../users/store.ts";
import { accessTokenSeconds, refreshExpiry } from "./refresh.rules.ts";
import type { RefreshTokenRow, SessionRow } from "./store.ts";

const refreshSecretLength = 43;

/** A pair of tokens for a session: what to answer, and the row of the refresh token. */
export async function issueTokens(ctx: Ctx, session: SessionRow, user: UserRow) {
  const refreshToken = `maru_refresh_${randomText(refreshSecretLength)}`;
  const expiresAt = refreshExpiry(session, ctx.now);
  const claims = {
    userId: user.id,
    tenantId: user.tenantId,
    sessionId: session.id,
    role: user.role,
    grants: effectiveGrants(user.role, user.grants),
    ...(user.projectIds ? { projectIds: user.projectIds } : {}),
  };
  const accessToken = await ctx.ports.tokens.sign(claims, ctx.newId("tok"), ctx.now, accessTokenSeconds);
  const row: RefreshTokenRow = {
    hash: await sha256Hex(refreshToken),
    tenantId: user.tenantId,
    userId: user.id,
    sessionId: session.id,
    issuedAt: ctx.now,
    expiresAt,
    usedAt: null,
    writeId: null,
  };
  const answer = {
    sessionId: session.id,
    tokenType: "Bearer" as const,
    accessToken,
    expiresIn: accessTokenSeconds,
    refreshToken,
    refreshExpiresAt: expiresAt.toISOString(),
    user: userOf(user),
  };
  return { row, answer };
}
