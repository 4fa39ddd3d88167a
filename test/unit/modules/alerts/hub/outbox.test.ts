import { describe, expect, it } from "vitest";
import type { RoutingConfig } from "../../../../../contracts/alerts.ts";
import type { HubCommand, HubReply } from "../../../../../src/modules/alerts/hub/commands.ts";
import { HubCache } from "../../../../../src/modules/alerts/hub/compiled-routing.ts";
import { decideAlerts } from "../../../../../src/modules/alerts/hub/decide-alerts.ts";
import type { HubDecision } from "../../../../../src/modules/alerts/hub/hub-decision.ts";
import { MemoryHubStore } from "../../../../../src/modules/alerts/hub/memory-store.ts";
import { aRouting, aSignal, minute, spanCalendar } from "../../../../support/alert-hub.ts";

const route = { receiver: "ops", groupWaitMs: 0, groupIntervalMs: minute, repeatIntervalMs: 60 * minute };

/** A hub with one notification on its way, decided at 1. */
function withOne(changes: Partial<RoutingConfig> = {}) {
  const store = new MemoryHubStore();
  const parts = { tenantId: "t1", store, calendar: spanCalendar, cache: new HubCache() };
  const decide = <C extends HubCommand>(command: C, now: number): HubDecision<C> =>
    decideAlerts(parts, command, now);
  decide({ type: "set_config", config: aRouting({ route, ...changes }) }, 0);
  const { effects } = decide({ type: "signal", signals: [aSignal({ name: "a" }, { startsAt: 0 })] }, 1);
  const id = effects[0]?.id ?? "";
  const claim = (now: number): HubReply<{ type: "claim"; id: string; leaseMs: number }> =>
    decide({ type: "claim", id, leaseMs: 1000 }, now).reply;
  return { store, decide, id, claim, effects };
}

