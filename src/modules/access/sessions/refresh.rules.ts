const dayMs = 86_400_000;

/** A session ends after 90 days, or when it hasn't been refreshed for 14. */
export const sessionMs = 90 * dayMs;
const refreshMs = 14 * dayMs;

export const accessTokenSeconds = 600;

export interface RefreshFacts {
  readonly usedAt: Date | null;
  readonly expiresAt: Date;
  readonly session: { readonly revokedAt: Date | null; readonly expiresAt: Date };
  readonly user: { readonly disabled: boolean };
}

export type RefreshVerdict = "good" | "revoked" | "reused" | "expired";

/** Judges a refresh token that is known. One that was used before tells that it has been stolen, or its successor. */
export function judgeRefresh({ usedAt, expiresAt, session, user }: RefreshFacts, now: Date): RefreshVerdict {
  if (session.revokedAt !== null || user.disabled) return "revoked";
  if (usedAt !== null) return "reused";
  return expiresAt <= now || session.expiresAt <= now ? "expired" : "good";
}

/** When a refresh token of a session ends. */
export function refreshExpiry(session: { readonly expiresAt: Date }, now: Date): Date {
  return new Date(Math.min(session.expiresAt.getTime(), now.getTime() + refreshMs));
}
