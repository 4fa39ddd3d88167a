import { runInDurableObject } from "cloudflare:test";
import { expect, it } from "vitest";
import { engineOf } from "../../../src/platform/objects.ts";
import { newActingRules } from "../support/acting-rules.ts";
import { bindings, eventually, newWorld } from "../support/world.ts";

it("tells an engine its rules before the first events, where the message about them died with its process", async () => {
  const world = await newWorld();
  const rules = await newActingRules(world);
  const { body } = await world.ok("POST /v1/rules", {
    json: {
      definition: {
        name: "never missed",
        sources: { types: ["host.cpu"] },
        trigger: { kind: "filter" },
        condition: { kind: "expression", open: "data.cpu > 80.0" },
        outcome: "match",
      },
    },
  });
  await world.ok(`POST /v1/rules/${body.id}/versions/1:validate`, { json: {} });
  await world.ok(`POST /v1/rules/${body.id}/versions/1:publish`, { json: {} });
  await eventually("the message came", async () => (await rules.health(body.id)) !== undefined);
  const engine = engineOf(bindings, world.tenantId);
  const generation = await runInDurableObject(engine, (_, { storage }) =>
    Number(storage.sql.exec("select generation from rules_told").one()["generation"]),
  );
  await engine.setRules([], generation);
  expect(await rules.health(body.id)).toBeUndefined();
  await rules.send("host.cpu", { cpu: 95 });
  expect((await rules.health(body.id)).counters).toMatchObject({ events: 1, matches: 1 });
});
