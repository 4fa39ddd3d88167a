import { describe, expect, it } from "vitest";
import { firstFlushAt, ticksAt } from "../../../../../src/modules/alerts/notifying/flush-tick.rules.ts";
import { newsOf, type Told } from "../../../../../src/modules/alerts/notifying/needs-update.rules.ts";
import { notificationId } from "../../../../../src/modules/alerts/notifying/notification-id.ts";
import { afterSend, nextSendAt } from "../../../../../src/modules/alerts/notifying/rate-limit.rules.ts";
import { byWeight, verdictText } from "../../../../../src/modules/alerts/notifying/suppressions.rules.ts";

const minute = 60_000;
const now = 100 * minute;

describe("newsOf", () => {
  const told = (firing: string, resolved: string, minutesAgo: number): Told => ({
    firing: [...firing],
    resolved: [...resolved],
    at: now - minutesAgo * minute,
  });
  const ask = (log: Told | undefined, firing: string, resolved: string, sendResolved = false) =>
    newsOf(
      log,
      { firing: [...firing], resolved: [...resolved] },
      { sendResolved, repeatIntervalMs: 10 * minute },
      now,
    );

  it.each([
    ["a first alert that fires", undefined, "bcd", "", false, "fired"],
    ["first contact with ended alerts only", undefined, "", "bcd", false, undefined],
    ["first contact with ended alerts only, ends told", undefined, "", "bcd", true, undefined],
    ["another set of firing alerts", told("abc", "", 1), "bcd", "", false, "fired"],
    ["fewer firing alerts", told("abc", "", 1), "ab", "", false, undefined],
    ["a log without a time", { firing: ["a"], resolved: [], at: 0 }, "a", "", false, "repeat"],
    ["the same before the repeat interval", told("abc", "", 9), "abc", "", false, undefined],
    ["the same after the repeat interval", told("abc", "", 11), "abc", "", false, "repeat"],
    ["the same at the repeat interval", told("abc", "", 10), "abc", "", false, "repeat"],
    ["other ended alerts and nothing firing, then or now", told("", "abc", 11), "", "cde", true, undefined],
    ["more ended alerts, ends not told", told("ab", "c", 9), "a", "bc", false, undefined],
    ["more ended alerts, ends told", told("ab", "c", 9), "a", "bc", true, "resolved"],
    ["nothing fires any more, ends not told", told("ab", "c", 9), "", "abc", false, "ended"],
    ["nothing fires any more, ends told", told("ab", "c", 9), "", "abc", true, "ended"],
  ] as const)("for %s", (_name, log, firing, resolved, sendResolved, expected) => {
    expect(ask(log, firing, resolved, sendResolved)).toBe(expected);
  });
});

describe("ticks", () => {
  it("stay on their grid when the alarm rings late", () => {
    expect(ticksAt(1000, 300, 1000)).toEqual({ tick: 1000, next: 1300 });
    expect(ticksAt(1000, 300, 1299)).toEqual({ tick: 1000, next: 1300 });
    expect(ticksAt(1000, 300, 1950)).toEqual({ tick: 1900, next: 2200 });
  });

  it("begin after the wait of the group, or at once for an alert that has fired for longer", () => {
    expect(firstFlushAt(1000, 500, 1100)).toBe(1600);
    expect(firstFlushAt(1000, 500, 1500)).toBe(2000);
    expect(firstFlushAt(1000, 500, 1501)).toBe(1501);
  });
});

describe("rate limits", () => {
  it("allow so many sends in any window and say when the next may go", () => {
    const limit = { max: 2, windowMs: 100 };
    let sends: readonly number[] = [];
    const tryAt = (at: number) => {
      const wait = nextSendAt(sends, limit, at);
      if (wait === undefined) sends = afterSend(sends, limit, at);
      return wait;
    };
    expect([tryAt(0), tryAt(40), tryAt(60), tryAt(99), tryAt(100), tryAt(139), tryAt(140)]).toEqual([
      undefined,
      undefined,
      100,
      100,
      undefined,
      140,
      undefined,
    ]);
    expect(sends).toEqual([100, 140]);
  });
});

describe("reasons", () => {
  it("stand in the order of their weight", () => {
    const reasons = byWeight([
      { reason: "dedupe" },
      { reason: "quiet_hours" },
      { reason: "silence", by: "s1", until: 5 },
      { reason: "rate_limit" },
      { reason: "cooldown" },
      { reason: "flapping" },
      { reason: "inhibition" },
      { reason: "maintenance" },
    ]);
    expect(verdictText(reasons)).toBe(
      "maintenance,silence:s1,inhibition,flapping,cooldown,rate_limit,quiet_hours,dedupe",
    );
  });
});

describe("notificationId", () => {
  it("depends on tenant, group, channel, schedule and generation, and on nothing else", () => {
    const id = notificationId("t", "g", "c", 5, 1);
    expect(id).toMatch(/^ntf_[0-9a-f]{40}$/);
    expect(notificationId("t", "g", "c", 5, 1)).toBe(id);
    const others = [
      notificationId("u", "g", "c", 5, 1),
      notificationId("t", "h", "c", 5, 1),
      notificationId("t", "g", "d", 5, 1),
      notificationId("t", "g", "c", 6, 1),
      notificationId("t", "g", "c", 5, 2),
      notificationId("t", 'g","c', "", 5, 1),
    ];
    expect(new Set([id, ...others]).size).toBe(7);
  });
});
