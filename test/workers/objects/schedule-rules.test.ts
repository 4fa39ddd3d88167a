import { evictDurableObject, runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { beforeAll, describe, expect, it } from "vitest";
import { engineOf } from "../../../src/platform/objects.ts";
import { runSchedule } from "../../../src/schedule.ts";
import { newPolledRules } from "../support/polled-rules.ts";
import { bindings, eventually, newWorld, sleep, type World } from "../support/world.ts";

const weekdays = { kind: "cron", expression: "0 9 * * 1-5", zone: "Asia/Seoul" };
const eachSecond = () => ({
  kind: "interval",
  everyMs: 1000,
  anchorAt: new Date(Date.now() - 500).toISOString(),
});

interface Run {
  readonly scheduledFor: string;
  readonly state: string;
  readonly reason: string | null;
}

describe("schedule rules", () => {
  let world: World;
  let rules: ReturnType<typeof newPolledRules>;
  beforeAll(async () => {
    world = await newWorld();
    rules = newPolledRules(world);
  });

  const publish = (schedule: object, more: object = {}) =>
    rules.publish({ trigger: { kind: "schedule", schedule }, outcome: "match", ...more });
  const runsOf = async (id: string): Promise<Run[]> =>
    (await world.ok(`GET /v1/rules/${id}/runs`)).body.items;
  const started = (id: string) =>
    eventually("a run was started", async () => {
      const runs = (await runsOf(id)).filter(({ state }) => state === "started");
      return runs.length > 0 && runs;
    });
  const matches = async (id: string) => (await rules.health(id)).versions[0].counters.matches;

  it("match once at each of their times, whatever happens to the objects", async () => {
    const id = await publish({ kind: "once", at: new Date(Date.now() + 500).toISOString() });
    const [run, ...others] = await started(id);
    expect(others).toEqual([]);
    expect(await matches(id)).toBe(1);
    const { lineage } = (await world.ok(`GET /v1/rules/${id}`)).body;
    const engine = engineOf(bindings, world.tenantId);
    expect(await engine.run(lineage, Date.parse(run?.scheduledFor ?? ""))).toBe(true);
    await evictDurableObject(engine);
    expect(await engine.run(lineage, Date.parse(run?.scheduledFor ?? ""))).toBe(true);
    expect(await engine.run("rul_nobody.1", Date.now())).toBe(false);
    await evictDurableObject(rules.scheduler());
    await rules.scheduler().rearm();
    await runDurableObjectAlarm(rules.scheduler());
    expect(await matches(id)).toBe(1);
    expect(await runsOf(id)).toHaveLength(1);
    expect(await rules.alerts(id)).toHaveLength(1);
  });

  it("preview their next twenty runs, live or not", async () => {
    const definition = { name: world.name("draft"), trigger: { kind: "schedule", schedule: weekdays } };
    const { id } = (await world.ok("POST /v1/rules", { json: { definition } })).body;
    const draft = await world.ok(`GET /v1/rules/${id}/preview?count=20&after=2026-11-21T00:00:00Z`);
    expect(draft.body).toMatchObject({ version: 1, atWork: false });
    expect(draft.body.runs).toHaveLength(20);
    expect(draft.body.runs[0]).toEqual({
      scheduledFor: "2026-11-23T00:00:00.000Z",
      local: "2026-11-23T09:00:00+09:00",
      note: null,
    });
    expect((await world.ok(`GET /v1/rules/${id}/preview`)).body.runs).toHaveLength(20);
    const live = await publish(weekdays);
    expect((await world.ok(`GET /v1/rules/${live}/preview?count=1`)).body).toMatchObject({ atWork: true });
    const events = {
      name: world.name("events"),
      trigger: { kind: "filter" },
      condition: { kind: "expression", open: "true" },
    };
    const other = (await world.ok("POST /v1/rules", { json: { definition: events } })).body.id;
    expect((await world.call(`GET /v1/rules/${other}/preview`)).body.code).toBe("rules.no_times");
  });

  it("are refused with a pointer when they can't be read or never run", async () => {
    const refused = async (trigger: object, more: object = {}) => {
      const definition = { name: world.name("refused"), trigger: { kind: "schedule", ...trigger }, ...more };
      const { status, body } = await world.call("POST /v1/rules", { json: { definition } });
      return [status, body.code, body.errors[0].pointer];
    };
    const at = "/definition/trigger/schedule";
    expect(await refused({ schedule: { kind: "cron", expression: "0 0 30 2 *" } })).toEqual([
      422,
      "rules.never_runs",
      at,
    ]);
    const wrong = await refused({ schedule: { kind: "cron", expression: "61 * * * *" } });
    expect(wrong.slice(0, 2)).toEqual([422, "rules.definition"]);
    expect(wrong[2]).toContain(at);
    expect(await refused({ schedule: weekdays }, { key: ["data.host"] })).toEqual([
      422,
      "rules.definition",
      "/definition/key",
    ]);
  });

  it("follow the rule: other times, switched off, another lineage", async () => {
    const id = await publish(eachSecond());
    await started(id);
    await world.ok(`PATCH /v1/rules/${id}`, { json: { enabled: false } });
    await eventually("it stopped", async () => !(await rules.isKnown(id)));
    const stopped = (await runsOf(id)).length;
    await sleep(1_300);
    expect(await runsOf(id)).toHaveLength(stopped);
    await world.ok(`PATCH /v1/rules/${id}`, { json: { enabled: true } });
    await eventually("it went on", async () => (await runsOf(id)).length > stopped);
    const definition = (await world.ok(`GET /v1/rules/${id}/versions/1`)).body.definition;
    const edited = { ...definition, trigger: { ...definition.trigger, schedule: weekdays } };
    await world.ok(`POST /v1/rules/${id}/versions`, { json: { definition: edited } });
    await world.ok(`POST /v1/rules/${id}/versions/2:validate`, { json: {} });
    await world.ok(`POST /v1/rules/${id}/versions/2:publish`, { json: {} });
    await eventually("its times are others", () =>
      rules.inStorage((sql) => {
        const [entry] = sql
          .exec<{ wakeAt: number | null }>(
            "select wake_at as wakeAt from entries where body is not null and id like ?",
            `rule:${id}%`,
          )
          .toArray();
        return (entry?.wakeAt ?? 0) > Date.now() + 60_000;
      }),
    );
    const times = (await runsOf(id)).map(({ scheduledFor }) => scheduledFor);
    expect(new Set(times).size).toBe(times.length);
  });

  it("get their alarm back from the minute's cron, which starts what was missed once", async () => {
    const at = Date.now() + 3_000;
    const id = await publish({ kind: "once", at: new Date(at).toISOString() });
    const alarm = () => runInDurableObject(rules.scheduler(), (_, { storage }) => storage.getAlarm());
    // A plan is decided at once when it is told: its alarm is set again by that.
    await eventually("the alarm is lost for good", async () => {
      await runInDurableObject(rules.scheduler(), async (_, { storage }) => storage.deleteAlarm());
      await sleep(100);
      return (await alarm()) === null;
    });
    await sleep(at + 100 - Date.now());
    expect(await runsOf(id)).toEqual([]);
    const works: Promise<unknown>[] = [];
    await runSchedule(bindings, new Date(), (work) => void works.push(work));
    await Promise.all(works);
    expect(await started(id)).toHaveLength(1);
    expect(await matches(id)).toBe(1);
  });

  it("are recorded as skipped while the scheduler is off, as schedules are, and go on afterwards", async () => {
    const dataset = (await world.dataset(2)).id;
    await world.ok("PUT /v1/settings/scheduler.enabled", { json: { value: false } });
    await eventually("it is off", () =>
      rules.inStorage((sql) =>
        sql
          .exec("select body from told where what = 'settings'")
          .toArray()
          .some(({ body }) => String(body).includes("scheduler")),
      ),
    );
    const id = await publish(eachSecond());
    const schedule = await world.ok("POST /v1/schedules", {
      json: {
        name: world.name("schedule"),
        schedule: { kind: "once", at: new Date(Date.now() + 300).toISOString() },
        action: { kind: "run", run: { dataset, metrics: ["exact_match"] } },
      },
    });
    const skipped = await eventually("runs are skipped", async () => {
      const runs = await runsOf(id);
      return runs.length > 1 && runs;
    });
    expect(new Set(skipped.map(({ state, reason }) => `${state}: ${reason}`))).toEqual(
      new Set(["skipped: The scheduler is off."]),
    );
    const own = await eventually("the schedule is skipped", async () => {
      const { body } = await world.ok(`GET /v1/schedules/${schedule.body.id}/runs`);
      return body.items.length > 0 && body.items;
    });
    expect(own).toMatchObject([{ state: "skipped", jobId: null }]);
    expect((await rules.health(id)).versions[0]?.counters.matches ?? 0).toBe(0);
    await world.ok("DELETE /v1/settings/scheduler.enabled");
    await started(id);
    await world.ok(`PATCH /v1/rules/${id}`, { json: { enabled: false } });
  });
});
