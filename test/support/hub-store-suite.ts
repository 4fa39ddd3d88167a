import { describe, expect, it } from "vitest";
import { emptyRouting, type HubStore, newHubHead } from "../../src/modules/alerts/hub/hub-store.ts";
import type { AlertRow, GroupRow, OutboxRow, SilenceRow } from "../../src/modules/alerts/hub/rows.ts";
import { escalationSuite } from "./escalation-store-suite.ts";

function anAlert(fingerprint: string, changes: Partial<AlertRow> = {}): AlertRow {
  return {
    fingerprint,
    lineage: "rule-1",
    labels: { 호스트: "가" },
    annotations: { summary: "full" },
    startsAt: 5,
    endsAt: null,
    timeout: true,
    base: null,
    words: [{ startsAt: 5, endsAt: null, timeout: true, updatedAt: 5, seq: 1 }],
    updatedAt: 5,
    seq: 1,
    cooldownMs: 0,
    flapping: false,
    noted: "firing",
    acknowledged: null,
    sentAt: {},
    due: null,
    ...changes,
  };
}

const aSilence = (id: string, changes: Partial<SilenceRow> = {}): SilenceRow => ({
  id,
  matchers: [{ name: "a", op: "=", value: "1" }],
  startsAt: 0,
  endsAt: 100,
  reason: "work",
  createdBy: "kim",
  createdAt: 0,
  updatedAt: 0,
  due: 100,
  ...changes,
});

const aGroup = (key: string, due: number): GroupRow => ({
  key,
  routeKey: "{}",
  labels: {},
  due,
  flushed: false,
  notices: [],
});

function aNotification(id: string, due: number): OutboxRow {
  return {
    id,
    state: "pending",
    notification: {
      id,
      tenantId: "t1",
      channelId: "c1",
      receiver: "ops",
      kind: "group",
      status: "firing",
      repeat: false,
      groupKey: "g",
      groupLabels: {},
      commonLabels: {},
      commonAnnotations: {},
      firingCount: 0,
      resolvedCount: 0,
      alerts: [],
      omitted: 0,
      notices: [],
      atMostOnce: false,
      createdAt: 0,
    },
    attempts: 0,
    epoch: 0,
    detail: null,
    createdAt: 0,
    due,
  };
}

/** What every store of the alert hub must do; `open` gives an empty one. */
export function hubStoreSuite(name: string, open: () => HubStore): void {
  describe(`the alert hub's store ${name}`, () => {
    alertsSuite(open);
    groupsSuite(open);
    besidesSuite(open);
    escalationSuite(open);
  });
}

function alertsSuite(open: () => HubStore): void {
  it("gives back an alert as it was put, and private to the caller", () => {
    const store = open();
    const alert = anAlert("a");
    store.putAlert(alert);
    expect(store.findAlert("a")).toEqual(alert);
    expect(store.findAlert("a")).not.toBe(store.findAlert("a"));
    store.putAlert({ ...alert, flapping: true });
    expect(store.findAlert("a")?.flapping).toBe(true);
    expect(store.findAlert("b")).toBeUndefined();
  });

  it("pages through alerts in the order of fingerprints", () => {
    const store = open();
    for (const fingerprint of ["c", "a", "d", "b"]) store.putAlert(anAlert(fingerprint));
    expect(store.alerts("", 2).map(({ fingerprint }) => fingerprint)).toEqual(["a", "b"]);
    expect(store.alerts("b", 9).map(({ fingerprint }) => fingerprint)).toEqual(["c", "d"]);
    store.deleteAlert("c");
    expect(store.alerts("b", 9).map(({ fingerprint }) => fingerprint)).toEqual(["d"]);
    expect(store.alerts("d", 9)).toEqual([]);
  });

  it("finds what is due, the earliest first, and forgets what no longer is", () => {
    const store = open();
    store.putAlert(anAlert("late", { due: 30 }));
    store.putAlert(anAlert("early", { due: 10 }));
    store.putAlert(anAlert("never"));
    expect(store.dueAlerts(29, 9).map(({ fingerprint }) => fingerprint)).toEqual(["early"]);
    expect(store.dueAlerts(30, 9).map(({ fingerprint }) => fingerprint)).toEqual(["early", "late"]);
    expect(store.dueAlerts(30, 1)).toHaveLength(1);
    store.putAlert(anAlert("early"));
    expect(store.firstDue()).toBe(30);
    store.deleteAlert("late");
    expect(store.firstDue()).toBeNull();
  });

  it("finds a source of inhibition by rule and equal labels while it fires", () => {
    const store = open();
    store.putSources("b", [{ ruleKey: "r", equalKey: "[1]", both: false }], 50);
    store.putSources("a", [{ ruleKey: "r", equalKey: "[1]", both: true }], null);
    expect(store.findSource("r", "[1]", 0, false)).toBe("a");
    expect(store.findSource("r", "[1]", 0, true)).toBe("b");
    expect(store.findSource("r", "[1]", 50, true)).toBeUndefined();
    expect(store.findSource("r", "[2]", 0, false)).toBeUndefined();
    expect(store.findSource("s", "[1]", 0, false)).toBeUndefined();
    store.putSources("a", [{ ruleKey: "s", equalKey: "[1]", both: false }], null);
    expect(store.findSource("r", "[1]", 0, false)).toBe("b");
    expect(store.findSource("s", "[1]", 0, false)).toBe("a");
    store.deleteAlert("b");
    expect(store.findSource("r", "[1]", 0, false)).toBeUndefined();
  });

  it("keeps silences, live ones apart from those that have expired", () => {
    const store = open();
    store.putSilence(aSilence("s2"));
    store.putSilence(aSilence("s1"));
    store.putSilence(aSilence("s3", { due: null, endsAt: 40 }));
    expect(store.liveSilences().map(({ id }) => id)).toEqual(["s1", "s2"]);
    expect(store.findSilence("s3")?.endsAt).toBe(40);
    expect(store.dueSilences(99, 9)).toEqual([]);
    expect(store.dueSilences(100, 9)).toHaveLength(2);
    expect(store.oldSilences(40, 9)).toEqual([]);
    expect(store.oldSilences(41, 9).map(({ id }) => id)).toEqual(["s3"]);
    store.deleteSilence("s3");
    expect(store.findSilence("s3")).toBeUndefined();
  });
}

