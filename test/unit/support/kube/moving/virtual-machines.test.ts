import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { at, itemsAt, textAt } from "../../../../support/kube/harvester/machines/fields.ts";
import { type ClusterUnderTest, clusterUnderTest, paths } from "./cluster-under-test.ts";

let cluster: ClusterUnderTest;
beforeAll(async () => {
  cluster = await clusterUnderTest();
});
afterAll(() => cluster.stop());

const statusOf = async (name: string, namespace?: string) =>
  textAt(await cluster.get(paths.machine(name, namespace)), "status", "printableStatus");
const put = (name: string, verb: string, body?: unknown, namespace?: string) =>
  cluster.call("PUT", paths.verb(name, verb, namespace), body);
const reasons = async (name: string) =>
  (await cluster.items("/api/v1/events"))
    .filter((one) => textAt(one, "involvedObject", "name") === name)
    .map((one) => textAt(one, "reason"));

/** A machine with a disk of its own. */
function machine(name: string, { cores = 1, memory = "1Gi", runStrategy = "RerunOnFailure" } = {}) {
  const claim = {
    metadata: { name: `${name}-disk-0` },
    spec: {
      accessModes: ["ReadWriteMany"],
      volumeMode: "Block",
      storageClassName: "harvester-longhorn",
      resources: { requests: { storage: "10Gi" } },
    },
  };
  return {
    apiVersion: "kubevirt.io/v1",
    kind: "VirtualMachine",
    metadata: {
      name,
      namespace: "default",
      annotations: { "harvesterhci.io/volumeClaimTemplates": JSON.stringify([claim]) },
    },
    spec: {
      runStrategy,
      template: {
        metadata: { labels: { "harvesterhci.io/vmName": name } },
        spec: {
          domain: {
            cpu: { cores, sockets: 1, threads: 1 },
            memory: { guest: memory },
            resources: { limits: { cpu: `${cores}`, memory } },
            devices: {
              disks: [{ name: "disk-0", disk: { bus: "virtio" } }],
              interfaces: [{ name: "default", model: "virtio", bridge: {} }],
            },
          },
          networks: [{ name: "default", multus: { networkName: "default/vlan100" } }],
          volumes: [{ name: "disk-0", persistentVolumeClaim: { claimName: `${name}-disk-0` } }],
        },
      },
    },
  };
}

async function create(name: string, options?: Parameters<typeof machine>[1]) {
  const made = await cluster.call(
    "POST",
    "/apis/kubevirt.io/v1/namespaces/default/virtualmachines",
    machine(name, options),
  );
  expect(made.status, made.text).toBe(201);
}

