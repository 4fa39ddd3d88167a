import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  type Api,
  ATTACHMENTS,
  at,
  MACHINES,
  machine,
  NETWORK,
  putInstance,
  said,
  startHarvester,
} from "../start-harvester.ts";

const MERGE = { type: "application/merge-patch+json" };
let api: Api;
beforeAll(async () => {
  api = await startHarvester();
});
afterAll(() => api.sim.stop());

function attachment(name: string, config: Record<string, unknown>, annotations = {}) {
  const full = { cniVersion: "0.3.1", name, type: "bridge", bridge: "prod-br", ipam: {}, ...config };
  return {
    apiVersion: "k8s.cni.cncf.io/v1",
    kind: "NetworkAttachmentDefinition",
    metadata: { name, annotations },
    spec: { config: JSON.stringify(full) },
  };
}

const attach = (name: string, config: Record<string, unknown>, annotations = {}) =>
  api.ask("POST", ATTACHMENTS, attachment(name, config, annotations));

function vlanConfig(name: string, spec: Record<string, unknown> = {}) {
  return {
    apiVersion: "network.harvesterhci.io/v1beta1",
    kind: "VlanConfig",
    metadata: { name },
    spec: { clusterNetwork: "prod", uplink: { nics: ["eno2"] }, ...spec },
  };
}

const configure = (name: string, spec = {}) =>
  api.ask("POST", `${NETWORK}/vlanconfigs`, vlanConfig(name, spec));

describe("a virtual network", () => {
  it("is labelled by its kind, its cluster network and its number", async () => {
    const tagged = await attach("vlan100", { vlan: 100 });
    expect(tagged.status).toBe(201);
    expect(at(tagged.body, "metadata/labels")).toEqual({
      "network.harvesterhci.io/clusternetwork": "prod",
      "network.harvesterhci.io/ready": "true",
      "network.harvesterhci.io/type": "L2VlanNetwork",
      "network.harvesterhci.io/vlan-id": "100",
    });
    const trunk = await attach("trunk", { vlan: 0, vlanTrunk: [{ minID: 1, maxID: 9 }] });
    expect(at(trunk.body, "metadata/labels")).toMatchObject({
      "network.harvesterhci.io/type": "L2VlanTrunkNetwork",
    });
  });

  it.each([
    [{ vlan: 4095 }, "vlan 4095 is out of range [0 .. 4094]"],
    [{ vlan: -1 }, "vlan -1 is out of range"],
    [{ vlan: 5, vlanTrunk: [{ id: 7 }] }, "vlan can only be 0 when vlanTrunk is set"],
    [{ vlan: 0, vlanTrunk: [{ minID: 9, maxID: 3 }] }, "minID 9 is greater than maxID 3"],
    [{ vlan: 0, vlanTrunk: [{ minID: 9 }] }, "maxID is missing"],
    [{ bridge: "nowhere-br" }, "none-existing cluster network nowhere"],
    [{ bridge: "prod" }, "does not include suffix -br"],
  ])("is refused with 500 for %j", async (config, why) => {
    const answer = await attach("bad", config);
    expect(answer).toMatchObject({ status: 500, body: { reason: "InternalError", code: 500 } });
    expect(said(answer)).toContain(why);
  });

  it("is refused with a route that leads nowhere", async () => {
    const route = (value: object) => ({ "network.harvesterhci.io/route": JSON.stringify(value) });
    const wrong = await attach(
      "bad",
      { vlan: 3 },
      route({ mode: "manual", cidr: "10.0.0.0", gateway: "10.0.0.1" }),
    );
    expect(said(wrong)).toContain("the CIDR 10.0.0.0 is invalid");
    expect((await attach("bad", { vlan: 3 }, route({ mode: "magic" }))).status).toBe(500);
    expect((await attach("routed", { vlan: 3 }, route({ mode: "auto" }))).status).toBe(201);
  });

  it("keeps its bridge, and stays while machines use it", async () => {
    await attach("used", { vlan: 8 });
    const other = attachment("used", { vlan: 8, bridge: "mgmt-br" });
    const moved = await api.ask("PATCH", `${ATTACHMENTS}/used`, { spec: other.spec }, MERGE);
    expect(said(moved)).toContain("nad bridge name can't be changed from prod-br to mgmt-br");
    const networks = [{ name: "default", multus: { networkName: "used" } }];
    expect((await api.ask("POST", MACHINES, machine("user", { spec: { networks } }))).status).toBe(201);
    const deleted = await api.ask("DELETE", `${ATTACHMENTS}/used`);
    expect(said(deleted)).toContain("it's still used by VM(s) default/user which must remove");
    expect((await api.ask("DELETE", `${ATTACHMENTS}/routed`)).status).toBe(200);
  });
});

