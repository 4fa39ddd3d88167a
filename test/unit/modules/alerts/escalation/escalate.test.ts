import { describe, expect, it } from "vitest";
import type { z } from "zod";
import { EscalationPolicy } from "../../../../../contracts/on-call.ts";
import { seededRandom } from "../../../../../src/kernel/random.ts";
import { escalate } from "../../../../../src/modules/alerts/escalation/escalate.rules.ts";
import type {
  EscalationDecision,
  EscalationEffect,
  EscalationEvent,
  EscalationState,
} from "../../../../../src/modules/alerts/escalation/escalation-state.ts";

const minute = 60_000;
const t0 = Date.parse("2026-06-01T00:00Z");
const fired: EscalationEvent = { type: "fired", escalationId: "grp_1", severity: "critical" };
const tick: EscalationEvent = { type: "tick" };
const user = (id: string) => ({ kind: "user" as const, id });

function policy(wish: z.input<typeof EscalationPolicy>): EscalationPolicy {
  return EscalationPolicy.parse(wish);
}

const twoSteps = policy({
  steps: [
    { targets: [user("ana")], waitMs: 5 * minute, repeat: 1 },
    { targets: [user("bo"), { kind: "channel", id: "ops" }], waitMs: 10 * minute },
  ],
});

function told(effects: readonly EscalationEffect[]): string[] {
  return effects.map((effect) => (effect.kind === "notify" ? effect.target.id : effect.kind));
}

/** Fires at t0 and follows every wake-up; each entry is the minute and what was done. */
function run(
  plan: EscalationPolicy,
  events: Readonly<Record<number, EscalationEvent>> = {},
  until = 120,
): string[] {
  const log: string[] = [];
  let decision: EscalationDecision = { state: null, effects: [], wakeAt: null };
  for (let passed = 0; passed <= until; passed++) {
    const now = t0 + passed * minute;
    const due = decision.wakeAt !== null && decision.wakeAt <= now;
    for (const event of [...(passed === 0 ? [fired] : []), ...(due ? [tick] : []), events[passed]]) {
      if (event === undefined) continue;
      decision = escalate(decision.state, plan, event, now);
      if (decision.effects.length > 0) log.push(`${passed} ${told(decision.effects).join("+")}`);
    }
  }
  return log;
}