describe("the life of a virtual machine", () => {
  it("goes from provisioning over starting to running, with an address once the agent answers", async () => {
    await create("born");
    const seen = new Set<string | undefined>();
    await cluster.until(async () => {
      seen.add(await statusOf("born"));
      return seen.has("Running");
    });
    expect([...seen].filter((one) => one !== undefined)).toEqual(["Provisioning", "Starting", "Running"]);
    expect(itemsAt(await cluster.get(paths.instance("born")), "status", "interfaces")[0]).not.toHaveProperty(
      "ipAddress",
    );
    await cluster.pass(20);
    const instance = await cluster.get(paths.instance("born"));
    expect(itemsAt(instance, "status", "interfaces")[0]?.["ipAddress"]).toMatch(/^172\.16\.\d+\.\d+$/);
    expect(textAt(instance, "status", "nodeName")).toMatch(/^harvester-0\d$/);
    expect(await reasons("born")).toEqual(expect.arrayContaining(["SuccessfulCreate", "Created", "Started"]));
  });

  it("refuses to start what runs and to stop what does not", async () => {
    const running = await put("web-01", "start");
    expect(running.status).toBe(409);
    expect(running.body["message"]).toBe(
      'Operation cannot be fulfilled on virtualmachine.kubevirt.io "web-01": VM is already running',
    );
    const stopped = await put("build-01", "stop");
    expect([stopped.status, stopped.body["message"]]).toEqual([
      409,
      expect.stringContaining("VM is not running"),
    ]);
    const restart = await put("build-01", "restart");
    expect(restart.body["message"]).toContain("RunStategy Halted does not support manual restart requests");
    expect((await put("nobody", "start")).body["message"]).toBe(
      'virtualmachine.kubevirt.io "nobody" not found',
    );
  });

  it("is nobody's to start whom no role allows it", async () => {
    const { simulator } = cluster;
    const token = simulator.world.tokens.issue({ name: "guest", groups: ["system:authenticated"] });
    const agent = simulator.world.tokens.issue({
      name: "system:serviceaccount:harvester-system:maru-agent",
      groups: ["system:serviceaccounts", "system:serviceaccounts:harvester-system", "system:authenticated"],
    });
    const start = (bearer: string) =>
      fetch(simulator.url + paths.verb("build-01", "start"), {
        method: "PUT",
        headers: { authorization: `Bearer ${bearer}` },
      });
    const refused = await start(token);
    expect(refused.status).toBe(403);
    expect(await refused.text()).toContain(
      'User \\"guest\\" cannot update resource \\"virtualmachines/start\\"',
    );
    expect((await start(agent)).status).toBe(202);
  });

  it("stops within the guest's time, stays stopped, and starts again", async () => {
    expect((await put("web-01", "stop")).status).toBe(202);
    await cluster.pass(1);
    expect(await statusOf("web-01")).toBe("Stopping");
    await cluster.pass(30);
    expect(await statusOf("web-01")).toBe("Stopped");
    expect((await cluster.call("GET", paths.instance("web-01"))).status).toBe(404);
    await cluster.pass(600);
    expect(await statusOf("web-01")).toBe("Stopped");
    expect((await put("web-01", "start")).status).toBe(202);
    await cluster.until(async () => (await statusOf("web-01")) === "Running");
  });

  it("restarts with a new instance", async () => {
    const before = textAt(await cluster.get(paths.instance("db-01")), "metadata", "uid");
    expect((await put("db-01", "restart")).status).toBe(202);
    await cluster.pass(40);
    const after = await cluster.get(paths.instance("db-01"));
    expect(textAt(after, "metadata", "uid")).not.toBe(before);
    expect(textAt(after, "status", "phase")).toBe("Running");
  });

  it("pauses and goes on, and refuses both where they make no sense", async () => {
    const instanceVerb = (verb: string) =>
      cluster.call("PUT", paths.instanceVerb("notebook-01", verb, "ml-team"));
    expect((await instanceVerb("pause")).body["message"]).toContain("VMI is already paused");
    expect((await instanceVerb("softreboot")).body["message"]).toContain("VMI is paused");
    expect((await instanceVerb("unpause")).status).toBe(200);
    await cluster.pass(1);
    expect(await statusOf("notebook-01", "ml-team")).toBe("Running");
    expect((await instanceVerb("unpause")).body["message"]).toContain("VMI is not paused");
    expect((await instanceVerb("softreboot")).status).toBe(200);
    expect((await instanceVerb("pause")).status).toBe(200);
    await cluster.pass(1);
    expect(await statusOf("notebook-01", "ml-team")).toBe("Paused");
  });

  it("waits for a node that has room, and says in the scheduler's words why none has", async () => {
    await create("giant", { cores: 15, memory: "96Gi" });
    await cluster.until(async () => (await statusOf("giant")) === "ErrorUnschedulable");
    const found = await cluster.get(paths.machine("giant"));
    const refused = itemsAt(found, "status", "conditions").find((one) => one["type"] === "PodScheduled");
    expect(refused?.["message"]).toMatch(/^0\/3 nodes are available: .*3 Insufficient memory/);
    expect(await reasons("giant")).toContain("SuccessfulCreate");
  });

  it("does not start beyond the quota of its namespace, and starts once there is room", async () => {
    const quota = "/api/v1/namespaces/default/resourcequotas";
    await cluster.create(quota, "v1 ResourceQuota", "tight", {
      spec: { hard: { "requests.memory": "1Gi" } },
    });
    await create("greedy");
    await cluster.pass(10);
    expect(await statusOf("greedy")).toBe("Stopped");
    expect(await reasons("greedy")).toContain("FailedCreate");
    const word = "harvesterhci.io/insufficient-resource-quota";
    const told = async () =>
      textAt(await cluster.get(paths.machine("greedy")), "metadata", "annotations", word);
    expect(await told()).toMatch(/exceeded quota: tight, requested: requests\.memory=/);
    await cluster.call("DELETE", `${quota}/tight`);
    await cluster.until(async () => (await statusOf("greedy")) === "Running");
    expect(await told()).toBeUndefined();
  });

  it("starts a machine that crashed anew, and backs off from one that never comes up", async () => {
    await create("weak");
    await cluster.until(async () => (await statusOf("weak")) === "Running");
    await cluster.merge(paths.machine("weak"), { metadata: { annotations: { "sim.maru/crash": "true" } } });
    await cluster.until(async () => (await statusOf("weak")) !== "Running");
    await cluster.until(async () => (await statusOf("weak")) === "Running");
    expect(await reasons("weak")).toContain("Stopped");
    await cluster.merge(paths.machine("weak"), { metadata: { annotations: { "sim.maru/crash": "boot" } } });
    await put("weak", "restart");
    await cluster.until(async () => (await statusOf("weak")) === "CrashLoopBackOff");
    await cluster.pass(200);
    const failures = at(
      await cluster.get(paths.machine("weak")),
      "status",
      "startFailure",
      "consecutiveFailCount",
    );
    expect(failures).toBeGreaterThan(1);
  });

  it("goes when it is deleted, after its guest, and takes the disks along that it was told to", async () => {
    await create("gone");
    await cluster.until(async () => (await statusOf("gone")) === "Running");
    await cluster.merge(paths.machine("gone"), {
      metadata: { annotations: { "harvesterhci.io/removedPersistentVolumeClaims": "gone-disk-0" } },
    });
    expect((await cluster.call("DELETE", paths.machine("gone"))).status).toBe(200);
    await cluster.pass(1);
    expect(await statusOf("gone")).toBe("Terminating");
    await cluster.pass(20);
    expect((await cluster.call("GET", paths.machine("gone"))).status).toBe(404);
    expect((await cluster.call("GET", paths.claim("gone-disk-0"))).status).toBe(404);
  });
});