describe("the uplinks of a cluster network", () => {
  it("take hold on the hosts they choose", async () => {
    const made = await configure("all", { uplink: { nics: ["eno2"], linkAttributes: { mtu: 9000 } } });
    expect(made.status).toBe(201);
    expect(at(made.body, "spec/uplink/linkAttributes")).toEqual({ mtu: 9000, txQLen: -1 });
    const annotations = at(made.body, "metadata/annotations");
    expect(annotations).toMatchObject({ "network.harvesterhci.io/matched-nodes": '["n1","n2","n3"]' });
    await api.sim.world.clock.advance(1_000);
    const { body } = await api.ask("GET", `${NETWORK}/vlanstatuses`);
    expect(at(body, "items/length")).toBe(3);
    const node = await api.ask("GET", "/api/v1/nodes/n2");
    expect(at(node.body, "metadata/labels")).toMatchObject({ "network.harvesterhci.io/prod": "true" });
    const wide = await attach("wide", { vlan: 20 });
    expect(String(at(wide.body, "spec/config"))).toContain('"mtu":9000');
  });

  it("do not overlap, agree on the MTU, and are nobody's on the management network", async () => {
    const jumbo = { uplink: { nics: ["eno3"], linkAttributes: { mtu: 9000 } } };
    const overlapping = await configure("more", {
      ...jumbo,
      nodeSelector: { "kubernetes.io/hostname": "n1" },
    });
    expect(overlapping.status).toBe(500);
    expect(said(overlapping)).toContain("it overlaps with other vlanconfigs matching node(s) [n1]");
    expect(said(await configure("small"))).toContain("need to have same MTU");
    expect(said(await configure("own", { clusterNetwork: "mgmt" }))).toContain(
      "users can't create vlanConfig for mgmt cluster network",
    );
    expect(said(await configure("lost", { clusterNetwork: "none" }))).toContain(
      "none-existing cluster network none",
    );
    const mode = { uplink: { nics: ["eno3"], bondOptions: { mode: "fastest" } } };
    expect((await configure("odd", mode)).status).toBe(422);
  });

  it("stay while machines run over them", async () => {
    const networks = [{ name: "default", multus: { networkName: "default/vlan100" } }];
    putInstance(api.sim.world, "runner", "n2");
    const instances = api.sim.world.store.kindOf("kubevirt.io", "virtualmachineinstances");
    api.sim.world.store.edit(instances, "default", "runner", (instance) => {
      instance["spec"] = { domain: { devices: {} }, networks };
    });
    const deleted = await api.ask("DELETE", `${NETWORK}/vlanconfigs/all`);
    expect(said(deleted)).toContain("it is blocked by VM(s) default/runner which must be stopped at first");
    api.sim.world.store.delete(instances, "default", "runner");
    expect((await api.ask("DELETE", `${NETWORK}/vlanconfigs/all`)).status).toBe(200);
    await api.sim.world.clock.advance(1_000);
    expect(at((await api.ask("GET", `${NETWORK}/vlanstatuses`)).body, "items")).toEqual([]);
  });
});

describe("a cluster network", () => {
  it("has a short name, and goes only when nothing stands on it", async () => {
    const create = (name: string) =>
      api.ask("POST", `${NETWORK}/clusternetworks`, {
        apiVersion: "network.harvesterhci.io/v1beta1",
        kind: "ClusterNetwork",
        metadata: { name },
      });
    expect(said(await create("much-too-long-a-name"))).toContain("is more than 12");
    expect((await create("spare")).status).toBe(201);
    expect((await api.ask("DELETE", `${NETWORK}/clusternetworks/spare`)).status).toBe(200);
    expect(said(await api.ask("DELETE", `${NETWORK}/clusternetworks/mgmt`))).toContain("it is not allowed");
    expect(said(await api.ask("DELETE", `${NETWORK}/clusternetworks/prod`))).toContain("are still existing");
  });
});
