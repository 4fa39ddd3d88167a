import { env } from "cloudflare:workers";
import { expect, it, vi } from "vitest";
import { parse } from "yaml";
import { openDb } from "../../../src/context.ts";
import { newId } from "../../../src/kernel/ids.ts";
import { jobTables } from "../../../src/modules/jobs/tables.ts";
import { metricCatalogue } from "../../../src/modules/observability/index.ts";
import { shardedMeter } from "../../../src/platform/meter/sharded-meter.ts";
import { bindings, makeApp, signedIn } from "./audit-app.ts";

const call = makeApp();

const jobOf = (tenantId: string, n: number): typeof jobTables.sqlite.jobs.$inferInsert => ({
  id: `${tenantId}_${n}`,
  tenantId,
  projectId: "prj_1",
  type: "GATE",
  status: "QUEUED",
  state: "READY",
  job: {} as typeof jobTables.sqlite.jobs.$inferInsert.job,
  lastEventSeq: 1,
  costMicros: 0,
  createdAt: new Date(),
});
const operator = {
  authorization: `Bearer ${(env as unknown as { MARU_METRICS_TOKEN: string }).MARU_METRICS_TOKEN}`,
};
const scrape = async (headers: HeadersInit = operator) => (await call("/metrics", { headers })).text();

it("answers health and readiness to anybody", async () => {
  const health = await call("/health");
  expect(health.status).toBe(200);
  expect(await health.json()).toEqual({ status: "ok" });
  const ready = await call("/ready");
  const body = await ready.json<{ status: string; checks: { name: string; ok: boolean; ms: number }[] }>();
  expect(body.checks.map(({ name }) => name)).toEqual([
    "config",
    "database",
    "blobs",
    "jobs",
    "ledger",
    "meters",
  ]);
  for (const name of ["config", "database", "blobs", "ledger", "meters"]) {
    expect(body.checks).toContainEqual({ name, ok: true, ms: expect.any(Number) });
  }
  expect(ready.status).toBe(body.status === "ready" ? 200 : 503);
});

it("counts requests by the pattern of their route, never by what callers invent", async () => {
  const headers = signedIn(newId("ten", Date.now()));
  await call("/v1/audit/events/evt_1", { headers });
  await call("/v1/audit/events:export", { headers });
  await call(`/nothing/${crypto.randomUUID()}`);
  await vi.waitFor(async () => {
    const text = await scrape();
    expect(text).toMatch(
      /^maru_http_requests_total\{method="GET",route="\/v1\/audit\/events\/\{id\}",status="404"\} \d+$/m,
    );
    expect(text).toMatch(
      /^maru_http_requests_total\{method="GET",route="\/v1\/audit\/events:export",status="200"\} \d+$/m,
    );
    expect(text).toMatch(/^maru_http_requests_total\{method="GET",route="unmatched",status="404"\} \d+$/m);
    expect(text).toMatch(
      /^maru_http_request_duration_seconds_bucket\{.*route="unmatched",le="\+Inf"\} \d+$/m,
    );
    expect(text).not.toContain("/nothing/");
  }, 10_000);
});

it("shows the operator every tenant, and a tenant's reader its own series only", async () => {
  const [one, other] = [newId("ten", Date.now()), newId("ten", Date.now())];
  const meter = shardedMeter(bindings, metricCatalogue);
  const db = openDb(bindings);
  const { jobs } = jobTables.of(db);
  const cost = { provider: "openai", model: 'a"b\\c\nd' };
  meter.count("maru_llm_cost_usd_total", { ...cost, tenant_id: one }, 0.25);
  meter.count("maru_llm_cost_usd_total", { ...cost, tenant_id: other }, 0.5);
  await db.atomic((q) => [
    q.insert(jobs).values([1, 2, 3].map((n) => jobOf(one, n)).concat(jobOf(other, 4))),
  ]);
  await meter.flush();
  const line = (tenantId: string, value: number) =>
    `maru_llm_cost_usd_total{tenant_id="${tenantId}",provider="openai",model="a\\"b\\\\c\\nd"} ${value}`;
  await vi.waitFor(async () => {
    const all = await scrape();
    expect(all).toContain(line(one, 0.25));
    expect(all).toContain(line(other, 0.5));
    expect(Number(/^maru_job_queue_depth\{status="QUEUED"\} (\d+)$/m.exec(all)?.[1])).toBeGreaterThanOrEqual(
      4,
    );
    expect(all).toMatch(/^maru_job_queue_depth\{status="RUNNING"\} \d+$/m);
    expect(all).toMatch(/^maru_outbox_depth \d+$/m);
    expect(all).toMatch(/^maru_audit_events_unsealed \d+$/m);
  }, 10_000);
  const own = await scrape(signedIn(one, ["metrics:read"]));
  expect(own).toContain(line(one, 0.25));
  expect(own).toContain('maru_job_queue_depth{status="QUEUED"} 3');
  expect(own).not.toContain(other);
  expect(own).not.toContain("maru_http_requests_total");
  expect(own).not.toContain("maru_outbox_depth");
});

it("keeps metrics from those who may not read them", async () => {
  expect((await call("/metrics")).status).toBe(401);
  expect((await call("/metrics", { headers: { authorization: "Bearer wrong" } })).status).toBe(401);
  expect((await call("/metrics", { headers: signedIn("ten_1", ["runs:read"]) })).status).toBe(403);
  expect((await call("/v1/slo", { headers: signedIn("ten_1", ["runs:read"]) })).status).toBe(403);
});

it("serves objectives as data and as a rule file over the metrics that there are", async () => {
  const headers = signedIn("ten_1", ["metrics:read"]);
  const listed = await (await call("/v1/slo", { headers })).json<{
    slos: { name: string; target: number }[];
  }>();
  expect(listed.slos.map(({ name, target }) => [name, target])).toEqual(
    expect.arrayContaining([
      ["evaluation_success_rate", 99.5],
      ["evaluation_latency_p95", 95],
      ["job_completion_rate", 99],
    ]),
  );
  const response = await call("/v1/slo/rules", { headers });
  expect(response.headers.get("content-type")).toBe("application/yaml; charset=utf-8");
  const text = new TextDecoder().decode(await response.arrayBuffer());
  const { groups } = parse(text) as { groups: { name: string; rules: { expr: string }[] }[] };
  expect(groups.map(({ name }) => name)).toContain("maru_slo_evaluation_success_rate");
  const used = new Set(text.match(/\bmaru_[a-z_]+(?=[{[ ])/g));
  const known = metricCatalogue.flatMap(({ name }) => [name, `${name}_bucket`, `${name}_count`]);
  for (const name of used) expect(known).toContain(name);
});
