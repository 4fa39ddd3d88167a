import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  type Api,
  at,
  disksOver,
  MACHINES,
  machine,
  put,
  putClaim,
  said,
  setSetting,
  startHarvester,
} from "../start-harvester.ts";

const DOMAIN = "spec/template/spec/domain";
const MERGE = { type: "application/merge-patch+json" };
let api: Api;
beforeAll(async () => {
  api = await startHarvester();
  put(
    api.sim.world,
    "k8s.cni.cncf.io",
    "network-attachment-definitions",
    {
      name: "vlan7",
      namespace: "default",
      labels: { "network.harvesterhci.io/clusternetwork": "prod" },
    },
    { spec: { config: "{}" } },
  );
});
afterAll(() => api.sim.stop());

const make = (name: string, parts = {}) => api.ask("POST", MACHINES, machine(name, parts));

describe("a new machine", () => {
  it("asks for what the overcommit of the cluster leaves of its limits", async () => {
    const { status, body } = await make("defaults", {
      domain: { resources: { limits: { cpu: "4", memory: "8Gi" } }, devices: {} },
      spec: { networks: [] },
    });
    expect(status).toBe(201);
    expect(at(body, `${DOMAIN}/resources/requests`)).toEqual({ cpu: "400m", memory: "5461Mi" });
    expect(at(body, `${DOMAIN}/memory/guest`)).toBe("8Gi");
    expect(at(body, `${DOMAIN}/cpu`)).toEqual({ cores: 2, sockets: 1, threads: 1, maxSockets: 1 });
    expect(at(body, "spec/template/spec/terminationGracePeriodSeconds")).toBe(120);
  });

  it("keeps 100 MiB back for the emulator where no overhead ratio is set", async () => {
    expect((await setSetting(api, "additional-guest-memory-overhead-ratio", "0")).status).toBe(200);
    const { body } = await make("reserved");
    expect(at(body, `${DOMAIN}/memory/guest`)).toBe("3996Mi");
    const tiny = await make("tiny", {
      domain: { resources: { limits: { memory: "105Mi" } }, devices: {} },
      spec: { networks: [] },
    });
    expect(tiny.status).toBe(500);
    expect(said(tiny)).toContain("guest memory is under the minimum requirement (10 Mi)");
    await setSetting(api, "additional-guest-memory-overhead-ratio", "1.5");
  });

  it("keeps back what its annotation says, and no more than it has", async () => {
    const reserving = (amount: string) => ({ annotations: { "harvesterhci.io/reservedMemory": amount } });
    const { body } = await make("annotated", reserving("1Gi"));
    expect(at(body, `${DOMAIN}/memory/guest`)).toBe("3Gi");
    expect((await make("greedy", reserving("4Gi"))).status).toBe(500);
    expect((await make("garbled", reserving("many"))).status).toBe(500);
  });

  it("gets all of what it pins, and stays where processors can be pinned", async () => {
    const { body } = await make("pinned", {
      domain: {
        cpu: { cores: 2, dedicatedCpuPlacement: true },
        resources: { limits: { cpu: "2", memory: "4Gi" } },
        devices: {},
      },
      spec: { networks: [] },
    });
    expect(at(body, `${DOMAIN}/resources/requests`)).toEqual({ cpu: "2", memory: "4Gi" });
    expect(JSON.stringify(at(body, "spec/template/spec/affinity"))).toContain('"key":"cpumanager"');
  });

  it("runs on hosts of its networks, with an address of its own", async () => {
    const { body } = await make("netted", {
      spec: { networks: [{ name: "default", multus: { networkName: "default/vlan7" } }] },
    });
    const required =
      "spec/template/spec/affinity/nodeAffinity/requiredDuringSchedulingIgnoredDuringExecution";
    expect(at(body, `${required}/nodeSelectorTerms`)).toEqual([
      { matchExpressions: [{ key: "network.harvesterhci.io/prod", operator: "In", values: ["true"] }] },
    ]);
    expect(at(body, `${DOMAIN}/devices/interfaces/0/macAddress`)).toMatch(/^.[26ae](:[0-9a-f]{2}){5}$/);
    const lost = await make("lost", {
      spec: { networks: [{ name: "default", multus: { networkName: "default/none" } }] },
    });
    expect(lost).toMatchObject({ status: 500, body: { reason: "InternalError" } });
  });
});

