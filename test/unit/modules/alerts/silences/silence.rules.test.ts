import { describe, expect, it } from "vitest";
import type { SilenceDraft } from "../../../../../contracts/alerts.ts";
import {
  nextSilenceChange,
  type Silence,
  silenceProblems,
  silenceState,
} from "../../../../../src/modules/alerts/silences/silence.rules.ts";

const draft = (changes: Partial<SilenceDraft> = {}): SilenceDraft => ({
  matchers: [{ name: "host", op: "=", value: "a" }],
  startsAt: 100,
  endsAt: 200,
  reason: "disk swap",
  ...changes,
});
const stored = (changes: Partial<SilenceDraft> = {}): Silence => ({
  ...draft(changes),
  id: "s1",
  createdBy: "kim",
  createdAt: 50,
  updatedAt: 50,
});

describe("a silence", () => {
  it("is pending, active from its start and expired from its end", () => {
    expect([99, 100, 199, 200].map((now) => silenceState(draft(), now))).toEqual([
      "pending",
      "active",
      "active",
      "expired",
    ]);
    expect([99, 100, 200].map((now) => nextSilenceChange(draft(), now))).toEqual([100, 200, null]);
  });

  it.each([
    [draft({ endsAt: 100 }), 50, ["/endsAt before_start"]],
    [draft(), 200, ["/endsAt in_the_past"]],
    [draft({ matchers: [{ name: "a", op: "=~", value: ".*" }] }), 50, ["/matchers matches_everything"]],
    [draft({ matchers: [{ name: "a", op: "=~", value: "(" }] }), 50, ["/matchers/0/value bad_pattern"]],
    [draft(), 50, []],
  ])("is checked with pointers %#", (silence, now, expected) => {
    const found = silenceProblems(silence, now).map(({ pointer, code }) => `${pointer} ${code}`);
    expect(found).toEqual(expected);
  });

  it("may change freely before it starts, only its end while it is active, and not once it has expired", () => {
    const codes = (change: Partial<SilenceDraft>, now: number) =>
      silenceProblems(draft(change), now, stored()).map(({ pointer, code }) => `${pointer} ${code}`);
    const other = [{ name: "host", op: "=" as const, value: "b" }];
    expect(codes({ matchers: other, startsAt: 120 }, 60)).toEqual([]);
    expect(codes({ endsAt: 300, reason: "longer" }, 150)).toEqual([]);
    expect(codes({ matchers: other, startsAt: 120 }, 150)).toEqual(["/matchers active", "/startsAt active"]);
    expect(codes({ endsAt: 900 }, 250)).toEqual([" expired"]);
  });
});
