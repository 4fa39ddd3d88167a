import { expect, it } from "vitest";
import {
  type Attempts,
  afterFailure,
  blockedForMs,
} from "../../../../../src/modules/access/sessions/sign-in.rules.ts";

const now = new Date("2026-03-01T00:00:00Z");

it("blocks from the fifth failure on, for twice as long each time, 15 minutes at most", () => {
  let attempts: Attempts | undefined;
  const waits: number[] = [];
  for (let i = 0; i < 12; i++) {
    attempts = afterFailure(attempts, now);
    waits.push(blockedForMs(attempts, now) / 1000);
  }
  expect(waits).toEqual([0, 0, 0, 0, 30, 60, 120, 240, 480, 900, 900, 900]);
});

it("forgets after an hour without a failure", () => {
  let attempts: Attempts | undefined;
  for (let i = 0; i < 7; i++) attempts = afterFailure(attempts, now);
  const soon = new Date(now.getTime() + 3_599_999);
  const late = new Date(now.getTime() + 3_600_000);
  expect(afterFailure(attempts, soon).failures).toBe(8);
  expect(afterFailure(attempts, late)).toMatchObject({ failures: 1, blockedUntil: null });
  expect(blockedForMs(undefined, now)).toBe(0);
});
