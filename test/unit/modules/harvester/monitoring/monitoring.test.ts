import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { disableAddon } from "../../../../../src/modules/harvester/addons/operations/disable-addon.ts";
import { getClusterMetrics } from "../../../../../src/modules/harvester/monitoring/operations/get-cluster-metrics.ts";
import { getHostMetrics } from "../../../../../src/modules/harvester/monitoring/operations/get-host-metrics.ts";
import { getVmMetrics } from "../../../../../src/modules/harvester/monitoring/operations/get-vm-metrics.ts";
import { listAlertmanagerConfigs } from "../../../../../src/modules/harvester/monitoring/operations/list-alertmanager-configs.ts";
import { queryMetrics } from "../../../../../src/modules/harvester/monitoring/operations/query-metrics.ts";
import { spanOf } from "../../../../../src/modules/harvester/monitoring/period.rules.ts";
import {
  readAlertmanagerConfig,
  readSeries,
} from "../../../../../src/modules/harvester/monitoring/read-series.rules.ts";
import { type Stage, stageCluster } from "../../../../support/harvester/stage-cluster.ts";
import { isPublished } from "../../../../support/kube/harvester/index/harvester-api.ts";

let stage: Stage;
beforeAll(async () => {
  stage = await stageCluster();
});
afterAll(() => stage.stop());

const machine = { namespace: "default", name: "web-01" };
const hour = { from: "2026-01-05T08:00:00.000Z", to: "2026-01-05T09:00:00.000Z" };

describe("metrics of a cluster", () => {
  it("tells how hosts and volumes are taken together", async () => {
    const { panels, stepMs } = await stage.call(getClusterMetrics, {});
    expect(stepMs).toBe(0);
    const value = (name: string) =>
      panels.find((one) => one.name === name)?.series[0]?.values[0] ?? Number.NaN;
    for (const name of ["cpu", "memory", "filesystem"]) {
      expect(value(name)).toBeGreaterThan(0);
      expect(value(name)).toBeLessThan(1);
    }
    expect(value("machines.running")).toBe(4);
    expect(value("volumes.faulted")).toBe(0);
  });

  it("tells how one host is, by its own series only", async () => {
    const { panels } = await stage.call(getHostMetrics, { name: "harvester-01" });
    const own = panels.map(({ name, series }) => [name, series.length]);
    expect(own).toEqual(panels.map(({ name }) => [name, 1]));
    expect((await stage.refused(getHostMetrics, { name: "no" })).code).toBe("harvester.unknown");
  });

  it("tells how one machine is, now and over a period", async () => {
    const now = await stage.call(getVmMetrics, machine);
    const named = now.panels.filter(({ series }) => series.length > 0).map(({ name }) => name);
    expect(named).toEqual(expect.arrayContaining(["cpu", "memory", "network.receive", "disk.write"]));
    const { panels, stepMs } = await stage.call(getVmMetrics, { ...machine, ...hour, stepSeconds: "600" });
    expect(stepMs).toBe(600_000);
    const [cpu] = panels.find(({ name }) => name === "cpu")?.series ?? [];
    expect(cpu?.values).toHaveLength(7);
    expect(cpu?.values.every((value) => value !== null && value > 0 && value < 1)).toBe(true);
  });

  it("answers queries of one's own, and refuses what is no query at the query", async () => {
    const { series } = await stage.call(queryMetrics, { query: 'up{job="node-exporter"}' });
    expect(series).toHaveLength(3);
    expect(await stage.refused(queryMetrics, { query: "up(" })).toMatchObject({
      kind: "invalid_input",
      code: "harvester.query_refused",
      errors: [{ pointer: "/query/query" }],
    });
    expect((await stage.call(queryMetrics, { query: "1+1" })).series).toEqual([{ labels: {}, values: [2] }]);
    const outsider = await stage.heldTo("default");
    expect((await stage.refused(queryMetrics, { query: "up" }, outsider)).code).toBe(
      "harvester.part_of_cluster",
    );
    const others = { namespace: "ml-team", name: "train-01" };
    expect((await stage.refused(getVmMetrics, others, outsider)).code).toBe("harvester.unknown");
  });

  it("says what to do when there is no Prometheus", async () => {
    const addon = { namespace: "cattle-monitoring-system", name: "rancher-monitoring" };
    await stage.call(disableAddon, { ...addon, confirm: addon.name });
    await stage.advance(60_000);
    expect(await stage.refused(getClusterMetrics, {})).toMatchObject({
      kind: "conflict",
      code: "harvester.monitoring_off",
      detail: expect.stringContaining("rancher-monitoring"),
    });
  });

  it("lists who Alertmanager tells, and asks only what is published", async () => {
    expect((await stage.call(listAlertmanagerConfigs, {})).items).toEqual([]);
    for (const { method, path } of stage.calls)
      expect([method, path, isPublished(method, path)]).toEqual([method, path, true]);
  });
});

describe("the period of metrics", () => {
  const now = new Date("2026-01-05T09:00:00.000Z");
  it("is one instant without a beginning, and some 300 values with one", () => {
    expect(spanOf({}, now)).toMatchObject({ stepSeconds: 0, isNow: true });
    expect(spanOf({ from: "2026-01-05T03:00:00.000Z" }, now).stepSeconds).toBe(72);
    expect(spanOf({ from: "2026-01-05T08:59:00.000Z" }, now).stepSeconds).toBe(15);
  });

  it.each([
    [{ from: "2026-01-05T10:00:00.000Z" }, "/query/from"],
    [{ from: "2025-01-05T10:00:00.000Z" }, "/query/from"],
    [{ from: "2026-01-01T00:00:00.000Z", stepSeconds: 5 }, "/query/stepSeconds"],
    [{ stepSeconds: 60 }, "/query/stepSeconds"],
  ])("refuses %j at %s", (period, pointer) => {
    expect(() => spanOf(period, now)).toThrow(
      expect.objectContaining({
        failure: expect.objectContaining({ errors: [expect.objectContaining({ pointer })] }),
      }),
    );
  });
});

describe("an answer of Prometheus", () => {
  it("has null where nothing was measured, and is cut at a number of series", () => {
    const span = { from: 0, to: 30, stepSeconds: 10, isNow: false };
    const one = (values: unknown[]) => ({ metric: { a: "b" }, values });
    const answer = {
      data: {
        resultType: "matrix",
        result: [
          one([
            [0, "1"],
            [20, "NaN"],
            [30, "+Inf"],
          ]),
          one([]),
        ],
      },
    };
    expect(readSeries(answer, span, 1)).toEqual({
      series: [{ labels: { a: "b" }, values: [1, null, null, null] }],
      cut: true,
    });
    expect(readSeries({}, span, 1)).toEqual({ series: [], cut: false });
  });

  it("leaves addresses and keys of receivers out", () => {
    const read = readAlertmanagerConfig({
      metadata: { name: "team", namespace: "default" },
      spec: {
        route: { receiver: "chat" },
        receivers: [{ name: "chat", slackConfigs: [{ apiURL: "https://hooks.example.org/secret" }] }],
      },
    });
    expect(read).toMatchObject({ receiver: "chat", receivers: [{ name: "chat", kinds: ["slack"] }] });
    expect(JSON.stringify(read)).not.toContain("secret");
  });
});
