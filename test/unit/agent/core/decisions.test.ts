import { describe, expect, it } from "vitest";
import { endingOfClose, endingOfRefusal, replyTo } from "../../../../agent/src/core/greeting.rules.ts";
import { reconnectDelayMs, shouldGiveUp } from "../../../../agent/src/core/reconnect.rules.ts";

describe("dialling again", () => {
  it("waits between half a second and a bound that doubles up to thirty", () => {
    for (const random of [0, 0.5, 0.999]) {
      for (let failures = 1; failures < 20; failures++) {
        const wait = reconnectDelayMs(failures, random);
        expect(wait).toBeGreaterThanOrEqual(500);
        expect(wait).toBeLessThanOrEqual(Math.min(30_000, 1000 * 2 ** (failures - 1)));
      }
    }
    expect(reconnectDelayMs(20, 0.999)).toBeGreaterThan(29_000);
  });

  it("gives up after ten cycles or ten minutes without a link", () => {
    const at = { failures: 3, lostAt: 0, now: 60_000 };
    expect(shouldGiveUp(at)).toBe(false);
    expect(shouldGiveUp({ ...at, failures: 10 })).toBe(true);
    expect(shouldGiveUp({ ...at, now: 600_000 })).toBe(true);
  });
});

describe("greetings", () => {
  const challenge = {
    type: "challenge" as const,
    protocol: { version: 3, oldest: 2 },
    tenantId: "t",
    clusterId: "c",
    nonce: "n",
    at: 0,
  };
  const own = (version: number, oldest: number) => ({
    tenantId: "t",
    clusterId: "c",
    protocol: { version, oldest },
  });

  it("speak the newest version that both know", () => {
    expect(replyTo(challenge, own(2, 1))).toEqual({ kind: "hello", version: 2 });
    expect(replyTo(challenge, own(5, 3))).toEqual({ kind: "hello", version: 3 });
  });

  it("say which side is too old", () => {
    expect(replyTo(challenge, own(1, 1))).toMatchObject({
      kind: "incompatible",
      detail: expect.stringContaining("newer agent"),
    });
    expect(replyTo(challenge, own(5, 4))).toMatchObject({
      kind: "incompatible",
      detail: expect.stringContaining("Bring Maru up to date"),
    });
  });

  it("refuse the relay of another cluster", () => {
    expect(replyTo({ ...challenge, clusterId: "x" }, own(3, 3))).toMatchObject({ kind: "stranger" });
  });

  it("tell endings that need somebody from those that pass", () => {
    const refusal = { type: "refusal" as const, detail: "d", retry: false };
    expect(endingOfRefusal({ ...refusal, code: "revoked" }).kind).toBe("revoked");
    expect(endingOfRefusal({ ...refusal, code: "incompatible" }).kind).toBe("incompatible");
    expect(endingOfRefusal({ ...refusal, code: "malformed" }).kind).toBe("lost");
    expect(endingOfClose(4403, "").kind).toBe("revoked");
    expect(endingOfClose(4409, "").kind).toBe("replaced");
    expect(endingOfClose(1006, "")).toEqual({ kind: "lost", detail: "The connection closed with 1006." });
  });
});
