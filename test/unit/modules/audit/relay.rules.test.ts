import { describe, expect, it } from "vitest";
import { seededRandom } from "../../../../src/kernel/random.ts";
import { putOff } from "../../../../src/modules/audit/relay.rules.ts";

const now = new Date("2026-03-01T00:00:00.000Z");

describe("a message that could not be handed on", () => {
  it("waits between 200 ms and a ceiling that doubles up to 15 minutes", () => {
    const random = seededRandom(1);
    for (let attempts = 0; attempts < 100; attempts++) {
      const { retry } = putOff({ id: "out_1", attempts }, "x", now, random);
      const waitMs = retry.availableAt.getTime() - now.getTime();
      expect(retry.attempts).toBe(attempts + 1);
      expect(waitMs).toBeGreaterThanOrEqual(200);
      expect(waitMs).toBeLessThanOrEqual(Math.min(900_000, 1000 * 2 ** attempts));
    }
  });

  it("keeps the beginning of a long reason", () => {
    expect(putOff({ id: "out_1", attempts: 0 }, "x".repeat(9999), now, () => 0).retry.lastError).toHaveLength(
      500,
    );
  });
});
