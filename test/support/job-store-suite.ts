import { describe, expect, it } from "vitest";
import type { ChunkRow } from "../../src/modules/jobs/engine/job-row.ts";
import { type JobStore, newHotState, type StoredEvent } from "../../src/modules/jobs/engine/job-store.ts";
import { aJobRow, aSpec } from "./job-row.ts";

const chunk = (index: number): ChunkRow => ({
  jobId: "job_1",
  index,
  kind: "work",
  from: index * 2,
  to: index * 2 + 2,
  marks: "de",
  refs: [`ref-${index}`],
  token: index + 10,
  attempts: 1,
  costMicros: 5,
  at: 99,
  end: "complete",
});

const event = (seq: number, jobId = "job_1", at = seq * 10): StoredEvent => ({
  seq,
  jobId,
  jobSeq: seq,
  type: "job.progress",
  at,
  data: { n: seq },
  prev: seq - 1,
});

/** What every job store must do; `open` gives an empty one. */
export function jobStoreSuite(name: string, open: () => JobStore): void {
  describe(`the job store ${name}`, () => {
    rowsSuite(open);
    orderSuite(open);
    besidesSuite(open);
    eventsSuite(open);
  });
}

function rowsSuite(open: () => JobStore): void {
  it("gives back a job as it was inserted", () => {
    const store = open();
    const job = aJobRow({ spec: aSpec({ labels: { 팀: "보험" } }), deadUnits: [3] });
    store.insertJob(job);
    expect(store.findJob("job_1")).toEqual(job);
    expect(store.findJob("job_2")).toBeUndefined();
  });

  it("gives out rows that are private to the caller", () => {
    const store = open();
    store.insertJob(aJobRow());
    const first = store.findJob("job_1");
    if (first !== undefined) first.state = "DEAD";
    expect(store.findJob("job_1")?.state).toBe("READY");
  });

  it("refuses a second job with the same id", () => {
    const store = open();
    store.insertJob(aJobRow());
    expect(() => store.insertJob(aJobRow({ seq: 2 }))).toThrow();
  });

  it("replaces all but the specification unless it is told to", () => {
    const store = open();
    store.insertJob(aJobRow());
    const changed = aJobRow({ spec: aSpec({ priority: 9 }), state: "LEASED", costMicros: 7 });
    store.updateJob(changed, false);
    expect(store.findJob("job_1")).toMatchObject({ state: "LEASED", costMicros: 7, spec: { priority: 5 } });
    store.updateJob(changed, true);
    expect(store.findJob("job_1")?.spec.priority).toBe(9);
  });

  it("removes a job with its payload and its chunks", () => {
    const store = open();
    store.insertJob(aJobRow({ queue: "q", due: 5 }));
    store.writePayload("job_1", { big: true });
    store.insertChunk(chunk(0));
    store.deleteJob("job_1");
    expect(store.findJob("job_1")).toBeUndefined();
    expect(store.findPayload("job_1")).toBeUndefined();
    expect(store.findChunk("job_1", 0)).toBeUndefined();
    expect(store.heads("q", 1)).toEqual([]);
    expect(store.firstDue()).toBeNull();
  });
}

function orderSuite(open: () => JobStore): void {
  it("gives the heads of a queue by rank, then by order of submission", () => {
    const store = open();
    for (const [id, seq, rank] of [
      ["a", 3, 10],
      ["b", 1, 10],
      ["c", 2, -5.5],
    ] as const) {
      store.insertJob(aJobRow({ id, seq, rank, queue: "q" }));
    }
    store.insertJob(aJobRow({ id: "other", seq: 4, rank: -99, queue: "r" }));
    expect(store.heads("q", 2).map((job) => job.id)).toEqual(["c", "b"]);
    expect(store.heads("q", 9).map((job) => job.id)).toEqual(["c", "b", "a"]);
    expect(store.heads("nothing", 9)).toEqual([]);
  });

  it("moves a job between queues and out of them, whether its row was loaded or made anew", () => {
    const store = open();
    store.insertJob(aJobRow({ queue: "q", rank: 1 }));
    const loaded = store.findJob("job_1");
    if (loaded === undefined) throw new Error("the job is missing");
    loaded.queue = "r";
    store.updateJob(loaded, false);
    expect([store.heads("q", 1).length, store.heads("r", 1).length]).toEqual([0, 1]);
    loaded.rank = 7;
    store.updateJob(loaded, false);
    store.updateJob(aJobRow({ queue: null }), false);
    expect([store.heads("q", 1).length, store.heads("r", 1).length]).toEqual([0, 0]);
  });

  it("finds due jobs earliest first, and the first due time", () => {
    const store = open();
    for (const [id, seq, due] of [
      ["late", 1, 300],
      ["now", 2, 200],
      ["early", 3, 100],
      ["never", 4, null],
    ] as const) {
      store.insertJob(aJobRow({ id, seq, due }));
    }
    expect(store.firstDue()).toBe(100);
    expect(store.dueJobs(200, 9).map((job) => job.id)).toEqual(["early", "now"]);
    expect(store.dueJobs(200, 1).map((job) => job.id)).toEqual(["early"]);
    const early = store.findJob("early");
    if (early !== undefined) store.updateJob({ ...early, due: null }, false);
    expect(store.firstDue()).toBe(200);
  });
}