function groupsSuite(open: () => HubStore): void {
  it("keeps groups with their members and removes both at once", () => {
    const store = open();
    store.putGroup(aGroup("g2", 20));
    store.putGroup(aGroup("g1", 30));
    store.putMember({ groupKey: "g1", fingerprint: "b", verdicts: {} });
    store.putMember({ groupKey: "g1", fingerprint: "a", verdicts: { c1: "sent:x" } });
    store.putMember({ groupKey: "g2", fingerprint: "a", verdicts: {} });
    expect(store.members("g1").map(({ fingerprint }) => fingerprint)).toEqual(["a", "b"]);
    expect(store.findMember("g1", "a")?.verdicts).toEqual({ c1: "sent:x" });
    expect(store.groupsOf("a")).toEqual(["g1", "g2"]);
    expect(store.dueGroups(30, 9).map(({ key }) => key)).toEqual(["g2", "g1"]);
    expect(store.groups("g1", 9).map(({ key }) => key)).toEqual(["g2"]);
    store.putMember({ groupKey: "g1", fingerprint: "a", verdicts: { c1: "sent:y" } });
    expect(store.findMember("g1", "a")?.verdicts).toEqual({ c1: "sent:y" });
    store.deleteMember("g1", "b");
    expect(store.members("g1")).toHaveLength(1);
    store.deleteGroup("g1");
    expect(store.findGroup("g1")).toBeUndefined();
    expect(store.members("g1")).toEqual([]);
    expect(store.groupsOf("a")).toEqual(["g2"]);
  });

  it("keeps what each channel was told of each group", () => {
    const store = open();
    const told = {
      groupKey: "g",
      channelId: "c",
      firing: ["a"],
      resolved: [],
      at: 1,
      generation: 1,
      due: 90,
    };
    store.putTold(told);
    store.putTold({ ...told, channelId: "d", due: 80 });
    store.putTold({ ...told, generation: 2 });
    expect(store.findTold("g", "c")).toEqual({ ...told, generation: 2 });
    expect(store.findTold("g", "e")).toBeUndefined();
    expect(store.dueTold(89, 9).map(({ channelId }) => channelId)).toEqual(["d"]);
    store.deleteTold("g", "d");
    expect(store.firstDue()).toBe(90);
  });
}

function besidesSuite(open: () => HubStore): void {
  it("begins with an empty head and a routing that tells nobody", () => {
    const store = open();
    expect(store.readHead()).toEqual(newHubHead);
    expect(store.readConfig()).toEqual(emptyRouting);
    store.writeHead({ ...newHubHead, alerts: 3 });
    store.writeConfig({ ...emptyRouting, receivers: [] });
    expect(store.readHead().alerts).toBe(3);
    expect(store.readConfig().receivers).toEqual([]);
  });

  it("keeps the uses of channels and the notifications on their way", () => {
    const store = open();
    store.putChannel({ channelId: "c", sends: [1, 2], digestGroups: ["g"], due: 70 });
    store.putChannel({ channelId: "d", sends: [], digestGroups: [], due: null });
    expect(store.findChannel("c")?.sends).toEqual([1, 2]);
    expect(store.dueChannels(70, 9).map(({ channelId }) => channelId)).toEqual(["c"]);
    const row = aNotification("n1", 60);
    store.putNotification(row);
    store.putNotification(aNotification("n2", 50));
    expect(store.findNotification("n1")).toEqual(row);
    expect(store.dueNotifications(60, 9).map(({ id }) => id)).toEqual(["n2", "n1"]);
    expect(store.firstDue()).toBe(50);
    store.deleteNotification("n2");
    expect(store.firstDue()).toBe(60);
  });

  it("reads the timeline of one alert backwards from an instant, and trims the oldest", () => {
    const store = open();
    for (const [seq, fingerprint, at] of [
      [1, "a", 10],
      [2, "b", 10],
      [3, "a", 20],
      [4, "a", 30],
    ] as const) {
      store.appendTimeline({ seq, fingerprint, at, type: "fired", data: { n: seq } });
    }
    const seqs = (until: number, limit = 9) => store.timeline("a", until, limit).map(({ seq }) => seq);
    expect(seqs(20)).toEqual([3, 1]);
    expect(seqs(99, 2)).toEqual([4, 3]);
    expect(store.timeline("b", 10, 1)[0]?.data).toEqual({ n: 2 });
    store.trimTimeline(10, 9);
    expect(seqs(99)).toEqual([4, 3, 1]);
    store.trimTimeline(25, 2);
    expect(seqs(99)).toEqual([4, 3]);
    store.trimTimeline(25, 9);
    expect(seqs(99)).toEqual([4]);
  });
}
