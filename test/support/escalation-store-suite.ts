import { expect, it } from "vitest";
import type { Entry } from "../../src/modules/alerts/entries/entry.ts";
import type { HubStore } from "../../src/modules/alerts/hub/hub-store.ts";

/** What every store of the alert hub must do about who is woken. */
export function escalationSuite(open: () => HubStore): void {
  it("keeps what is written down by kind and id", () => {
    const store = open();
    const team = (id: string): Entry<"team"> => ({
      kind: "team",
      id,
      version: 1,
      body: { name: id, members: ["kim"] },
      createdAt: 0,
      updatedAt: 0,
      updatedBy: "kim",
    });
    store.putEntry(team("b"));
    store.putEntry(team("a"));
    expect(store.entries("team").map(({ id }) => id)).toEqual(["a", "b"]);
    expect(store.entries("policy")).toEqual([]);
    expect(store.findEntry("schedule", "a")).toBeUndefined();
    store.putEntry({ ...team("a"), version: 2 });
    expect(store.findEntry("team", "a")).toEqual({ ...team("a"), version: 2 });
    store.deleteEntry("team", "a");
    expect(store.findEntry("team", "a")).toBeUndefined();
  });

  it("keeps escalations and what people are to be told later, by when they are due", () => {
    const store = open();
    const state = {
      escalationId: "e",
      phase: "waiting" as const,
      severity: "",
      pass: 0,
      round: 0,
      step: 0,
      told: 0,
      dueAt: 20,
      ackedBy: null,
      notified: 0,
    };
    const row = { groupKey: "g", policyId: "p", state, told: [], due: 20 };
    store.putEscalation(row);
    store.putEscalation({ ...row, groupKey: "h", due: null });
    expect(store.findEscalation("g")).toEqual(row);
    expect(store.dueEscalations(19, 9)).toEqual([]);
    expect(store.dueEscalations(20, 9).map(({ groupKey }) => groupKey)).toEqual(["g"]);
    expect(store.escalations("g", 9).map(({ groupKey }) => groupKey)).toEqual(["h"]);
    expect(store.firstDue()).toBe(20);
    store.deleteEscalation("g");
    store.putHeld({ userId: "kim", items: [], due: 30 });
    expect(store.dueHeld(30, 9)).toEqual([store.findHeld("kim")]);
    expect(store.firstDue()).toBe(30);
    store.deleteHeld("kim");
    expect(store.firstDue()).toBeNull();
  });
}
