import { evictDurableObject, runInDurableObject } from "cloudflare:test";
import { beforeAll, describe, expect, it } from "vitest";
import { engineOf } from "../../../src/platform/objects.ts";
import { webhookSignature } from "../../../src/platform/webhooks/send-webhook.ts";
import { newActingRules } from "../support/acting-rules.ts";
import { newReceiver, type Receiver } from "../support/receiver.ts";
import { bindings, eventually, newWorld, type World } from "../support/world.ts";

const call = (url: string, settings: object = {}, more: object = {}) => ({
  id: "call",
  kind: "http",
  on: ["match"],
  settings: { url, ...settings },
  ...more,
});

describe("what rules do", () => {
  let world: World;
  let rules: Awaited<ReturnType<typeof newActingRules>>;
  beforeAll(async () => {
    world = await newWorld();
    rules = await newActingRules(world);
  });

  const engine = () => engineOf(bindings, world.tenantId);
  const inStorage = <T>(ask: (sql: SqlStorage) => T) =>
    runInDurableObject(engine(), (_, { storage }) => ask(storage.sql));
  const kill = () =>
    runInDurableObject(engine(), (_, state) => state.abort("killed")).catch((error: Error) => error.message);
  const keysOf = async (receiver: Receiver) =>
    (await receiver.requests()).map(({ headers }) => headers["idempotency-key"]);

  it("calls an endpoint once for an event that comes twice, signed and under the effect's key", async () => {
    const receiver = newReceiver();
    const secret = `whsec_${btoa("a".repeat(32))}`;
    await world.ok("PUT /v1/secrets/ops_signing", { json: { value: secret } });
    const action = call(`${receiver.url}/hosts/{{ labels.host }}`, {
      secretName: "ops_signing",
      body: { cpu: "{{ value }}" },
    });
    const id = await rules.publish("cpu.signed", [action], {
      key: ["data.host"],
      keyLabels: ["host"],
      trigger: { kind: "filter", value: "data.cpu" },
      condition: { kind: "static", of: "value", open: { op: ">", value: 80 } },
    });
    await rules.send("cpu.signed", { host: "db-1", cpu: 95 }, "twin");
    await rules.send("cpu.signed", { host: "db-1", cpu: 95 }, "twin");
    const [effect, ...others] = await rules.settled(id, 1);
    expect(others).toEqual([]);
    expect(effect).toMatchObject({
      state: "sent",
      attempts: 1,
      detail: "answered 200",
      labels: { host: "db-1" },
    });
    const [request, ...more] = await receiver.requests();
    expect(more).toEqual([]);
    expect(request).toMatchObject({ method: "POST", body: '{"cpu":95}' });
    expect(request?.path.endsWith("/hosts/db-1")).toBe(true);
    if (request === undefined) throw new Error("nothing came");
    const { headers, body } = request;
    expect([headers["idempotency-key"], headers["webhook-id"]]).toEqual([effect?.key, effect?.key]);
    expect(headers["webhook-signature"]).toBe(
      await webhookSignature(secret, effect?.key ?? "", Number(headers["webhook-timestamp"]), body),
    );
    expect((await rules.health(id)).effects).toEqual({
      waiting: 0,
      sent: 1,
      dead: 0,
      suppressed: 0,
      reasons: {},
    });
    const event = await eventually("its audit event", async () => {
      const { body: page } = await world.ok("GET /v1/audit/events?limit=50");
      return (
        page.items as { action: string; resource: string; after: { state: string; key: string } }[]
      ).find((one) => one.action === "rules.effect.send" && one.resource === `rule:${id}`);
    });
    expect(event.after).toMatchObject({ state: "sent", key: effect?.key });
  });

  it("sends a token where the secret is one, and never shows it", async () => {
    const receiver = newReceiver();
    await world.ok("PUT /v1/secrets/ops_token", { json: { value: "token-of-ops" } });
    await receiver.answer({ status: 400, body: "no such token-of-ops" });
    const id = await rules.publish("token", [
      call(receiver.url, { secretName: "ops_token", secretUse: "bearer" }),
    ]);
    await rules.send("token");
    const [effect] = await rules.settled(id, 1);
    expect((await receiver.requests())[0]?.headers["authorization"]).toBe("Bearer token-of-ops");
    expect(effect).toMatchObject({ state: "dead", detail: "answered 400: no such [secret]" });
  });

  it("tries again after a 500 and as late as Retry-After says, under the same key", async () => {
    const receiver = newReceiver();
    await receiver.answer({ status: 500 }, { status: 429, headers: { "retry-after": "1" } });
    const id = await rules.publish("retried", [call(receiver.url)]);
    await rules.send("retried");
    const [effect] = await rules.settled(id, 1);
    expect(effect).toMatchObject({ state: "sent", attempts: 3 });
    const requests = await receiver.requests();
    expect(await keysOf(receiver)).toEqual([effect?.key, effect?.key, effect?.key]);
    expect((requests[2]?.at ?? 0) - (requests[1]?.at ?? 0)).toBeGreaterThanOrEqual(900);
  });

  it("gives up what is refused for good, until somebody asks for it again", async () => {
    const receiver = newReceiver();
    await receiver.answer({ status: 410 }, { status: 400, body: "bad host" });
    const id = await rules.publish("refused", [call(receiver.url)]);
    await rules.send("refused");
    const [gone] = await rules.settled(id, 1);
    expect(gone).toMatchObject({ state: "dead", attempts: 1, nextAt: null });
    expect(await rules.effects(id, "?state=dead")).toHaveLength(1);
    expect(await rules.effects(id, "?state=sent")).toEqual([]);
    const redrive = (key: string | undefined) =>
      world.call(`POST /v1/rules/${id}/effects/${key}:redrive`, { json: {} });
    expect(await redrive(gone?.key)).toMatchObject({ status: 200, body: { state: "pending" } });
    const [bad] = await rules.settled(id, 1);
    expect(bad).toMatchObject({ state: "dead", attempts: 2, detail: "answered 400: bad host" });
    await redrive(gone?.key);
    expect((await rules.settled(id, 1))[0]).toMatchObject({ state: "sent", attempts: 3 });
    expect(new Set(await keysOf(receiver))).toEqual(new Set([gone?.key]));
    expect(await redrive(gone?.key)).toMatchObject({ status: 409, body: { code: "rules.effect_not_dead" } });
    expect((await redrive("0".repeat(64))).status).toBe(404);
    expect((await rules.health(id)).effects).toMatchObject({ sent: 1, dead: 2, waiting: 0 });
  });

  it("follows no redirect", async () => {
    const [receiver, other] = [newReceiver(), newReceiver()];
    await receiver.answer({ status: 302, headers: { location: other.url } });
    const id = await rules.publish("moved", [call(receiver.url)]);
    await rules.send("moved");
    const [effect] = await rules.settled(id, 1);
    expect(effect).toMatchObject({
      state: "dead",
      detail: "answered 302: a redirect, which is not followed",
    });
    expect(await other.requests()).toEqual([]);
  });

  it("refuses an address of a private network when the rule is written, and when it is sent", async () => {
    const receiver = newReceiver();
    const definition = (url: string) => ({
      name: world.name("rule"),
      trigger: { kind: "filter" },
      condition: { kind: "expression", open: "true" },
      outcome: "match",
      actions: [call(url)],
    });
    const refused = await world.call("POST /v1/rules", {
      json: { definition: definition("https://10.1.2.3/x") },
    });
    expect(refused).toMatchObject({ status: 403, body: { code: "rules.action_refused" } });
    expect(refused.body.errors[0].pointer).toBe("/definition/actions/0/settings/url");
    const unknown = definition(receiver.url);
    unknown.actions = [call(receiver.url, { secretName: "nobody_made_it" })];
    expect(await world.call("POST /v1/rules", { json: { definition: unknown } })).toMatchObject({
      status: 422,
      body: { errors: [{ pointer: "/definition/actions/0/settings/secretName" }] },
    });
    const id = await rules.publish("private", [call(receiver.url)]);
    await receiver.answer({ status: 503, headers: { "retry-after": "600" } });
    await rules.send("private");
    await eventually("it waits", async () => (await rules.effects(id, "?state=retry")).length === 1);
    await inStorage((sql) => {
      const row = sql.exec<{ body: string }>("select body from effects where rule_id = ?", id).one();
      const effect = JSON.parse(row.body);
      effect.request.url = "http://10.1.2.3/x";
      sql.exec(
        "update effects set body = ?, state = 'dead', next_at = null where rule_id = ?",
        JSON.stringify(effect),
        id,
      );
    });
    const [effect] = await rules.effects(id);
    await world.ok(`POST /v1/rules/${id}/effects/${effect?.key}:redrive`, { json: {} });
    expect((await rules.settled(id, 1))[0]).toMatchObject({
      state: "dead",
      detail: "The receiver's host may not be reached from here.",
    });
    expect(await receiver.requests()).toHaveLength(1);
  });

  it("sends what was decided before the object was killed, once, and again only what was under way", async () => {
    const [slow, receiver] = [newReceiver(), newReceiver()];
    await slow.answer(...Array.from({ length: 6 }, () => ({ delayMs: 9_000 })));
    const busy = await rules.publish("slow", [call(slow.url)]);
    const id = await rules.publish("evicted", [call(receiver.url)]);
    for (let i = 0; i < 6; i++) await rules.send("slow");
    await eventually("all are under way", async () => (await slow.requests()).length === 6);
    await rules.send("evicted");
    expect((await rules.effects(id)).map(({ state }) => state)).toEqual(["pending"]);
    await kill();
    const [effect] = await rules.settled(id, 1);
    expect(effect).toMatchObject({ state: "sent", attempts: 1 });
    expect(await keysOf(receiver)).toEqual([effect?.key]);
    expect(await rules.effects(busy, "?state=claimed")).toHaveLength(6);
    // Their lease runs out.
    await inStorage((sql) => sql.exec("update effects set next_at = 0 where rule_id = ?", busy));
    await rules.send("evicted");
    const settled = await rules.settled(busy, 6);
    expect(settled.map(({ state, attempts }) => [state, attempts])).toEqual(Array(6).fill(["sent", 2]));
    const keys = await keysOf(slow);
    expect([keys.length, new Set(keys)]).toEqual([12, new Set(settled.map(({ key }) => key))]);
  });

  it("decides nothing in an instance that was replaced", async () => {
    const receiver = newReceiver();
    const id = await rules.publish("fenced", [call(receiver.url)]);
    await inStorage((sql) => sql.exec("update epoch set epoch = epoch + 1"));
    const ingesttime = Date.now();
    const event = { id: "fenced", source: "/x", type: "fenced", time: ingesttime, tenantid: world.tenantId };
    const gate = { sourceid: "src_x", ingesttime, ingestseq: 1, verified: "none" as const };
    const replaced = await runInDurableObject(engine(), (instance) =>
      instance.ingest([{ ...event, ...gate, data: {} }]).catch((error: Error) => error.message),
    );
    expect(replaced).toContain("gave way");
    expect(await rules.effects(id)).toEqual([]);
    await kill();
    await engine().ingest([{ ...event, ...gate, data: {} }]);
    await rules.settled(id, 1);
    expect(await receiver.requests()).toHaveLength(1);
  });

  it("marks what may happen once only as sent beforehand, and never tries it again", async () => {
    const receiver = newReceiver();
    await receiver.answer({ status: 503 });
    const id = await rules.publish("phone", [call(receiver.url, {}, { delivery: "atMostOnce" })]);
    await rules.send("phone");
    const effect = await eventually(
      "it was refused",
      async () => (await rules.effects(id, "?state=dead"))[0],
    );
    expect(effect.attempts).toBe(1);
    await rules.send("phone");
    await eventually("the second went", async () => (await receiver.requests()).length === 2);
    await eventually("both are over", async () => {
      const { effects } = await rules.health(id);
      return effects.waiting === 0 && effects.sent === 1 && effects.dead === 1;
    });
  });

  it("records what a cooldown holds back, and why", async () => {
    const receiver = newReceiver();
    const id = await rules.publish("cooled", [call(receiver.url)], { cooldownMs: 60_000 });
    await rules.send("cooled");
    await rules.send("cooled");
    const effects = await rules.settled(id, 2);
    expect(effects.map(({ state, reasons }) => [state, reasons])).toEqual([
      ["suppressed", ["cooldown"]],
      ["sent", []],
    ]);
    expect((await rules.health(id)).effects).toMatchObject({
      sent: 1,
      suppressed: 1,
      reasons: { cooldown: 1 },
    });
    expect(await receiver.requests()).toHaveLength(1);
  });

  it("does nothing for a version that only watches", async () => {
    const receiver = newReceiver();
    const definition = {
      name: world.name("rule"),
      sources: { types: ["watched"] },
      trigger: { kind: "filter" },
      condition: { kind: "expression", open: "true" },
      outcome: "match",
      actions: [call(receiver.url)],
    };
    const { body } = await world.ok("POST /v1/rules", { json: { definition } });
    await world.ok(`POST /v1/rules/${body.id}/versions/1:validate`, { json: {} });
    await world.ok(`POST /v1/rules/${body.id}/versions/1:shadow`, { json: {} });
    await eventually("it watches", async () => {
      await rules.send("watched");
      return (await rules.health(body.id))?.counters.matches > 0;
    });
    expect(await rules.effects(body.id)).toEqual([]);
    expect(await receiver.requests()).toEqual([]);
  });
});

