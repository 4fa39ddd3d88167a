import { beforeAll, describe, expect, it } from "vitest";
import { app } from "../../../src/app.ts";
import { bindings, eventually, newWorld } from "../support/world.ts";

type World = Awaited<ReturnType<typeof newWorld>>;

const rule = (more: object = {}) => ({
  name: "cpu high",
  key: ["data.host"],
  keyLabels: ["host"],
  trigger: { kind: "filter", value: "data.cpu" },
  condition: { kind: "static", of: "value", open: { op: ">", value: 80 }, close: { op: "<", value: 70 } },
  labels: { severity: "critical" },
  annotations: { summary: "{{ key[0] }} is busy" },
  ...more,
});

describe("rules", () => {
  let world: World;
  let address: string;
  let sent = 0;

  beforeAll(async () => {
    world = await newWorld();
    const { body } = await world.ok("POST /v1/sources", {
      json: { name: "hosts", kind: "cloudevents", proof: "token" },
    });
    address = `/in/${body.id}/${body.token}`;
  });

  const send = async (host: string, cpu: number, id = `e${sent++}`) => {
    const event = { specversion: "1.0", id, source: "/hosts", type: "host.cpu", data: { host, cpu } };
    const request = new Request(`https://maru.test${address}`, {
      method: "POST",
      headers: { "content-type": "application/cloudevents+json" },
      body: JSON.stringify(event),
    });
    const works: Promise<unknown>[] = [];
    const context = {
      waitUntil: (work: Promise<unknown>) => void works.push(work),
      passThroughOnException() {},
      props: {},
    };
    const answer = await app.fetch(request, bindings, context as unknown as ExecutionContext);
    await Promise.all(works);
    return { status: answer.status, body: await answer.json<Record<string, unknown>>() };
  };
  const publish = async (definition: object) => {
    const { body } = await world.ok("POST /v1/rules", { json: { definition } });
    await world.ok(`POST /v1/rules/${body.id}/versions/1:validate`, { json: {} });
    await world.ok(`POST /v1/rules/${body.id}/versions/1:publish`, { json: {} });
    return body.id as string;
  };
  const alertOf = async (host: string) => {
    const { body } = await world.ok("GET /v1/alerts?limit=200");
    return (
      body.items as { status: string; labels: Record<string, string>; annotations: Record<string, string> }[]
    ).find(({ labels }) => labels.host === host);
  };

  it("turns events at a source's address into an alert that fires and resolves with hysteresis", async () => {
    const id = await publish(rule());
    await eventually("the engine knows the rule", async () => {
      await send("warm-up", 10);
      return (await world.ok(`GET /v1/rules/${id}/health`)).body.versions.length === 1;
    });
    expect(await send("db-1", 95)).toMatchObject({ status: 202, body: { accepted: 1 } });
    const firing = await eventually("it fires", async () => {
      const found = await alertOf("db-1");
      return found?.status === "firing" && found;
    });
    expect(firing).toMatchObject({
      labels: { alertname: "cpu high", host: "db-1", severity: "critical" },
      annotations: { summary: "db-1 is busy" },
    });
    await send("db-1", 75);
    expect((await alertOf("db-1"))?.status).toBe("firing");
    await send("db-1", 60);
    await eventually("it resolves", async () => (await alertOf("db-1"))?.status === "resolved");
    const explained = await world.ok(`POST /v1/rules/${id}:explain`, { json: { key: ["db-1"] } });
    expect(explained.body.trace.length).toBeGreaterThan(0);
  });

  it("takes an event twice and counts it once", async () => {
    const id = await publish(rule({ name: "counted", sources: { types: ["host.cpu"] } }));
    await eventually("the engine knows the rule", async () => {
      await send("warm-up", 10);
      return (await world.ok(`GET /v1/rules/${id}/health`)).body.versions.length === 1;
    });
    const before = (await world.ok(`GET /v1/rules/${id}/health`)).body.versions[0].counters;
    await send("twin", 50, "same-id");
    await send("twin", 50, "same-id");
    const after = (await world.ok(`GET /v1/rules/${id}/health`)).body.versions[0].counters;
    expect([after.events - before.events, after.duplicates - before.duplicates]).toEqual([1, 1]);
    const sourceId = address.split("/")[2];
    const { body } = await world.ok(`GET /v1/sources/${sourceId}/set-aside`);
    expect(body.items).toEqual([expect.objectContaining({ reason: "duplicate", eventId: "same-id" })]);
  });

  it("goes back to the version that was live, and shows what a version changes", async () => {
    const id = await publish(rule({ name: "versions" }));
    await world.ok(`POST /v1/rules/${id}/versions`, {
      json: { definition: rule({ name: "versions", forMs: 60_000 }) },
    });
    const { body: diff } = await world.ok(`GET /v1/rules/${id}/versions/2:diff`);
    expect(diff).toMatchObject({
      from: 1,
      to: 2,
      compatibility: {
        effect: "carry",
        allowed: ["carry", "reset", "newLineage"],
        changes: [{ pointer: "/forMs", effect: "carry" }],
      },
      differences: [{ op: "replace", path: "/forMs", before: 0, value: 60_000 }],
    });
    await world.ok(`POST /v1/rules/${id}/versions/2:validate`, { json: {} });
    expect((await world.ok(`POST /v1/rules/${id}/versions/2:publish`, { json: {} })).body.liveVersion).toBe(
      2,
    );
    expect((await world.ok(`POST /v1/rules/${id}:rollback`, { json: {} })).body.liveVersion).toBe(1);
    expect((await world.call(`POST /v1/rules/${id}:rollback`, { json: {} })).body.code).toBe(
      "rules.nothing_to_roll_back",
    );
  });

  it("does to the state what the author chose, and names the choices when that can't be", async () => {
    const id = await publish(rule({ name: "state" }));
    const first = (await world.ok(`GET /v1/rules/${id}`)).body;
    const add = async (version: number, more: object) => {
      await world.ok(`POST /v1/rules/${id}/versions`, {
        json: { definition: rule({ name: "state", ...more }) },
      });
      await world.ok(`POST /v1/rules/${id}/versions/${version}:validate`, { json: {} });
      return (json: object) => world.call(`POST /v1/rules/${id}/versions/${version}:publish`, { json });
    };
    const longer = await add(2, { forMs: 60_000 });
    const { body: reset } = await longer({ state: "reset" });
    expect(reset).toMatchObject({ lineage: first.lineage, stateEpoch: first.stateEpoch + 1 });

    const rekeyed = await add(3, { key: ["data.host", "data.disk"], keyLabels: ["host", "disk"] });
    const refused = await rekeyed({ state: "carry" });
    expect(refused.status).toBe(422);
    expect(refused.body).toMatchObject({
      code: "rules.state_refused",
      errors: [{ pointer: "/state", message: expect.stringContaining("newLineage") }],
    });
    const { body: other } = await rekeyed({});
    expect(other.lineage).not.toBe(first.lineage);
    const back = await world.ok(`POST /v1/rules/${id}:rollback`, { json: {} });
    expect([first.lineage, other.lineage]).not.toContain(back.body.lineage);
  });

  it("refuses an expression that is wrong with a pointer to it", async () => {
    const answer = await world.call("POST /v1/rules", {
      json: { definition: rule({ name: "wrong", condition: { kind: "expression", open: "value >" } }) },
    });
    expect(answer.status).toBe(422);
    expect(answer.body.errors[0].pointer).toBe("/definition/condition/open");
  });

  it("refuses a wrong token and garbage, and lists what it set aside", async () => {
    const wrong = address.replace(/\/[^/]+$/, "/not-the-token");
    const answer = await app.fetch(
      new Request(`https://maru.test${wrong}`, {
        method: "POST",
        body: "{}",
        headers: { "content-type": "application/cloudevents+json" },
      }),
      bindings,
      { waitUntil() {}, passThroughOnException() {}, props: {} } as unknown as ExecutionContext,
    );
    expect(answer.status).toBe(401);
  });
});
