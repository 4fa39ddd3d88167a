import { evictDurableObject, runDurableObjectAlarm } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { expect, it } from "vitest";
import type { Series } from "../../../src/kernel/series.ts";
import type { Env } from "../../../src/platform/env.ts";
import { metersOf } from "../../../src/platform/objects.ts";

const bindings = env as unknown as Env;
let shard = 1000;

/** A meter of its own for each test. */
function newMeter() {
  shard += 1;
  return metersOf(bindings, shard);
}

const sent = (labels: string[], value: number): Series => ({
  name: "maru_outbox_deliveries_total",
  labels,
  value,
});

it("adds up what isolates send, and counts a batch that comes twice once", async () => {
  const meter = newMeter();
  const batch = { source: "a", n: 1, series: [sent(["mail", "sent"], 2)] };
  await meter.push(batch);
  await meter.push(batch);
  await meter.push({ source: "b", n: 1, series: [sent(["mail", "sent"], 3), sent(["mail", "put_off"], 1)] });
  expect(await meter.snapshot()).toEqual([sent(["mail", "sent"], 5), sent(["mail", "put_off"], 1)]);
});

it("keeps its counts and what it has heard over an eviction once its alarm has run", async () => {
  const meter = newMeter();
  const batch = { source: "a", n: 1, series: [sent(["mail", "sent"], 2)] };
  await meter.push(batch);
  expect(await runDurableObjectAlarm(meter)).toBe(true);
  await evictDurableObject(meter);
  await meter.push(batch);
  await meter.push({ ...batch, n: 2 });
  expect(await meter.snapshot()).toEqual([sent(["mail", "sent"], 4)]);
});

it("ignores what the catalogue doesn't know", async () => {
  const meter = newMeter();
  await meter.push({
    source: "a",
    n: 1,
    series: [
      { name: "maru_invented_total", labels: [], value: 1 },
      { name: "maru_outbox_deliveries_total", labels: ["mail"], value: 1 },
      { name: "maru_outbox_deliveries_total", labels: ["mail", "sent"], value: -1 },
      { name: "maru_job_wait_seconds", labels: ["ten_1", "GATE"], value: 1, counts: [1] },
    ],
  });
  expect(await meter.snapshot()).toEqual([]);
});