function besidesSuite(open: () => JobStore): void {
  it("keeps counters and configuration as they were written", () => {
    const store = open();
    expect(store.readHot()).toEqual(newHotState());
    const hot = { ...newHotState(), jobSeq: 4, permits: { "t1|fast": [[5, 2]] as [number, number][] } };
    store.writeHot(hot);
    expect(store.readHot()).toEqual(hot);
    expect(store.readConfig()).toEqual({ tenants: {}, pauses: {} });
    store.writeConfig({ tenants: { t1: { concurrency: 3 } }, pauses: {} });
    expect(store.readConfig().tenants.t1?.concurrency).toBe(3);
  });

  it("keeps large payloads apart and replaces them", () => {
    const store = open();
    store.writePayload("job_1", { text: "가".repeat(5_000) });
    store.writePayload("job_1", [1, null, "x"]);
    expect(store.findPayload("job_1")).toEqual([1, null, "x"]);
  });

  it("closes a chunk once and lists chunks by index", () => {
    const store = open();
    for (const index of [2, 0, 1]) store.insertChunk(chunk(index));
    expect(() => store.insertChunk(chunk(1))).toThrow();
    expect(store.findChunk("job_1", 2)).toEqual(chunk(2));
    expect(store.chunks("job_1", -1, 9).map((row) => row.index)).toEqual([0, 1, 2]);
    expect(store.chunks("job_1", 0, 1).map((row) => row.index)).toEqual([1]);
    expect(store.chunks("job_2", -1, 9)).toEqual([]);
  });

  it("lists links in order after a position, and replaces one at the same place", () => {
    const store = open();
    for (const seq of [5, 1, 3]) store.addLink("s|key", seq, `job_${seq}`);
    store.addLink("s|other", 2, "job_2");
    store.addLink("s|key", 3, "job_again");
    expect(store.links("s|key", 1, 9)).toEqual([
      { seq: 3, jobId: "job_again" },
      { seq: 5, jobId: "job_5" },
    ]);
    store.removeLink("s|key", 3);
    store.removeLink("s|key", 4);
    expect(store.links("s|key", 0, 9).map((link) => link.seq)).toEqual([1, 5]);
    expect(store.links("s|key", 0, 1).map((link) => link.seq)).toEqual([1]);
  });

  it("keeps and forgets what a key uses", () => {
    const store = open();
    expect(store.findKey("t1|k")).toBeUndefined();
    store.writeKey("t1|k", { admitted: 1, running: 1, parked: 4 });
    expect(store.findKey("t1|k")).toEqual({ admitted: 1, running: 1, parked: 4 });
    store.writeKey("t1|k", null);
    expect(store.findKey("t1|k")).toBeUndefined();
  });
}

function eventsSuite(open: () => JobStore): void {
  it("finds each event by its number, however many were appended at once", () => {
    const store = open();
    const events = Array.from({ length: 200 }, (_, i) => event(i + 1));
    store.appendEvents(events.slice(0, 1));
    store.appendEvents(events.slice(1, 150));
    store.appendEvents(events.slice(150));
    for (const seq of [1, 2, 65, 150, 151, 200]) expect(store.findEvent(seq)).toEqual(events[seq - 1]);
    expect(store.findEvent(0)).toBeUndefined();
    expect(store.findEvent(201)).toBeUndefined();
  });

  it("reads events in order from any position", () => {
    const store = open();
    store.appendEvents(Array.from({ length: 100 }, (_, i) => event(i + 1)));
    store.appendEvents([event(101), event(102)]);
    expect(store.eventsFrom(0, 2).map(({ seq }) => seq)).toEqual([1, 2]);
    expect(store.eventsFrom(99, 9).map(({ seq }) => seq)).toEqual([100, 101, 102]);
    expect(store.eventsFrom(102, 9)).toEqual([]);
    expect(store.eventsFrom(30, 60).length).toBe(60);
  });

  it("forgets old events and keeps the later ones where they were", () => {
    const store = open();
    store.appendEvents([event(1), event(2)]);
    store.appendEvents([event(3), event(4)]);
    expect(store.trimEvents(30, 100)).toBe(2);
    expect(store.findEvent(2)).toBeUndefined();
    expect(store.findEvent(3)?.seq).toBe(3);
    expect(store.eventsFrom(0, 9).map(({ seq }) => seq)).toEqual([3, 4]);
    expect(store.trimEvents(30, 100)).toBe(0);
  });
}
