import type { Actor, Ctx } from "../../../kernel/context.ts";
import { sha256Hex } from "../../../kernel/hash.ts";
import { defineOperation } from "../../../kernel/operation.ts";
import { AppError, problem } from "../../../kernel/problem.ts";
import { nobody, userActor } from "../authenticate.ts";
import { refused } from "../problems.ts";
import { findTenantBySlug } from "../tenants/store.ts";
import { findUserByEmail, stampSignIn, type UserRow } from "../users/store.ts";
import { issueTokens } from "./issue-tokens.ts";
import { sessionMs } from "./refresh.rules.ts";
import { SignIn, sessionFacts, Tokens } from "./schemas.ts";
import { afterFailure, blockedForMs } from "./sign-in.rules.ts";
import {
  type AttemptRow,
  findAttempts,
  forgetEnded,
  forgetFailures,
  insertRefreshToken,
  insertSession,
  rememberFailure,
} from "./store.ts";

export const createSession = defineOperation({
  action: "access.session.create",
  effect: "write",
  scope: "public",
  summary: "Sign in with a password",
  input: SignIn,
  output: Tokens,
  raises: ["unauthenticated", "rate_limited"],
  idempotency: "own",
  async run(ctx, { tenant: slug, email, password }) {
    const tenant = await findTenantBySlug(ctx.db, slug);
    if (tenant === undefined) {
      await ctx.ports.passwords.verify(password, null);
      throw wrong();
    }
    const { tenantId } = tenant;
    const account = { tenantId, account: await sha256Hex(`${tenantId} ${email}`) };
    const seen = await findAttempts(ctx.db, account);
    const waitMs = blockedForMs(seen, ctx.now);
    if (waitMs > 0) throw blocked(waitMs);
    const user = await findUserByEmail(ctx.db, tenantId, email);
    const usable = user === undefined || user.disabled ? undefined : user;
    const isRight = await ctx.ports.passwords.verify(password, usable?.passwordHash ?? null);
    if (usable === undefined || !isRight) {
      await recordFailure(ctx, account, seen, user);
      throw wrong();
    }
    return openSession(ctx, usable, account, seen);
  },
});

type Account = Pick<AttemptRow, "tenantId" | "account">;

async function recordFailure(ctx: Ctx, account: Account, seen: AttemptRow | undefined, user?: UserRow) {
  const next = afterFailure(seen, ctx.now);
  const actor: Actor = { ...nobody, tenantId: account.tenantId };
  const entity = user === undefined ? `account:${account.account.slice(0, 16)}` : `user:${user.id}`;
  const after = { outcome: "refused", failures: next.failures, blockedUntil: next.blockedUntil };
  await alone(
    ctx
      .actingAs(actor)
      .write({ entity, after }, (q) => rememberFailure(q, account, seen, next, ctx.now, ctx.newId("wr"))),
  );
}

async function openSession(ctx: Ctx, user: UserRow, account: Account, seen: AttemptRow | undefined) {
  const session = {
    id: ctx.newId("ses"),
    tenantId: user.tenantId,
    userId: user.id,
    createdAt: ctx.now,
    expiresAt: new Date(ctx.now.getTime() + sessionMs),
    revokedAt: null,
    revokedReason: null,
  };
  const signedIn = { ...user, lastSignInAt: ctx.now };
  const { row, answer } = await issueTokens(ctx, session, signedIn);
  await alone(
    ctx
      .actingAs(userActor(user))
      .write({ entity: `session:${session.id}`, after: sessionFacts(session) }, (q) => [
        ...forgetFailures(q, account, seen),
        ...forgetEnded(q, user, ctx.now),
        insertSession(q, session),
        insertRefreshToken(q, row),
        stampSignIn(q, user, ctx.now),
      ]),
  );
  return answer;
}

/** Right or wrong, an attempt that met another one to the same account learns nothing. */
async function alone(write: Promise<void>): Promise<void> {
  await write.catch((error: unknown) => {
    throw error instanceof AppError && error.kind === "conflict" ? blocked(1000) : error;
  });
}

function wrong() {
  return refused("credentials_wrong", "The tenant, the address or the password is wrong.");
}

function blocked(retryAfterMs: number) {
  const detail = "Too many attempts to sign in to this account. Wait and retry.";
  return problem("rate_limited", "access.sign_in_blocked", detail, { retryAfterMs });
}