describe("a notification on its way", () => {
  it("is handed to one deliverer at a time", () => {
    const { claim, id, decide } = withOne();
    expect(claim(10)).toEqual({ ok: true, epoch: 1, attempt: 1, leaseUntil: 1010 });
    expect(claim(1009)).toEqual({ ok: false, state: "claimed", until: 1010 });
    expect(claim(1010)).toMatchObject({ ok: true, epoch: 2, attempt: 2 });
    expect(decide({ type: "report", id, epoch: 1, outcome: { state: "sent" } }, 1020).reply).toMatchObject({
      ok: false,
      failure: { code: "alerts.claim_lost" },
    });
    const sent = decide({ type: "report", id, epoch: 2, outcome: { state: "sent" } }, 1030);
    expect(sent.reply).toEqual({ ok: true, state: "sent" });
    expect(sent.events.map(({ type }) => type)).toEqual(["notification.sent"]);
    expect(claim(1040)).toEqual({ ok: false, state: "sent", until: null });
    expect(decide({ type: "report", id, epoch: 2, outcome: { state: "sent" } }, 1050).events).toEqual([]);
  });

  it("that is dead is claimed again when somebody asks for it, and settled by what comes of that", () => {
    const { claim, id, decide } = withOne();
    const again = (now: number) => decide({ type: "claim", id, leaseMs: 1000, again: true }, now).reply;
    expect(again(5)).toMatchObject({ ok: false, state: "pending" });
    claim(10);
    decide({ type: "report", id, epoch: 1, outcome: { state: "dead", detail: "gone" } }, 20);
    expect(claim(30)).toMatchObject({ ok: false, state: "dead" });
    expect(again(40)).toMatchObject({ ok: true, epoch: 2, attempt: 2 });
    expect(again(50)).toMatchObject({ ok: false, state: "claimed" });
    decide({ type: "report", id, epoch: 2, outcome: { state: "sent" } }, 60);
    expect(claim(70)).toMatchObject({ ok: false, state: "sent" });
  });

  it("that tells an end waits for the one that tells the beginning, or passes over one that is far behind", () => {
    for (const retryAt of [65_000, 600_000]) {
      const { claim, id, decide } = withOne();
      claim(10);
      const outcome = { state: "retry" as const, at: retryAt, detail: "busy" };
      decide({ type: "report", id, epoch: 1, outcome }, 20);
      const over = aSignal({ name: "a" }, { startsAt: 0, endsAt: 1000, updatedAt: 1000 });
      decide({ type: "signal", signals: [over] }, 1000);
      const [told] = decide({ type: "tick" }, minute + 1).effects;
      const next = told?.id ?? "";
      expect(told?.notification.status).toBe("resolved");
      const claimNext = (now: number) => decide({ type: "claim", id: next, leaseMs: 1000 }, now).reply;
      if (retryAt > 2 * minute) {
        expect(claimNext(61_000)).toMatchObject({ ok: true });
        expect(claim(61_000)).toMatchObject({ state: "suppressed", detail: `Superseded by ${next}.` });
        continue;
      }
      expect(claimNext(61_000)).toMatchObject({ ok: false, state: "pending" });
      expect(claim(65_000)).toMatchObject({ ok: true, epoch: 2 });
      const sent = decide({ type: "report", id, epoch: 2, outcome: { state: "sent" } }, 65_010);
      expect(sent.effects.map((effect) => effect.id)).toEqual([next]);
      expect(claimNext(65_020)).toMatchObject({ ok: true });
    }
  });

  it("is handed out again with the same id when nobody took it, a claim ran out or a retry is due", () => {
    const { claim, id, decide, effects } = withOne();
    expect(effects).toHaveLength(1);
    expect(decide({ type: "tick" }, 60_000).effects).toEqual([]);
    expect(decide({ type: "tick" }, 60_001).effects).toEqual(effects);
    claim(60_010);
    expect(decide({ type: "tick" }, 61_010).effects.map((effect) => effect.id)).toEqual([id]);
    const second = claim(61_020);
    const outcome = { state: "retry", at: 70_000, detail: "503" } as const;
    decide({ type: "report", id, epoch: second.ok ? second.epoch : 0, outcome }, 61_030);
    expect(claim(69_999)).toEqual({ ok: false, state: "retry", until: 70_000 });
    expect(decide({ type: "tick" }, 69_999).effects).toEqual([]);
    expect(decide({ type: "tick" }, 70_000).effects.map((effect) => effect.id)).toEqual([id]);
  });

  it("that must go out once at most is marked sent before it is sent", () => {
    const channels = [{ channelId: "call", atMostOnce: true }];
    const { claim, store, id, decide } = withOne({ receivers: [{ name: "ops", channels }] });
    expect(claim(10)).toMatchObject({ ok: true, epoch: 1 });
    expect(store.findNotification(id)?.state).toBe("sent");
    expect(claim(5000)).toMatchObject({ ok: false, state: "sent" });
    expect(decide({ type: "tick" }, 2 * minute).effects).toEqual([]);
  });

  it("ends dead or suppressed with a reason on the alert's timeline, and is forgotten after a week", () => {
    const { claim, store, id, decide } = withOne();
    claim(10);
    const reported = decide(
      { type: "report", id, epoch: 1, outcome: { state: "dead", detail: "410 Gone" } },
      20,
    );
    expect(reported.events[0]).toMatchObject({ type: "notification.dead", subject: id });
    const [alert] = store.alerts("", 1);
    expect(store.timeline(alert?.fingerprint ?? "", 20, 1)[0]).toMatchObject({
      type: "delivered",
      data: { state: "dead", detail: "410 Gone", attempts: 1 },
    });
    decide({ type: "tick" }, 20 + 7 * 24 * 60 * minute);
    expect(store.findNotification(id)).toBeUndefined();
    expect(claim(30)).toEqual({ ok: false, state: "unknown", until: null });
  });
});
