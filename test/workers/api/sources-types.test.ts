import { exports } from "cloudflare:workers";
import { beforeAll, expect, it } from "vitest";
import { eventually, newWorld, type World } from "../support/world.ts";

const worker = exports as unknown as { default: { fetch(request: Request): Promise<Response> } };
const schema = {
  type: "object",
  properties: { host: { type: "string" }, jobs: { type: "integer" } },
  required: ["host", "jobs"],
  additionalProperties: false,
};

let world: World;
let source: { id: string; path: string; token: string };
beforeAll(async () => {
  world = await newWorld();
  const json = { name: "hosts", kind: "cloudevents", types: { "host.jobs": schema, "host.up": {} } };
  source = (await world.ok("POST /v1/sources", { json })).body;
});

async function send(jobs: number) {
  const event = {
    specversion: "1.0",
    id: `e${jobs}`,
    source: "/h",
    type: "host.jobs",
    data: { host: "h", jobs },
  };
  const headers = { "content-type": "application/cloudevents+json" };
  const url = `https://maru.test${source.path}/${source.token}`;
  const response = await worker.default.fetch(
    new Request(url, { method: "POST", headers, body: JSON.stringify(event) }),
  );
  expect(response.status).toBe(202);
}

const rule = (where: string, types: readonly string[], more: object = {}) => ({
  name: world.name("odd"),
  sources: { sourceIds: [source.id], types, where },
  key: ["data.host"],
  trigger: { kind: "filter", value: "data.jobs" },
  condition: { kind: "static", of: "value", open: { op: ">", value: 0 } },
  ...more,
});

it("lets a rule count in integers that its source's schema declares, and keeps the schema with the version", async () => {
  const definition = rule("data.jobs % 2 == 1", ["host.jobs"]);
  const { body } = await world.ok("POST /v1/rules", { json: { definition } });
  expect(body.current.definition.dataSchema).toEqual(schema);
  await world.ok(`POST /v1/rules/${body.id}/versions/1:validate`, { json: {} });
  await world.ok(`POST /v1/rules/${body.id}/versions/1:publish`, { json: {} });
  const events = async () =>
    (await world.ok(`GET /v1/rules/${body.id}/health`)).body.versions[0]?.counters.events;
  await eventually("the engine knows the rule", async () => (await events()) !== undefined);
  for (const jobs of [1, 2, 3, 4, 5]) await send(jobs);
  expect(await events()).toBe(3);
});

it("names a field that the schema does not have", async () => {
  const definition = rule("data.jobz == 1", ["host.jobs"]);
  expect((await world.call("POST /v1/rules", { json: { definition } })).body).toMatchObject({
    status: 422,
    errors: [{ pointer: "/definition/sources/where", code: "unknown_field" }],
  });
});

it("takes no schema where sources or types may be several", async () => {
  for (const types of [["host.*"], ["host.jobs", "host.up"], []]) {
    const definition = rule("data.jobs == 1.0", types);
    const { body } = await world.ok("POST /v1/rules", { json: { definition } });
    expect(body.current.definition.dataSchema).toBeUndefined();
  }
});
