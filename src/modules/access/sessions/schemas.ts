import * as z from "zod";
import { Email, Instant, Slug } from "../fields.ts";
import { User } from "../users/schemas.ts";
import type { SessionRow } from "./store.ts";

export const SignIn = z.strictObject({
  tenant: Slug,
  email: Email,
  password: z.string().min(1).max(256),
});

const RefreshToken = z.string().min(1).max(200);

export const Refresh = z.strictObject({ refreshToken: RefreshToken });

export const SignOut = z.strictObject({
  refreshToken: RefreshToken.optional(),
  all: z.boolean().default(false).describe("Every session of the user, not this one only."),
});

export const SignedOut = z.strictObject({ revoked: z.int().min(0).describe("How many sessions ended.") });

export const Tokens = z
  .strictObject({
    sessionId: z.string(),
    tokenType: z.literal("Bearer"),
    accessToken: z.string(),
    expiresIn: z.int().describe("Seconds."),
    refreshToken: z.string().describe("Good for one refresh."),
    refreshExpiresAt: Instant,
    user: User,
  })
  .meta({ id: "Tokens" });

export const SigningKeys = z
  .strictObject({
    keys: z.array(
      z.strictObject({
        kty: z.literal("OKP"),
        crv: z.literal("Ed25519"),
        x: z.string(),
        kid: z.string(),
        alg: z.literal("EdDSA"),
        use: z.literal("sig"),
      }),
    ),
  })
  .meta({ id: "SigningKeys" });

/** What events tell of a session. */
export function sessionFacts(row: SessionRow) {
  return {
    id: row.id,
    userId: row.userId,
    createdAt: row.createdAt,
    expiresAt: row.expiresAt,
    revokedAt: row.revokedAt,
    revokedReason: row.revokedReason,
  };
}
