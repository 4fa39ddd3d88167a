/** What decides whether a key opens anything. */
export interface KeyFacts {
  readonly expiresAt: Date | null;
  readonly revokedAt: Date | null;
  readonly previousUntil: Date | null;
  readonly lastUsedAt: Date | null;
}

export type KeyVerdict = "good" | "revoked" | "expired" | "rotated";

/** Judges a key whose secret has been recognised: as the present one, or as the one before the last rotation. */
export function judgeKey(key: KeyFacts, secret: "present" | "previous", now: Date): KeyVerdict {
  if (key.revokedAt !== null) return "revoked";
  if (key.expiresAt !== null && key.expiresAt <= now) return "expired";
  if (secret === "previous" && (key.previousUntil === null || key.previousUntil <= now)) return "rotated";
  return "good";
}

const stampMs = 60_000;

/** Whether a use is worth a write: one a minute is. */
export function isStampDue(key: KeyFacts, now: Date): boolean {
  return key.lastUsedAt === null || now.getTime() - key.lastUsedAt.getTime() >= stampMs;
}
