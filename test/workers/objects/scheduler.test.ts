import { evictDurableObject, runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { beforeAll, describe, expect, it } from "vitest";
import { schedulerOf } from "../../../src/platform/objects.ts";
import { runSchedule } from "../../../src/schedule.ts";
import { bindings, eventually, newWorld } from "../support/world.ts";

type World = Awaited<ReturnType<typeof newWorld>>;

/** Every second from a moment ago on: the first run is due at once. */
const eachSecond = () => ({
  kind: "interval",
  everyMs: 1000,
  anchorAt: new Date(Date.now() - 500).toISOString(),
});

describe("the scheduler", () => {
  let world: World;
  let dataset: string;
  beforeAll(async () => {
    world = await newWorld();
    dataset = (await world.dataset(2)).id;
  });

  const create = async (more: object) =>
    (
      await world.ok("POST /v1/schedules", {
        json: {
          name: world.name("schedule"),
          action: { kind: "run", run: { dataset, metrics: ["exact_match"] } },
          ...more,
        },
      })
    ).body as { id: string; version: number };
  const runsOf = async (id: string) =>
    (await world.ok(`GET /v1/schedules/${id}/runs`)).body.items as {
      scheduledFor: string;
      state: string;
      jobId: string | null;
    }[];
  const scheduler = () => schedulerOf(bindings, world.tenantId);
  const startedOf = (id: string) =>
    eventually("a run was started", async () => {
      const runs = (await runsOf(id)).filter(({ state }) => state === "started");
      return runs.length > 0 && runs;
    });

  it("submits an evaluation for each scheduled time, once", async () => {
    const { id } = await create({ schedule: { kind: "once", at: new Date(Date.now() + 300).toISOString() } });
    const [run, ...others] = await startedOf(id);
    expect(others).toEqual([]);
    expect((await world.ended(run?.jobId ?? "")).status).toBe("SUCCEEDED");
    await scheduler().rearm();
    await runDurableObjectAlarm(scheduler());
    expect(await runsOf(id)).toHaveLength(1);
  });

  it("forgets a schedule that was switched off, and goes on after an eviction", async () => {
    const { id, version } = await create({ schedule: eachSecond() });
    await startedOf(id);
    await evictDurableObject(scheduler());
    const before = (await runsOf(id)).length;
    await eventually("it went on", async () => (await runsOf(id)).length > before);
    await world.ok(`PATCH /v1/schedules/${id}`, {
      json: { enabled: false },
      headers: { "if-match": `"v${version}"` },
    });
    await eventually("it was told", () =>
      runInDurableObject(
        scheduler(),
        (_, { storage }) =>
          storage.sql.exec("select body from entries where id = ?", id).one()["body"] === null,
      ),
    );
    const stopped = (await runsOf(id)).length;
    await new Promise((resolve) => setTimeout(resolve, 1_300));
    expect(await runsOf(id)).toHaveLength(stopped);
    const times = (await runsOf(id)).map(({ scheduledFor }) => scheduledFor);
    expect(new Set(times).size).toBe(times.length);
  });

  it("gets its alarm back from the minute's cron when the platform lost it", async () => {
    const { id } = await create({
      schedule: { kind: "cron", expression: "0 9 * * 1-5", zone: "Asia/Seoul" },
    });
    // A schedule is decided at once when it is told: before that its alarm is about to run, or runs and reads as null.
    const alarm = () => runInDurableObject(scheduler(), (_, { storage }) => storage.getAlarm());
    await eventually("it was told and decided", async () => {
      const isKnown = await runInDurableObject(
        scheduler(),
        (_, { storage }) =>
          storage.sql.exec("select id from entries where id = ?", id).toArray().length === 1,
      );
      return isKnown && ((await alarm()) ?? 0) > Date.now() + 1_000;
    });
    await runInDurableObject(scheduler(), async (_, { storage }) => storage.deleteAlarm());
    expect(await alarm()).toBeNull();
    const works: Promise<unknown>[] = [];
    await runSchedule(bindings, new Date(), (work) => void works.push(work));
    await Promise.all(works);
    await eventually("the alarm is back", async () => (await alarm()) !== null);
    await world.ok(`DELETE /v1/schedules/${id}`);
  });

  it("tries a run again that could not start, and says why", async () => {
    const { id } = await create({
      schedule: { kind: "once", at: new Date(Date.now() + 200).toISOString() },
      action: { kind: "run", run: { dataset: "ds_nobody@1", metrics: ["exact_match"] } },
    });
    const failed = await eventually("it failed", async () =>
      (await runsOf(id)).find(({ state }) => state === "failed"),
    );
    expect(failed).toMatchObject({ jobId: null, reason: expect.stringContaining("data set") });
  });

  it("previews twenty runs with their wall clock, and refuses what never runs", async () => {
    const { body } = await world.ok("POST /v1/schedules:preview", {
      json: {
        schedule: { kind: "cron", expression: "0 9 * * 1-5", zone: "Asia/Seoul" },
        after: "2026-11-21T00:00:00Z",
      },
    });
    expect(body.runs).toHaveLength(20);
    expect(body.runs[0]).toEqual({
      scheduledFor: "2026-11-23T00:00:00.000Z",
      local: "2026-11-23T09:00:00+09:00",
      note: null,
    });
    const gap = await world.ok("POST /v1/schedules:preview", {
      json: {
        schedule: { kind: "cron", expression: "30 2 * * *", zone: "America/New_York" },
        after: "2027-03-14T00:00:00Z",
      },
    });
    expect(gap.body.runs[0]).toMatchObject({ local: "2027-03-14T03:00:00-04:00", note: "dst_gap" });
    const never = await world.call("POST /v1/schedules:preview", {
      json: { schedule: { kind: "cron", expression: "0 0 30 2 *" } },
    });
    expect(never).toMatchObject({ status: 422, body: { code: "schedules.never_runs" } });
    const wrong = await world.call("POST /v1/schedules:preview", {
      json: { schedule: { kind: "cron", expression: "61 * * * *" } },
    });
    expect(wrong).toMatchObject({ status: 422, body: { code: "schedules.cron_invalid" } });
  });
});
