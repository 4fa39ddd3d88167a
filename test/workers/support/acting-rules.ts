import { expect } from "vitest";
import type { RuleEffect } from "../../../contracts/rule-actions.ts";
import { app } from "../../../src/app.ts";
import { bindings, eventually, type World } from "./world.ts";

/** A source of a world and rules that act on what it sends; each kind of event is a test's own. */
export async function newActingRules(world: World, projectId?: string) {
  const project = projectId === undefined ? {} : { projectId };
  const { body: source } = await world.ok("POST /v1/sources", {
    json: { name: world.name("source"), kind: "cloudevents", proof: "token", ...project },
  });

  const rules = {
    /** Posts an event of a type to the source; answers when it is durable. */
    async send(type: string, data: object = {}, id: string = crypto.randomUUID()) {
      const request = new Request(`https://maru.test/in/${source.id}/${source.token}`, {
        method: "POST",
        headers: { "content-type": "application/cloudevents+json" },
        body: JSON.stringify({ specversion: "1.0", id, source: "/hosts", type, data }),
      });
      const works: Promise<unknown>[] = [];
      const context = {
        waitUntil: (work: Promise<unknown>) => void works.push(work),
        passThroughOnException() {},
        props: {},
      };
      const answer = await app.fetch(request, bindings, context as unknown as ExecutionContext);
      const text = await answer.text();
      await Promise.all(works);
      expect(answer.status, text).toBe(202);
    },
    /** Publishes a rule that matches each event of a type and does these actions; answers its id. */
    async publish(type: string, actions: readonly object[], more: object = {}): Promise<string> {
      const definition = {
        name: world.name("rule"),
        sources: { types: [type] },
        trigger: { kind: "filter" },
        condition: { kind: "expression", open: "true" },
        outcome: "match",
        actions,
        ...more,
      };
      const { body } = await world.ok("POST /v1/rules", { json: { definition, ...project } });
      await world.ok(`POST /v1/rules/${body.id}/versions/1:validate`, { json: {} });
      await world.ok(`POST /v1/rules/${body.id}/versions/1:publish`, { json: {} });
      await eventually("the engine knows the rule", async () => {
        await rules.send("nothing.listens");
        return (await rules.health(body.id)) !== undefined;
      });
      return body.id;
    },
    async health(id: string) {
      return (await world.ok(`GET /v1/rules/${id}/health`)).body.versions[0];
    },
    async effects(id: string, query = ""): Promise<RuleEffect[]> {
      return (await world.ok(`GET /v1/rules/${id}/effects${query}`)).body.items;
    },
    /** The effects of a rule once all of them are over. */
    settled: (id: string, count: number) =>
      eventually(`${count} effects are over`, async () => {
        const found = await rules.effects(id);
        const over = found.filter(({ state }) => ["sent", "dead", "suppressed"].includes(state));
        return found.length >= count && over.length === found.length && found;
      }),
  };
  return rules;
}