describe("a machine is refused", () => {
  const refused = async (name: string, parts: object, why: string) => {
    const answer = await make(name, parts);
    expect(answer).toMatchObject({ status: 422, body: { reason: "Invalid" } });
    expect(said(answer)).toContain(why);
  };

  it("when disks and volumes, interfaces and networks do not name each other", async () => {
    await refused("a", { spec: { networks: [] } }, "interfaces[0].name 'default' not found.");
    await refused(
      "b",
      { spec: { volumes: [{ name: "x", emptyDisk: { capacity: "1Gi" } }] } },
      "'x' not found.",
    );
    const disks = [{ name: "y", disk: { bus: "virtio" } }];
    await refused(
      "c",
      { domain: { devices: { disks }, memory: { guest: "1Gi" } }, spec: { networks: [] } },
      "'y' not found.",
    );
    await refused("d", { runStrategy: "Sometimes" }, "runStrategy");
  });

  it("when it has no memory, an unknown maintenance strategy or a negative grace", async () => {
    await refused(
      "e",
      { domain: { devices: {}, resources: {} }, spec: { networks: [] } },
      "either memory.guest or resources.limits.memory must be set",
    );
    await refused(
      "f",
      { labels: { "harvesterhci.io/maintain-mode-strategy": "Hide" } },
      "invalid maintenance mode strategy: Hide",
    );
    await refused(
      "g",
      { spec: { terminationGracePeriodSeconds: -1 } },
      "Termination grace period can't be negative",
    );
  });

  it("when its claims are badly written or its volume is another's", async () => {
    const claims = (text: string) => ({ annotations: { "harvesterhci.io/volumeClaimTemplates": text } });
    await refused("h", claims("{"), "the volumeClaimTemplates annotaion is invalid");
    await refused("i", claims('[{"metadata":{}}]'), "PVC name is required");
    putClaim(api.sim.world, "data");
    expect((await make("owner", disksOver("data"))).status).toBe(201);
    await refused("j", disksOver("data"), "is already used by other VM");
    putClaim(api.sim.world, "golden", { annotations: { "harvesterhci.io/goldenImage": "true" } });
    await refused("k", disksOver("golden"), "is a golden image");
  });

  it("when it shares a disk that cannot be shared", async () => {
    const sharing = (claim: string, boot: number) => {
      const parts = disksOver(claim);
      const disks = [{ name: claim, disk: { bus: "virtio" }, bootOrder: boot, shareable: true }];
      return {
        ...parts,
        domain: { ...parts.domain, devices: { disks }, memory: { guest: "1Gi" } },
        spec: { ...parts.spec, networks: [] },
      };
    };
    putClaim(api.sim.world, "lonely");
    await refused("l", sharing("lonely", 1), "cannot be used as the boot disk");
    await refused("m", sharing("lonely", 2), "from a provisioner other than Longhorn is required");
    putClaim(api.sim.world, "files", { storageClassName: "shared-files" });
    expect((await make("n", sharing("files", 2))).status).toBe(201);
  });

  it("with 500 when its address is another's on the same network", async () => {
    const addressed = {
      domain: {
        resources: { limits: { memory: "1Gi" } },
        devices: { interfaces: [{ name: "default", bridge: {}, macAddress: "02:00:00:00:00:09" }] },
      },
    };
    expect((await make("first", addressed)).status).toBe(201);
    const answer = await make("second", addressed);
    expect(answer.status).toBe(500);
    expect(said(answer)).toContain("duplicate mac address present for vm second");
  });
});

describe("a change of a machine", () => {
  it("reckons requests anew when a limit moves, and leaves them else", async () => {
    await make("grown");
    const limits = { cpu: "4", memory: "8Gi" };
    const domain = { resources: { limits } };
    const path = `${MACHINES}/grown`;
    const { body } = await api.ask("PATCH", path, { spec: { template: { spec: { domain } } } }, MERGE);
    expect(at(body, `${DOMAIN}/resources/requests`)).toEqual({ cpu: "400m", memory: "5461Mi" });
    await setSetting(api, "overcommit-config", '{"cpu":200,"memory":100,"storage":100}');
    const labelled = await api.ask("PATCH", path, { metadata: { labels: { a: "b" } } }, MERGE);
    expect(at(labelled.body, `${DOMAIN}/resources/requests/cpu`)).toBe("400m");
    await setSetting(api, "overcommit-config", '{"cpu":1000,"memory":150,"storage":100}');
  });

  it("resumes the strategy that a halted machine had", async () => {
    await make("halted", {
      runStrategy: "Halted",
      annotations: { "harvesterhci.io/vmRunStrategy": "Manual" },
    });
    const { body } = await api.ask("PATCH", `${MACHINES}/halted`, { spec: { runStrategy: "Always" } }, MERGE);
    expect(at(body, "spec/runStrategy")).toBe("Manual");
  });

  it("never shrinks a volume, nor moves it to another class", async () => {
    const claims = (storage: string, storageClassName = "harvester-longhorn") => ({
      "harvesterhci.io/volumeClaimTemplates": JSON.stringify([
        { metadata: { name: "disk" }, spec: { storageClassName, resources: { requests: { storage } } } },
      ]),
    });
    expect((await make("sized", { annotations: claims("10Gi") })).status).toBe(201);
    const change = (annotations: object) =>
      api.ask("PATCH", `${MACHINES}/sized`, { metadata: { annotations } }, MERGE);
    const smaller = await change(claims("5Gi"));
    expect(smaller.status).toBe(422);
    expect(said(smaller)).toContain("disk PVC requests storage can't be less than previous value");
    const moved = await change(claims("10Gi", "shared-files"));
    expect(moved.status).toBe(500);
    expect(said(moved)).toContain("cannot be changed; new name shared-files in volume disk;");
    expect((await change(claims("20Gi"))).status).toBe(200);
  });

  it("is no stop while a backup of it is being made", async () => {
    await make("busy", { runStrategy: "Always" });
    put(
      api.sim.world,
      "harvesterhci.io",
      "virtualmachinebackups",
      { name: "b1", namespace: "default" },
      {
        spec: { source: { kind: "VirtualMachine", name: "busy" }, type: "backup" },
        status: { readyToUse: false },
      },
    );
    const stopped = await api.ask("PATCH", `${MACHINES}/busy`, { spec: { runStrategy: "Halted" } }, MERGE);
    expect(stopped.status).toBe(400);
    expect(said(stopped)).toContain("has a backup in progress");
  });
});
