import { expect, it } from "vitest";
import { isStampDue, judgeKey } from "../../../../../src/modules/access/keys/key-state.rules.ts";

const now = new Date("2026-03-01T00:00:00Z");
const at = (seconds: number) => new Date(now.getTime() + seconds * 1000);
const key = { expiresAt: null, revokedAt: null, previousUntil: null, lastUsedAt: null };

it("judges a key by revocation first, then by expiry, each from its very instant", () => {
  expect(judgeKey(key, "present", now)).toBe("good");
  expect(judgeKey({ ...key, expiresAt: at(1) }, "present", now)).toBe("good");
  expect(judgeKey({ ...key, expiresAt: now }, "present", now)).toBe("expired");
  expect(judgeKey({ ...key, expiresAt: now, revokedAt: at(-1) }, "present", now)).toBe("revoked");
});

it("accepts the secret before the last rotation only during the grace period", () => {
  expect(judgeKey(key, "previous", now)).toBe("rotated");
  expect(judgeKey({ ...key, previousUntil: at(1) }, "previous", now)).toBe("good");
  expect(judgeKey({ ...key, previousUntil: now }, "previous", now)).toBe("rotated");
  expect(judgeKey({ ...key, previousUntil: at(1), expiresAt: now }, "previous", now)).toBe("expired");
});

it("stamps a use once a minute", () => {
  expect(isStampDue(key, now)).toBe(true);
  expect(isStampDue({ ...key, lastUsedAt: at(-59) }, now)).toBe(false);
  expect(isStampDue({ ...key, lastUsedAt: at(-60) }, now)).toBe(true);
});
