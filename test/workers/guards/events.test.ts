import { describe, expect, it } from "vitest";
import { eventually } from "../support/world.ts";
import { lineOf, optionsOf } from "./fixture.ts";
import { fixtureOf, guarded, tenants } from "./guarded.ts";

const traceId = "4bf92f3577b34da6a3ce929d0e0e4736";
/** API keys, refresh tokens, access tokens and password hashes, wherever they stand. */
const anySecret =
  /maru_(live|test|dev)_[0-9a-z]{26}_\w{38}|maru_refresh_\w+|eyJ[\w-]+\.[\w-]+\.[\w-]+|\$argon2/;

const writes = guarded.filter(({ route }) => route.operation.effect === "write");
const reads = guarded.filter(({ route }) => route.operation.effect === "read");

describe.each(writes)("$action", ({ action, route }) => {
  const fixture = fixtureOf(action);

  it("leaves exactly one event that tells who changed what, without secrets", async () => {
    const { mine } = await tenants();
    const call = await fixture.prepare(mine);
    const requestId = `guard-${crypto.randomUUID()}`;
    const headers = { "x-request-id": requestId, traceparent: `00-${traceId}-00f067aa0ba902b7-01` };
    const answer = await mine.call(lineOf(route, call), { ...optionsOf(call), headers });
    expect(answer.status, answer.text).toBe(route.status);

    const reader = action === "access.tenant.bootstrap" ? answer.body.apiKey.key : undefined;
    const count = fixture.events ?? 1;
    // The event of a job comes by way of its object.
    const events = await eventually(`${count} events of ${action}`, async () => {
      const found = await mine.eventsOf(requestId, action, reader);
      return found.length >= count && found;
    });
    expect(events).toHaveLength(count);
    for (const event of events) {
      expect(event).toMatchObject({ action, requestId, traceId });
      if (action === "access.tenant.bootstrap")
        expect(event.actor).toEqual({ kind: "system", id: "bootstrap" });
      else expect(`${event.actor.kind}:${event.actor.id}`).toBe(call.actor ?? (await mine.self()));
      expect(event.before !== null || event.after !== null).toBe(true);
      const told = JSON.stringify(event);
      expect(told).not.toMatch(anySecret);
      for (const secret of call.secrets ?? []) expect(told).not.toContain(secret);
    }
    const resource = route.operation.resource?.(call.params ?? {}) ?? fixture.resource?.(answer);
    expect(resource).toBeDefined();
    expect(events.map((event) => event.resource.slice(0, resource?.length))).toContain(resource);
  });

  if (fixture.repeat === undefined)
    it("does nothing more when it is repeated with its key", async () => {
      const { mine } = await tenants();
      const call = await fixture.prepare(mine);
      const key = { "idempotency-key": crypto.randomUUID() };
      const ids = [`guard-${crypto.randomUUID()}`, `guard-${crypto.randomUUID()}`] as const;
      const ask = (requestId: string, json = call.json) =>
        mine.call(lineOf(route, call), {
          ...optionsOf(json === undefined ? call : { ...call, json }),
          headers: { ...key, "x-request-id": requestId },
        });
      const first = await ask(ids[0]);
      expect(first.status, first.text).toBe(route.status);
      const second = await ask(ids[1]);
      if (second.status === 409) expect(second.body.code).toMatch(/^idempotency\./);
      else
        expect([second.status, stable(second.body)], second.text).toEqual([first.status, stable(first.body)]);
      if (call.json !== undefined && call.json.name !== undefined) {
        const other = await ask(ids[1], { ...call.json, name: "another-name" });
        expect([other.status, other.body.errors[0]?.code], other.text).toEqual([422, "reused"]);
      }
      const events = await mine.eventsOf(ids[0], action);
      expect(events).toHaveLength(fixture.events ?? 1);
      await expect(mine.eventsOf(ids[1], action, undefined, 150)).rejects.toThrow("not within");
    });
});

describe.each(reads)("$action", ({ action, route }) => {
  it("answers without leaving an event", async () => {
    const { mine } = await tenants();
    const call = await fixtureOf(action).prepare(mine);
    const requestId = `guard-${crypto.randomUUID()}`;
    const answer = await mine.call(lineOf(route, call), {
      ...optionsOf(call),
      headers: { "x-request-id": requestId },
    });
    expect(answer.status, answer.text).toBe(route.status);
    await expect(mine.eventsOf(requestId, action, undefined, 0)).rejects.toThrow("not within");
  });
});

/** A body without what goes on by itself. */
function stable(body: unknown): unknown {
  if (typeof body !== "object" || body === null || !("lastEventSeq" in body)) return body;
  const { id, type, projectId, requestedAt } = body as Record<string, unknown>;
  return { id, type, projectId, requestedAt };
}