describe("rules that start jobs and other rules", () => {
  let world: World;
  let rules: Awaited<ReturnType<typeof newActingRules>>;
  beforeAll(async () => {
    world = await newWorld();
    rules = await newActingRules(world);
  });

  it("submits one job, however often the effect is sent", async () => {
    const dataset = await world.dataset(2);
    const run = { dataset: "{{ labels.set }}", metrics: ["exact_match"] };
    const id = await rules.publish(
      "evaluate",
      [{ id: "check", kind: "job", on: ["match"], settings: { run } }],
      { labels: { set: "{{ data.set }}" } },
    );
    await rules.send("evaluate", { set: dataset.id });
    const [effect] = await rules.settled(id, 1);
    expect(effect).toMatchObject({ state: "sent", detail: "submitted" });
    expect((await world.ended(effect?.jobId ?? "")).status).toBe("SUCCEEDED");
    // As if the object had been killed between the submission and its note.
    await runInDurableObject(engineOf(bindings, world.tenantId), (_, { storage }) => {
      storage.sql.exec(
        "update effects set state = 'retry', next_at = 0, job_id = null where rule_id = ?",
        id,
      );
    });
    await evictDurableObject(engineOf(bindings, world.tenantId));
    await rules.send("evaluate", { set: dataset.id });
    const [, first] = await rules.settled(id, 2);
    expect(first).toMatchObject({ state: "sent", attempts: 2, jobId: effect?.jobId });
    const { body } = await world.ok("GET /v1/jobs?limit=50");
    expect(body.items).toHaveLength(2);
  });

  it("gives up a job that can't be submitted, and says why", async () => {
    const settings = { run: { dataset: "ds_nobody@1" } };
    const id = await rules.publish("evaluate.nothing", [
      { id: "check", kind: "job", on: ["match"], settings },
    ]);
    await rules.send("evaluate.nothing");
    expect((await rules.settled(id, 1))[0]).toMatchObject({
      state: "dead",
      detail: expect.stringContaining("data set"),
    });
  });

  it("lets one rule feed the next, and stops where they feed each other", async () => {
    const receiver = newReceiver();
    const feed = { id: "feed", kind: "rule", on: ["match"] };
    const from = (name: string) => `event.type == 'maru.rule.match' && data.rule.name == '${name}'`;
    const [nameA, nameB] = [world.name("a"), world.name("b")];
    const listens = (where: string, types = ["maru.rule.match"]) => ({ sources: { types, where } });
    const a = await rules.publish("", [{ ...feed, settings: { with: { step: 1 } } }], {
      name: nameA,
      ...listens(`event.type == 'chain.start' || ${from(nameB)}`, ["chain.start", "maru.rule.match"]),
    });
    const b = await rules.publish("", [feed, call(receiver.url, { body: { hops: "{{ values.value }}" } })], {
      name: nameB,
      ...listens(from(nameA)),
      trigger: { kind: "filter", value: "data.hops" },
    });
    await rules.send("chain.start");
    const of = async (id: string, count: number) =>
      (await rules.settled(id, count)).map(({ actionId, state, reasons }) => [actionId, state, reasons]);
    expect(await of(a, 2)).toEqual([
      ["feed", "suppressed", ["cycle"]],
      ["feed", "sent", []],
    ]);
    expect((await of(b, 2)).sort()).toEqual([
      ["call", "sent", []],
      ["feed", "sent", []],
    ]);
    expect((await receiver.requests()).map(({ body }) => body)).toEqual(['{"hops":1}']);
    expect((await rules.health(a)).effects).toMatchObject({ sent: 1, suppressed: 1, reasons: { cycle: 1 } });
  });
});
