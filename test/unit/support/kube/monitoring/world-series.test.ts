import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Fields, fieldsAt, itemsAt } from "../../../../support/kube/harvester/machines/fields.ts";
import { type ClusterUnderTest, clusterUnderTest, paths } from "../moving/cluster-under-test.ts";

let cluster: ClusterUnderTest;
beforeAll(async () => {
  cluster = await clusterUnderTest();
  await cluster.pass(60);
});
afterAll(() => cluster.stop());

async function values(query: string): Promise<Record<string, number>> {
  const answer = await cluster.get(paths.prometheus("query", { query }));
  const named = (one: Fields) => {
    const { name, node, volume } = fieldsAt(one, "metric");
    return String(name ?? volume ?? node);
  };
  return Object.fromEntries(
    itemsAt(answer, "data", "result").map((one) => {
      const value = one["value"];
      return [named(one), Array.isArray(value) ? Number(value[1]) : Number.NaN];
    }),
  );
}

const guests = ["db-01", "notebook-01", "train-01", "web-01"];

describe("what the cluster's Prometheus knows", () => {
  it.each([
    ["avg(rate(kubevirt_vmi_vcpu_seconds_total[5m])) by (domain, name) / 1000", 0, 1],
    [
      "(kubevirt_vmi_memory_available_bytes - kubevirt_vmi_memory_unused_bytes) / kubevirt_vmi_memory_available_bytes",
      0,
      1,
    ],
    ["sum by (name) (irate(kubevirt_vmi_network_receive_bytes_total[5m]) * 8)", 1, 1e9],
    ["sum by (name) (rate(kubevirt_vmi_storage_read_traffic_bytes_total[5m]))", 1, 1e9],
    ["sum by (name) (rate(kubevirt_vmi_storage_iops_write_total[5m]))", 0, 1e6],
  ])("is of every guest that runs: %s", async (query, low, high) => {
    const found = await values(query);
    expect(Object.keys(found).sort()).toEqual(guests);
    for (const value of Object.values(found)) {
      expect(value).toBeGreaterThan(low);
      expect(value).toBeLessThan(high);
    }
  });

  it("is of every host", async () => {
    const used = await values('1 - avg by (node) (rate(node_cpu_seconds_total{mode="idle"}[5m]))');
    expect(Object.keys(used).sort()).toEqual(["harvester-01", "harvester-02", "harvester-03"]);
    for (const value of Object.values(used)) expect(value).toBeGreaterThan(0);
    const memory = await values("node_memory_MemTotal_bytes - node_memory_MemAvailable_bytes");
    for (const value of Object.values(memory)) expect(value).toBeLessThan(64 * 2 ** 30);
    expect(Object.keys(await values("DCGM_FI_DEV_GPU_UTIL"))).toHaveLength(1);
  });

  it("is the same when it is asked again, and goes back before the cluster was started", async () => {
    const query = "sum(node_load5)";
    expect(await values(query)).toEqual(await values(query));
    const now = cluster.simulator.world.clock.now() / 1000;
    const range = paths.prometheus("query_range", {
      query,
      start: `${now - 86_400}`,
      end: `${now}`,
      step: "1h",
    });
    const [series] = itemsAt(await cluster.get(range), "data", "result");
    expect(series?.["values"]).toHaveLength(25);
  });

  it("forgets a guest that has stopped", async () => {
    await cluster.call("PUT", paths.verb("web-01", "stop"));
    await cluster.pass(20);
    expect(await values('kubevirt_vmi_memory_domain_bytes{name="web-01"}')).toEqual({});
  });
});
