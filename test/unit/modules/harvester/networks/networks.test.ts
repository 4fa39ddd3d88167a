import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createClusterNetwork } from "../../../../../src/modules/harvester/networks/operations/create-cluster-network.ts";
import { createVlanConfig } from "../../../../../src/modules/harvester/networks/operations/create-vlan-config.ts";
import { createVmNetwork } from "../../../../../src/modules/harvester/networks/operations/create-vm-network.ts";
import { deleteClusterNetwork } from "../../../../../src/modules/harvester/networks/operations/delete-cluster-network.ts";
import { deleteVlanConfig } from "../../../../../src/modules/harvester/networks/operations/delete-vlan-config.ts";
import { deleteVmNetwork } from "../../../../../src/modules/harvester/networks/operations/delete-vm-network.ts";
import { getLinks } from "../../../../../src/modules/harvester/networks/operations/get-links.ts";
import { getVmNetwork } from "../../../../../src/modules/harvester/networks/operations/get-vm-network.ts";
import { listClusterNetworks } from "../../../../../src/modules/harvester/networks/operations/list-cluster-networks.ts";
import { listVlanConfigs } from "../../../../../src/modules/harvester/networks/operations/list-vlan-configs.ts";
import { listVmNetworks } from "../../../../../src/modules/harvester/networks/operations/list-vm-networks.ts";
import { readLinks } from "../../../../../src/modules/harvester/networks/read-networks.rules.ts";
import { type Stage, stageCluster } from "../../../../support/harvester/stage-cluster.ts";
import { isPublished } from "../../../../support/kube/harvester/index/harvester-api.ts";

let stage: Stage;
beforeAll(async () => {
  stage = await stageCluster();
});
afterAll(() => stage.stop());

const at = (name: string) => ({ namespace: "default", name });

describe("a network of virtual machines", () => {
  it("is of one VLAN, untagged, or a trunk", async () => {
    const draft = { clusterNetwork: "mgmt" };
    const vlan = await stage.call(createVmNetwork, {
      ...draft,
      ...at("v300"),
      clusterNetwork: "prod",
      network: { type: "vlan", vlan: 300 },
    });
    expect(vlan.object).toMatchObject({ type: "vlan", vlan: 300, clusterNetwork: "prod", mtu: 9000 });
    const trunk = await stage.call(createVmNetwork, {
      ...draft,
      ...at("trunk"),
      network: { type: "trunk", ranges: [{ from: 10, to: 20 }] },
      route: { mode: "manual", cidr: "10.0.0.0/24", gateway: "10.0.0.1" },
    });
    expect(trunk.object).toMatchObject({
      type: "trunk",
      trunk: [{ from: 10, to: 20 }],
      route: { mode: "manual", gateway: "10.0.0.1" },
    });
    const plain = await stage.call(createVmNetwork, {
      ...draft,
      ...at("plain"),
      network: { type: "untagged" },
    });
    expect(plain.object).toMatchObject({ type: "untagged", vlan: null, ready: true });
    expect((await stage.call(getVmNetwork, at("plain"))).name).toBe("plain");
    const { items } = await stage.call(listVmNetworks, { namespace: "default" });
    expect(items.map(({ name }) => name).sort()).toEqual(["plain", "trunk", "v300", "vlan100"]);
  });

  it("takes no VLAN outside 1 to 4094, and no gateway outside its network", async () => {
    const draft = { ...at("wrong"), clusterNetwork: "mgmt" };
    for (const vlan of [0, 4095, -1, 1.5])
      await expect(
        stage.call(createVmNetwork, { ...draft, network: { type: "vlan", vlan } }),
      ).rejects.toThrow();
    const refused = await stage.refused(createVmNetwork, {
      ...draft,
      network: { type: "untagged" },
      route: { mode: "manual", cidr: "10.0.0.0/24", gateway: "10.0.1.1" },
    });
    expect(refused.errors).toMatchObject([{ pointer: "/route/gateway" }]);
  });

  it("is deleted when no machine is on it", async () => {
    expect(await stage.refused(deleteVmNetwork, at("vlan100"))).toMatchObject({
      code: "harvester.network_used",
      data: { usedBy: ["build-01", "db-01", "web-01"] },
    });
    await stage.call(deleteVmNetwork, at("trunk"));
    expect((await stage.refused(getVmNetwork, at("trunk"))).code).toBe("harvester.unknown");
  });
});

describe("a network of the cluster", () => {
  const on01 = { "kubernetes.io/hostname": "harvester-01" };
  it("is put on hosts' cards once each, with one MTU", async () => {
    await stage.call(createClusterNetwork, { name: "lab" });
    const made = await stage.call(createVlanConfig, {
      name: "lab-01",
      clusterNetwork: "lab",
      nics: ["eno3"],
      nodeSelector: on01,
    });
    expect(made.object).toMatchObject({ hosts: ["harvester-01"], nics: ["eno3"], mtu: 1500 });
    const refused = await stage.refused(createVlanConfig, {
      name: "lab-all",
      clusterNetwork: "lab",
      nics: ["eno3"],
      mtu: 9000,
    });
    expect(refused).toMatchObject({
      code: "harvester.vlan_config_refused",
      errors: [
        { pointer: "/nodeSelector", code: "overlap" },
        { pointer: "/mtu", code: "other_mtu" },
      ],
    });
    const nowhere = { name: "x", clusterNetwork: "mgmt", nics: ["eno3"], nodeSelector: { no: "such" } };
    expect((await stage.refused(createVlanConfig, nowhere)).errors).toMatchObject([
      { pointer: "/clusterNetwork", code: "built_in" },
      { pointer: "/nodeSelector", code: "no_hosts" },
    ]);
    const configs = await stage.call(listVlanConfigs, {});
    expect(configs.items.map(({ name }) => name)).toEqual(["lab-01", "prod-uplink"]);
  });

  it("is deleted when nothing is on it; what the cluster denies is told as a conflict", async () => {
    expect(await stage.refused(deleteClusterNetwork, { name: "lab" })).toMatchObject({
      kind: "conflict",
      code: "harvester.denied",
      detail: expect.stringMatching(/^can't delete cluster network lab because/),
    });
    await stage.call(deleteVlanConfig, { name: "lab-01" });
    await stage.call(deleteClusterNetwork, { name: "lab" });
    const { items } = await stage.call(listClusterNetworks, {});
    expect(items.map(({ name, builtIn }) => [name, builtIn])).toEqual([
      ["mgmt", true],
      ["prod", false],
    ]);
  });

  it("tells how it is on each host", async () => {
    const { networks } = await stage.call(getLinks, { host: "harvester-02" });
    expect(networks).toMatchObject([{ host: "harvester-02", clusterNetwork: "prod", ready: true }]);
    const monitor = {
      metadata: { name: "prod" },
      status: { linkStatus: { "harvester-01": [{ name: "eno2", state: "up", mac: "52:54:00:00:00:01" }] } },
    };
    expect(readLinks([monitor], [], undefined).links).toEqual([
      { host: "harvester-01", nic: "eno2", state: "up", mac: "52:54:00:00:00:01", monitor: "prod" },
    ]);
    expect(readLinks([monitor], [], "harvester-02").links).toEqual([]);
  });

  it("is not changed by those who reach a part of the cluster, and asks only what is published", async () => {
    const outsider = await stage.heldTo("default");
    const refused = await stage.refused(createClusterNetwork, { name: "mine" }, outsider);
    expect(refused.code).toBe("harvester.part_of_cluster");
    for (const { method, path } of stage.calls)
      expect([method, path, isPublished(method, path)]).toEqual([method, path, true]);
  });
});
