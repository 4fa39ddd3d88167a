import { expect, it } from "vitest";
import { judgeRefresh, refreshExpiry } from "../../../../../src/modules/access/sessions/refresh.rules.ts";

const now = new Date("2026-03-01T00:00:00Z");
const days = (n: number) => new Date(now.getTime() + n * 86_400_000);
const good = {
  usedAt: null,
  expiresAt: days(14),
  session: { revokedAt: null, expiresAt: days(90) },
  user: { disabled: false },
};

it("accepts a fresh token of a living session", () => {
  expect(judgeRefresh(good, now)).toBe("good");
  expect(judgeRefresh(good, days(14))).toBe("expired");
  expect(judgeRefresh({ ...good, session: { ...good.session, expiresAt: now } }, now)).toBe("expired");
});

it("tells a reused token even when it would have expired, but not twice", () => {
  expect(judgeRefresh({ ...good, usedAt: days(-1) }, days(20))).toBe("reused");
  expect(judgeRefresh({ ...good, usedAt: days(-1), session: { ...good.session, revokedAt: now } }, now)).toBe(
    "revoked",
  );
});

it("ends with the user", () => {
  expect(judgeRefresh({ ...good, user: { disabled: true } }, now)).toBe("revoked");
});

it("lets no token outlive its session", () => {
  expect(refreshExpiry({ expiresAt: days(90) }, now)).toEqual(days(14));
  expect(refreshExpiry({ expiresAt: days(3) }, now)).toEqual(days(3));
});
