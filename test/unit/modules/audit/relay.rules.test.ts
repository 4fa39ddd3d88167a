import { describe, expect, it } from "vitest";
import { seededRandom } from "../../../../src/kernel/random.ts";
import { byTopic, putOff } from "../../../../src/modules/audit/relay.rules.ts";

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

it("groups messages by topic in their order", () => {
  const messages = ["a1", "b1", "a2", "c1", "b2"].map((id) => ({ id, topic: id.charAt(0) }));
  expect(byTopic(messages).map((queue) => queue.map(({ id }) => id))).toEqual([
    ["a1", "a2"],
    ["b1", "b2"],
    ["c1"],
  ]);
});
