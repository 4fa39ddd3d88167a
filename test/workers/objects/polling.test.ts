import { evictDurableObject, runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { beforeAll, describe, expect, it } from "vitest";
import { engineOf } from "../../../src/platform/objects.ts";
import { runSchedule } from "../../../src/schedule.ts";
import type { ScriptedAnswer } from "../../support/http-receiver.ts";
import { newPolledRules, seldomMs } from "../support/polled-rules.ts";
import { newReceiver } from "../support/receiver.ts";
import { bindings, eventually, newWorld, sleep, type World } from "../support/world.ts";

const json = (body: unknown, more: object = {}) => ({
  status: 200,
  headers: { "content-type": "application/json" },
  body: JSON.stringify(body),
  always: true as const,
  ...more,
});
const vector = (...series: readonly [Record<string, string>, string][]) => ({
  status: "success",
  data: {
    resultType: "vector",
    result: series.map(([metric, value]) => ({ metric, value: [Date.now() / 1000, value] })),
  },
});

describe("metric rules", () => {
  let world: World;
  let rules: ReturnType<typeof newPolledRules>;
  beforeAll(async () => {
    world = await newWorld();
    rules = newPolledRules(world);
  });

  const source = async (...answers: readonly ScriptedAnswer[]) => {
    const receiver = newReceiver();
    await receiver.answer(...answers);
    return receiver;
  };

  it("polls by itself at the rule's interval, and one series above the limit becomes an alert", async () => {
    const receiver = await source(
      json(vector([{ __name__: "cpu", host: "db-1" }, "91"], [{ __name__: "cpu", host: "db-2" }, "12"])),
    );
    await world.ok("PUT /v1/secrets/prom_token", { json: { value: "token-of-prometheus" } });
    const metric = {
      format: "prometheus",
      url: receiver.url,
      query: "cpu",
      intervalMs: 10_000,
      secretName: "prom_token",
    };
    const id = await rules.metric(metric);
    const last = await rules.polled(id, 14_000);
    expect(last).toMatchObject({ state: "ok", series: 2, detail: null });
    const [request] = await receiver.requests();
    expect(request?.headers["authorization"]).toBe("Bearer token-of-prometheus");
    const { pathname, searchParams } = new URL(request?.path ?? "", receiver.url);
    expect(pathname.endsWith("/api/v1/query")).toBe(true);
    expect(searchParams.get("query")).toBe("cpu");
    expect(Number(searchParams.get("time")) * 1000).toBe(Date.parse(last.dueAt));
    const [alert, ...others] = await eventually("it fires", async () => {
      const found = await rules.alerts(id);
      return found.length > 0 && found;
    });
    expect(others).toEqual([]);
    expect(alert).toMatchObject({ status: "firing", labels: { host: "db-1" } });
  }, 30_000);

  it("reads the elements of a JSON list, each with its own labels", async () => {
    const hosts = {
      hosts: [
        { name: "a", cpu: 95 },
        { name: "b", cpu: 15 },
        { name: "c", cpu: "99.5" },
      ],
    };
    const receiver = await source(json(hosts));
    const id = await rules.metric({
      url: receiver.url,
      select: "$.hosts[*]",
      value: "/cpu",
      labels: { host: "/name" },
    });
    await rules.poll(id);
    const firing = await eventually("they fire", async () => {
      const found = await rules.alerts(id);
      return found.length === 2 && found;
    });
    expect(firing.map(({ labels }) => labels.host).sort()).toEqual(["a", "c"]);
  });

  it("counts a due time once, however often it comes", async () => {
    const receiver = await source(json(50));
    const id = await rules.metric({ url: receiver.url });
    await rules.poll(id);
    const { dueAt } = await rules.polled(id);
    const { lineage } = (await world.ok(`GET /v1/rules/${id}`)).body;
    const engine = engineOf(bindings, world.tenantId);
    const before = (await rules.health(id)).versions[0].counters.steps;
    const result = { ok: true as const, rows: [{ labels: {}, value: 99 }] };
    expect(await engine.samples(lineage, Date.parse(dueAt), seldomMs, result)).toBe(true);
    expect(await engine.samples(lineage, Date.parse(dueAt) - 1, seldomMs, result)).toBe(true);
    expect((await rules.health(id)).versions[0].counters.steps).toBe(before);
    await evictDurableObject(engine);
    expect(await engine.samples(lineage, Date.parse(dueAt), seldomMs, result)).toBe(true);
    expect(await engine.samples("rul_nobody.1", Date.parse(dueAt), seldomMs, result)).toBe(false);
    expect(await rules.alerts(id)).toEqual([]);
  });

  it("tells no data, no value and each kind of error apart", async () => {
    const answers = {
      empty: json(vector()),
      nan: json(vector([{ host: "a" }, "NaN"])),
      failing: { status: 500, body: "{}", always: true as const },
      named: json({ status: "error", errorType: "bad_data", error: "parse error" }, { status: 400 }),
      moved: { status: 302, headers: { location: "https://example.com/" }, always: true as const },
      huge: { body: `"${"x".repeat(1_100_000)}"`, always: true as const },
      text: { body: "<html>", always: true as const },
      slow: json(vector([{}, "1"]), { delayMs: 3_000 }),
    };
    const own = { use: "ownAlert", afterMs: 0 };
    const made = await Promise.all(
      Object.entries(answers).map(async ([name, answer]) => {
        const { url } = await source(answer);
        const metric = { format: "prometheus", url, query: "cpu", timeoutMs: name === "slow" ? 300 : 5_000 };
        return [name, await rules.metric(metric, { noData: own, error: own })] as const;
      }),
    );
    await rules.poll(...made.map(([, id]) => id));
    const told = Object.fromEntries(
      await Promise.all(made.map(async ([name, id]) => [name, await rules.polled(id)] as const)),
    );
    expect(told.empty).toMatchObject({ state: "noData", series: 0, detail: "There is no series." });
    expect(told.nan).toMatchObject({ state: "noData", series: 1, detail: "No series has a value." });
    expect(told.failing).toMatchObject({ state: "error", detail: "The source answered 500." });
    expect(told.named).toMatchObject({ state: "error", detail: "The source answered 400: parse error." });
    expect(told.moved).toMatchObject({ state: "error", detail: expect.stringContaining("redirect") });
    expect(told.huge).toMatchObject({ state: "error", detail: expect.stringContaining("larger than") });
    expect(told.text).toMatchObject({ state: "error", detail: "The answer is not JSON." });
    expect(told.slow).toMatchObject({ state: "error", detail: expect.stringContaining("300 ms") });
    for (const [name, id] of made) {
      const health = await rules.health(id);
      expect(health.polls[0].failures, name).toBe(told[name]?.state === "error" ? 1 : 0);
      const { body } = await world.ok(`POST /v1/rules/${id}:explain`, { json: { key: [] } });
      expect(body.trace.at(-1).verdict, name).toBe(told[name]?.state === "error" ? "error" : "unknown");
      const alerts = await eventually(`the alert of ${name}`, async () => {
        const found = await rules.alerts(id);
        return found.length > 0 && found;
      });
      expect(alerts).toHaveLength(1);
    }
  }, 30_000);

  it("asks a tenant's sources so many at a time as it allows; a slow one keeps nobody else waiting", async () => {
    await world.ok("PUT /v1/settings/polling.concurrency", { json: { value: 3 } });
    await eventually("it is told", () =>
      rules.inStorage((sql) =>
        sql
          .exec("select body from told where what = 'settings'")
          .toArray()
          .some(({ body }) => String(body).includes("3")),
      ),
    );
    const receiver = newReceiver();
    const { always: _, ...once } = json(1);
    await receiver.answer({ ...once, delayMs: 4_000 }, json(2, { delayMs: 100 }));
    const ids = await Promise.all(
      Array.from({ length: 9 }, (_, n) => rules.metric({ url: `${receiver.url}/${n}` })),
    );
    const from = Date.now();
    await rules.poll(...ids);
    const done = new Map<string, number>();
    for (const id of ids) done.set(id, await rules.polled(id).then(() => Date.now() - from));
    const requests = await receiver.requests();
    expect(requests).toHaveLength(9);
    expect(Math.max(...requests.map(({ going }) => going))).toBe(3);
    const slow = requests[0]?.at ?? 0;
    const early = requests.filter(({ at }) => at - slow < 3_900);
    expect(early).toHaveLength(9);
    await world.ok("DELETE /v1/settings/polling.concurrency");
  }, 30_000);

  it("never asks the same target twice at once", async () => {
    const receiver = await source(json(1, { delayMs: 200 }));
    const ids = await Promise.all(Array.from({ length: 4 }, () => rules.metric({ url: receiver.url })));
    await rules.poll(...ids);
    await Promise.all(ids.map((id) => rules.polled(id)));
    expect((await receiver.requests()).map(({ going }) => going)).toEqual([1, 1, 1, 1]);
  });

  it("is not taken twice by consumers, and counts as an error when none comes back", async () => {
    const receiver = await source(json(1));
    const id = await rules.metric({ url: receiver.url });
    const pollId = await rules.inStorage((sql) =>
      String(sql.exec("select id from polls where rule_id = ?", id).one()["id"]),
    );
    const dueAt = Date.now() - 5_000;
    const asked = (until: number) =>
      rules.inStorage((sql) =>
        sql.exec(
          "update polls set next_at = ?, asked_at = ?, until = ? where id = ?",
          Date.now() + 600_000,
          dueAt,
          until,
          pollId,
        ),
      );
    await asked(Date.now() + 60_000);
    const { scheduler } = rules;
    expect(await scheduler().nextPoll()).toMatchObject({ dueAt, intervalMs: seldomMs, timeoutMs: 10_000 });
    expect(await scheduler().nextPoll()).toBeNull();
    await scheduler().giveBackPoll(pollId, dueAt);
    expect(await scheduler().nextPoll()).toMatchObject({ dueAt, entry: { id: pollId } });
    await asked(Date.now() - 1);
    await scheduler().rearm();
    await runDurableObjectAlarm(scheduler());
    const last = await rules.polled(id);
    expect(last).toMatchObject({ state: "error", detail: expect.stringContaining("lost"), tookMs: null });
    const { body } = await world.ok(`POST /v1/rules/${id}:explain`, { json: { key: [] } });
    expect(body.trace.at(-1)).toMatchObject({ verdict: "error" });
  });

  it("follows the rule: another metric, switched off, switched on", async () => {
    const receiver = await source(json(1));
    const id = await rules.metric({ url: receiver.url });
    const polls = () =>
      rules.inStorage((sql) =>
        sql.exec<{ id: string }>("select id from polls where rule_id = ?", id).toArray(),
      );
    const [before] = await polls();
    const definition = (await world.ok(`GET /v1/rules/${id}/versions/1`)).body.definition;
    const edited = structuredClone(definition);
    edited.trigger.metric.select = "/cpu";
    await world.ok(`POST /v1/rules/${id}/versions`, { json: { definition: edited } });
    await world.ok(`POST /v1/rules/${id}/versions/2:validate`, { json: {} });
    await world.ok(`POST /v1/rules/${id}/versions/2:publish`, { json: {} });
    await eventually("it follows", async () => {
      const now = await polls();
      return now.length === 1 && now[0]?.id !== before?.id;
    });
    await world.ok(`PATCH /v1/rules/${id}`, { json: { enabled: false } });
    await eventually("it is forgotten", async () => (await polls()).length === 0);
    await world.ok(`PATCH /v1/rules/${id}`, { json: { enabled: true } });
    await eventually("it is polled again", async () => (await polls()).length === 1);
  });

  it("gets its alarm back from the minute's cron when the platform lost it", async () => {
    const receiver = await source(json(1));
    await rules.metric({ url: receiver.url });
    const alarm = () => runInDurableObject(rules.scheduler(), (_, { storage }) => storage.getAlarm());
    await eventually("the alarm is lost for good", async () => {
      await runInDurableObject(rules.scheduler(), async (_, { storage }) => storage.deleteAlarm());
      await sleep(100);
      return (await alarm()) === null;
    });
    const works: Promise<unknown>[] = [];
    await runSchedule(bindings, new Date(), (work) => void works.push(work));
    await Promise.all(works);
    await eventually("the alarm is back", async () => (await alarm()) !== null);
  });

  it("shows when it polls next, and refuses what can't be polled with a pointer", async () => {
    const receiver = newReceiver();
    const id = await rules.metric({ url: receiver.url, intervalMs: 60_000 });
    const { body } = await world.ok(`GET /v1/rules/${id}/preview?count=3`);
    const [a, b, c] = (body.runs as { scheduledFor: string }[]).map(({ scheduledFor }) =>
      Date.parse(scheduledFor),
    );
    expect([(b ?? 0) - (a ?? 0), (c ?? 0) - (b ?? 0)]).toEqual([60_000, 60_000]);
    expect(new Date((await rules.health(id)).polls[0].nextAt).getTime()).toBe(a);
    const refused = async (metric: object) => {
      const definition = {
        name: world.name("refused"),
        trigger: { kind: "metric", metric: { format: "json", ...metric } },
        condition: { kind: "static", of: "value", open: { op: ">", value: 1 } },
      };
      const { status, body: problem } = await world.call("POST /v1/rules", { json: { definition } });
      return [status, problem.code, problem.errors[0].pointer];
    };
    const url = "/definition/trigger/metric/url";
    expect(await refused({ url: "http://example.com/" })).toEqual([403, "rules.host_refused", url]);
    expect(await refused({ url: "https://192.168.0.1/" })).toEqual([403, "rules.host_refused", url]);
    expect(await refused({ url: "https://db.internal/" })).toEqual([403, "rules.host_refused", url]);
    expect(await refused({ url: "https://a:b@example.com/" })).toEqual([422, "rules.definition", url]);
    expect(await refused({ url: "https://example.com/", select: "$[?match(@.a, 'x')]" })).toEqual([
      422,
      "rules.definition",
      "/definition/trigger/metric/select",
    ]);
  });

  it("asks nobody while polling is off, and takes what was missed for missing data", async () => {
    const receiver = await source(json(1));
    const id = await rules.metric({ url: receiver.url });
    await world.ok("PUT /v1/settings/polling.enabled", { json: { value: false } });
    await eventually("it is off", async () => (await rules.health(id)).polls[0].nextAt === null);
    await rules.poll(id);
    await sleep(300);
    expect(await receiver.requests()).toEqual([]);
    expect((await rules.health(id)).polls[0].last).toBeNull();
    await world.ok("DELETE /v1/settings/polling.enabled");
    await eventually("it is on", async () => (await rules.health(id)).polls[0].nextAt !== null);
    await rules.poll(id);
    expect(await rules.polled(id)).toMatchObject({ state: "ok" });
  });

  it("are tried on what their polls came to", async () => {
    const receiver = await source(json(91));
    const id = await rules.metric({ url: receiver.url });
    const from = new Date(Date.now() - 1_000).toISOString();
    await rules.poll(id);
    await rules.polled(id);
    const to = new Date(Date.now() + 1_000).toISOString();
    const { body } = await world.ok(`POST /v1/rules/${id}:backtest`, { json: { version: 1, from, to } });
    expect(body.counts).toMatchObject({ events: 1, fired: 1 });
    expect(body.timeline).toMatchObject([{ to: "firing", values: { value: 91 }, cause: { by: "samples" } }]);
    expect(body.problems).toEqual([]);
    const refused = await world.call(`POST /v1/rules/${id}:backtest`, {
      json: { version: 1, events: [{ type: "x", time: from }] },
    });
    expect(refused.body).toMatchObject({ status: 422, errors: [{ pointer: "/events" }] });
  });

  it("never reaches another tenant's rules", async () => {
    const other = await newWorld();
    const receiver = await source(json(99));
    const id = await rules.metric({ url: receiver.url });
    await rules.poll(id);
    await rules.polled(id);
    expect((await other.call(`GET /v1/rules/${id}/health`)).status).toBe(404);
    expect((await other.call(`GET /v1/rules/${id}/preview`)).status).toBe(404);
    expect((await other.call(`GET /v1/rules/${id}/runs`)).status).toBe(404);
    expect(
      await newPolledRules(other).inStorage((sql) => sql.exec("select id from polls").toArray()),
    ).toEqual([]);
  });
});