describe("an escalation", () => {
  it("tells step after step until it has told all", () => {
    expect(run(twoSteps)).toEqual(["0 ana", "5 ana", "10 bo+ops", "20 exhausted"]);
  });

  it("goes through its rounds", () => {
    const plan = policy({ steps: [{ targets: [user("ana")], waitMs: 5 * minute }], rounds: 3 });
    expect(run(plan)).toEqual(["0 ana", "5 ana", "10 ana", "15 exhausted"]);
  });

  it("stops when acknowledged", () => {
    expect(run(twoSteps, { 7: { type: "acked", by: "ana" } })).toEqual(["0 ana", "5 ana", "7 stop"]);
  });

  it("goes on where it stood when the acknowledgement gets old", () => {
    const plan = { ...twoSteps, ackTimeoutMs: 30 * minute };
    expect(run(plan, { 12: { type: "acked", by: "bo" } })).toEqual([
      ...["0 ana", "5 ana", "10 bo+ops", "12 stop"],
      ...["42 bo+ops", "52 exhausted"],
    ]);
  });

  it("keeps quiet longer when acknowledged again", () => {
    const plan = { ...twoSteps, ackTimeoutMs: 30 * minute };
    const events = { 2: { type: "acked", by: "ana" }, 20: { type: "acked", by: "ana" } } as const;
    expect(run(plan, events, 55)).toEqual(["0 ana", "2 stop", "20 stop", "50 ana", "55 ana"]);
  });

  it("goes on at once when the acknowledgement is withdrawn", () => {
    const events = { 2: { type: "acked", by: "ana" }, 4: { type: "unacked" } } as const;
    expect(run(twoSteps, events, 10)).toEqual(["0 ana", "2 stop", "4 ana", "9 ana"]);
  });

  it("ends when resolved, whatever comes later", () => {
    const events = {
      6: { type: "resolved" },
      7: { type: "unacked" },
      8: { type: "acked", by: "bo" },
      9: tick,
    } as const;
    expect(run(twoSteps, events)).toEqual(["0 ana", "5 ana", "6 stop"]);
  });

  it("starts anew under a new id only", () => {
    const first = escalate(null, twoSteps, fired, t0);
    const again = escalate(first.state, twoSteps, { ...fired, severity: "warning" }, t0 + minute);
    expect(again.effects).toEqual([]);
    expect(again.state?.severity).toBe("warning");
    expect(again.wakeAt).toBe(first.wakeAt);
    const resolved = escalate(again.state, twoSteps, { type: "resolved" }, t0 + 2 * minute);
    const next = escalate(resolved.state, twoSteps, { ...fired, escalationId: "grp_2" }, t0 + 3 * minute);
    expect(told(next.effects)).toEqual(["ana"]);
  });

  it("passes over steps whose severity or time interval doesn't hold", () => {
    const plan = policy({
      steps: [
        { targets: [user("low")], waitMs: minute, onlyIf: { severities: ["info"] } },
        { targets: [user("day")], waitMs: minute, onlyIf: { interval: "office", severities: ["critical"] } },
        { targets: [user("any")], waitMs: minute },
      ],
    });
    expect(told(escalate(null, plan, fired, t0, []).effects)).toEqual(["any"]);
    expect(told(escalate(null, plan, fired, t0, ["office"]).effects)).toEqual(["day"]);
  });

  it("says that nobody was told when every step is passed over", () => {
    const plan = policy({
      steps: [{ targets: [user("low")], waitMs: minute, onlyIf: { severities: ["info"] } }],
    });
    const { state, effects, wakeAt } = escalate(null, plan, fired, t0);
    expect(effects).toEqual([{ kind: "exhausted", key: "escalation:grp_1:0:exhausted", notified: 0 }]);
    expect([state?.phase, wakeAt]).toEqual(["exhausted", null]);
  });

  it("tells steps without a wait together", () => {
    const plan = policy({
      steps: [
        { targets: [user("ana")], waitMs: 0 },
        { targets: [user("bo")], waitMs: 5 * minute },
      ],
    });
    expect(run(plan)).toEqual(["0 ana+bo", "5 exhausted"]);
  });

  it("tells one step after an outage and then waits in full", () => {
    const first = escalate(null, twoSteps, fired, t0);
    const late = escalate(first.state, twoSteps, tick, t0 + 300 * minute);
    expect(told(late.effects)).toEqual(["ana"]);
    expect(late.wakeAt).toBe(t0 + 305 * minute);
  });

  it("does nothing before it is fired or on a tick that comes early", () => {
    expect(escalate(null, twoSteps, { type: "acked", by: "ana" }, t0)).toEqual({
      ...{ state: null, effects: [], wakeAt: null },
    });
    const { state, wakeAt } = escalate(null, twoSteps, fired, t0);
    expect(escalate(state, twoSteps, tick, t0 + minute)).toEqual({ state, effects: [], wakeAt });
  });

  it("takes an exhausted one up from the start when an acknowledgement runs out", () => {
    const plan = { ...twoSteps, ackTimeoutMs: 30 * minute };
    expect(run(plan, { 25: { type: "acked", by: "bo" } }, 60)).toEqual([
      ...["0 ana", "5 ana", "10 bo+ops", "20 exhausted", "25 stop"],
      ...["55 ana", "60 ana"],
    ]);
  });

  it("never uses a key for two tellings, and uses the same key for the same one", () => {
    const plan = { ...twoSteps, rounds: 2, ackTimeoutMs: minute };
    const events: EscalationEvent[] = [tick, tick, tick, { type: "acked", by: "ana" }, { type: "unacked" }];
    for (let seed = 1; seed <= 50; seed++) {
      const random = seededRandom(seed);
      let state: EscalationState | null = null;
      const keys = new Set<string>();
      let count = 0;
      for (let step = 0, now = t0; step < 60; step++, now += Math.floor(random() * 6) * minute) {
        const event: EscalationEvent =
          step === 0 ? fired : (events[Math.floor(random() * events.length)] ?? tick);
        const decision: EscalationDecision = escalate(state, plan, event, now);
        expect(escalate(JSON.parse(JSON.stringify(state)), plan, event, now)).toEqual(decision);
        for (const effect of decision.effects) {
          if (effect.kind !== "notify") continue;
          keys.add(effect.key);
          count++;
        }
        state = decision.state;
      }
      expect(keys.size).toBe(count);
    }
  });

  it("is refused as a policy that would tell again without a pause", () => {
    const step = { targets: [user("ana")], waitMs: 0 };
    expect(EscalationPolicy.safeParse({ steps: [{ ...step, repeat: 1 }] }).success).toBe(false);
    expect(EscalationPolicy.safeParse({ steps: [step], rounds: 2 }).success).toBe(false);
  });
});
