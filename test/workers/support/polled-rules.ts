import { runInDurableObject } from "cloudflare:test";
import { schedulerOf } from "../../../src/platform/objects.ts";
import { bindings, eventually, type World } from "./world.ts";

/** So long that no due time comes by itself while a test is looking. */
export const seldomMs = 86_400_000;

/** Metric and schedule rules of a world, and its scheduler. */
export function newPolledRules(world: World) {
  const scheduler = () => schedulerOf(bindings, world.tenantId);
  const rules = {
    scheduler,
    inStorage: <T>(ask: (sql: SqlStorage) => T) =>
      runInDurableObject(scheduler(), (_, { storage }) => ask(storage.sql)),

    /** Publishes a rule and waits until engine and scheduler know it. */
    async publish(definition: object): Promise<string> {
      const named = { name: world.name("rule"), ...definition };
      const { body } = await world.ok("POST /v1/rules", { json: { definition: named } });
      await world.ok(`POST /v1/rules/${body.id}/versions/1:validate`, { json: {} });
      await world.ok(`POST /v1/rules/${body.id}/versions/1:publish`, { json: {} });
      await eventually("the scheduler knows the rule", () => rules.isKnown(body.id));
      return body.id;
    },
    isKnown: (id: string) =>
      rules.inStorage((sql) => {
        const polls = sql.exec("select id from polls where rule_id = ?", id).toArray();
        const runs = sql
          .exec(
            "select id from entries where body is not null and id >= ? and id < ?",
            `rule:${id}`,
            `rule:${id}~`,
          )
          .toArray();
        return polls.length + runs.length > 0;
      }),
    metric: (metric: object, more: object = {}) =>
      rules.publish({
        trigger: { kind: "metric", metric: { intervalMs: seldomMs, format: "json", ...metric } },
        condition: { kind: "static", of: "value", open: { op: ">", value: 80 } },
        ...more,
      }),

    /** Makes the last due time of these rules due again now, whatever their interval. */
    async poll(...ids: string[]): Promise<void> {
      await rules.inStorage((sql) => {
        for (const id of ids)
          sql.exec("update polls set next_at = 1, wanted_at = null where rule_id = ?", id);
      });
      await runInDurableObject(scheduler(), async (object) => {
        await (object as unknown as { wake(reason: string, now: number): Promise<unknown> }).wake(
          "poll",
          Date.now(),
        );
      });
    },
    async health(id: string) {
      return (await world.ok(`GET /v1/rules/${id}/health`)).body;
    },
    /** What the last poll of a rule came to, once there is one. */
    polled: (id: string, withinMs?: number) =>
      eventually(
        `a poll of ${id}`,
        async () => {
          const [poll] = (await rules.health(id)).polls;
          return poll?.last ?? false;
        },
        withinMs,
      ),
    async alerts(id: string) {
      const { body } = await world.ok("GET /v1/alerts?limit=200");
      const { name } = (await world.ok(`GET /v1/rules/${id}`)).body;
      const items = body.items as { status: string; labels: Record<string, string>; fingerprint: string }[];
      return items.filter(({ labels }) => labels.alertname === name);
    },
  };
  return rules;
}
