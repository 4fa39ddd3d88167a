import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { itemsAt, textAt } from "../../../../support/kube/harvester/machines/fields.ts";
import { type ClusterUnderTest, clusterUnderTest, paths } from "./cluster-under-test.ts";

let cluster: ClusterUnderTest;
beforeAll(async () => {
  cluster = await clusterUnderTest();
});
afterAll(() => cluster.stop());

const migrations = "/apis/kubevirt.io/v1/namespaces/default/virtualmachineinstancemigrations";
const nodeOf = async (name: string, namespace?: string) =>
  textAt(await cluster.get(paths.instance(name, namespace)), "status", "nodeName");
const statusOf = async (name: string, namespace?: string) =>
  textAt(await cluster.get(paths.machine(name, namespace)), "status", "printableStatus");
const remaining = async () => {
  const answer = await cluster.get(
    paths.prometheus("query", { query: "kubevirt_vmi_migration_data_remaining_bytes" }),
  );
  const value = itemsAt(answer, "data", "result")[0]?.["value"];
  return Array.isArray(value) ? Number(value[1]) : undefined;
};

describe("live migration", () => {
  it("moves a guest to another node while it runs, and says how much has yet to travel", async () => {
    const before = await nodeOf("web-01");
    expect((await cluster.call("PUT", paths.verb("web-01", "migrate"))).status).toBe(202);
    await cluster.until(async () => (await statusOf("web-01")) === "Migrating");
    const first = await remaining();
    await cluster.pass(4);
    const second = await remaining();
    expect(first).toBeGreaterThan(second ?? 0);
    expect((await cluster.call("PUT", paths.verb("web-01", "migrate"))).body["message"]).toContain(
      "in-flight migration detected",
    );
    const paused = await cluster.call("PUT", paths.instanceVerb("web-01", "pause"));
    expect(paused.body["message"]).toContain("currently being migrated");
    await cluster.until(async () => (await statusOf("web-01")) === "Running");
    expect(await nodeOf("web-01")).not.toBe(before);
    const pods = await cluster.items(
      "/api/v1/namespaces/default/pods?labelSelector=harvesterhci.io/vmName=web-01",
    );
    expect(pods.map((pod) => textAt(pod, "spec", "nodeName"))).toEqual([await nodeOf("web-01")]);
    expect(await remaining()).toBeUndefined();
  });

  it("goes where it is told to", async () => {
    const target = (await nodeOf("db-01")) === "harvester-03" ? "harvester-01" : "harvester-03";
    const options = { addedNodeSelector: { "kubernetes.io/hostname": target } };
    expect((await cluster.call("PUT", paths.verb("db-01", "migrate"), options)).status).toBe(202);
    await cluster.until(async () => (await nodeOf("db-01")) === target);
  });

  it("stays where it is when the migration is deleted in between", async () => {
    const before = await nodeOf("web-01");
    await cluster.call("PUT", paths.verb("web-01", "migrate"));
    await cluster.until(async () => (await statusOf("web-01")) === "Migrating");
    const open = (await cluster.items(migrations)).find(
      (one) => textAt(one, "status", "phase") === "Running",
    );
    expect((await cluster.call("DELETE", `${migrations}/${textAt(open, "metadata", "name")}`)).status).toBe(
      200,
    );
    await cluster.pass(2);
    expect([await statusOf("web-01"), await nodeOf("web-01")]).toEqual(["Running", before]);
    expect(
      textAt(await cluster.get(paths.instance("web-01")), "status", "migrationState", "abortStatus"),
    ).toBe("Succeeded");
  });

  it("is refused to a guest with a device of its host, in KubeVirt's words", async () => {
    const refused = await cluster.call("PUT", paths.verb("train-01", "migrate", "ml-team"));
    expect(refused.status).toBe(500);
    expect(refused.body["message"]).toContain("Cannot migrate VMI, Reason: HostDeviceNotLiveMigratable");
  });
});

describe("a node in maintenance", () => {
  it("is cordoned, sees its guests go, and is done; afterwards it takes guests again", async () => {
    const node = (await nodeOf("web-01")) ?? "";
    await cluster.merge(`/api/v1/nodes/${node}`, {
      metadata: { annotations: { "harvesterhci.io/drain-requested": "true" } },
    });
    await cluster.pass(1);
    const running = await cluster.get(`/api/v1/nodes/${node}`);
    expect(running).toMatchObject({
      metadata: { annotations: { "harvesterhci.io/maintain-status": "running" } },
      spec: {
        unschedulable: true,
        taints: [{ key: "kubevirt.io/drain", value: "draining", effect: "NoSchedule" }],
      },
    });
    const word = async () =>
      textAt(
        await cluster.get(`/api/v1/nodes/${node}`),
        "metadata",
        "annotations",
        "harvesterhci.io/maintain-status",
      );
    await cluster.until(async () => (await word()) === "completed");
    expect(await nodeOf("web-01")).not.toBe(node);
    expect(await statusOf("web-01")).toBe("Running");
    await cluster.merge(`/api/v1/nodes/${node}`, {
      metadata: { annotations: { "harvesterhci.io/maintain-status": null } },
    });
    await cluster.pass(1);
    expect((await cluster.get(`/api/v1/nodes/${node}`))["spec"]).not.toHaveProperty("unschedulable");
  });

  it("stops guests that ask for it, and starts them when it is in maintenance", async () => {
    await cluster.merge("/api/v1/nodes/harvester-03", {
      metadata: { annotations: { "harvesterhci.io/drain-requested": "true" } },
    });
    await cluster.until(async () => (await statusOf("train-01", "ml-team")) === "Stopping");
    await cluster.until(async () => (await statusOf("train-01", "ml-team")) !== "Stopping");
    await cluster.pass(30);
    // Only this node has the GPU that it asks for.
    expect(await statusOf("train-01", "ml-team")).toBe("ErrorUnschedulable");
  });
});

describe("a node that does not answer", () => {
  it("is not ready at once, and loses its guests to others after five minutes", async () => {
    const node = (await nodeOf("db-01")) ?? "";
    await cluster.merge(`/api/v1/nodes/${node}`, {
      metadata: { annotations: { "sim.maru/not-ready": "true" } },
    });
    await cluster.pass(1);
    const silent = await cluster.get(`/api/v1/nodes/${node}`);
    expect(itemsAt(silent, "status", "conditions").find((one) => one["type"] === "Ready")).toMatchObject({
      status: "Unknown",
      reason: "NodeStatusUnknown",
    });
    const up = await cluster.get(paths.prometheus("query", { query: `up{node="${node}"}` }));
    expect(itemsAt(up, "data", "result")[0]).toMatchObject({ value: [expect.any(Number), "0"] });
    await cluster.pass(240);
    expect(await nodeOf("db-01")).toBe(node);
    const volumes = await cluster.items("/apis/longhorn.io/v1beta2/volumes");
    expect(volumes.some((one) => textAt(one, "status", "robustness") === "degraded")).toBe(true);
    await cluster.merge(`/api/v1/nodes/harvester-01`, { metadata: { annotations: {} } });
    await cluster.pass(120);
    const events = (await cluster.items("/api/v1/events")).map((one) => textAt(one, "reason"));
    expect(events).toEqual(expect.arrayContaining(["NodeNotReady", "NodeUnresponsive", "Degraded"]));
  });
});
