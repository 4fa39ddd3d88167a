import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createMachine } from "../../../../../src/modules/harvester/machines/operations/create-machine.ts";
import { getMachine } from "../../../../../src/modules/harvester/machines/operations/get-machine.ts";
import { listMachines } from "../../../../../src/modules/harvester/machines/operations/list-machines.ts";
import { preflightMachine } from "../../../../../src/modules/harvester/machines/operations/preflight-machine.ts";
import { stopMachine } from "../../../../../src/modules/harvester/machines/operations/stop-machine.ts";
import { type Stage, stageCluster } from "../../../../support/harvester/stage-cluster.ts";

let stage: Stage;
beforeAll(async () => {
  stage = await stageCluster();
});
afterAll(() => stage.stop());

const minutes = (count: number) => stage.advance(count * 60_000);
const at = (name: string, namespace = "default") => ({ namespace, name });
const get = (name: string) => stage.call(getMachine, at(name));
const draft = {
  namespace: "default",
  cpu: 2,
  memory: "4Gi",
  disks: [{ from: { kind: "image", image: "default/image-jammy" }, size: "10Gi" }],
  networks: [{ network: "default/vlan100" }],
  sshKeys: ["default/admin-key"],
  cloudInit: { userData: "#cloud-config\npassword: hunter2-of-the-guest\n" },
};
const stored = (group: string, plural: string, namespace = "default") => {
  const { store } = stage.simulator.world;
  return store.list(store.kindOf(group, plural), namespace);
};

describe("creating virtual machines", () => {
  it("makes several at once", async () => {
    const { machines } = await stage.call(createMachine, {
      ...draft,
      name: "many",
      count: 3,
      runStrategy: "Halted",
    });
    expect(machines.map(({ name }) => name)).toEqual(["many-01", "many-02", "many-03"]);
    await minutes(1);
    const disks = await Promise.all(
      ["many-01", "many-02"].map(async (name) => (await get(name)).disks[0]?.volume),
    );
    expect(new Set(disks).size).toBe(2);
  });

  it("leaves nothing behind when one of several fails", async () => {
    const remove = stage.simulator.inject({
      method: "POST",
      path: "/secrets",
      times: 1,
      does: {
        kind: "answer",
        status: 403,
        body: { kind: "Status", code: 403, reason: "Forbidden", message: "no" },
      },
    });
    const failure = await stage.refused(createMachine, { ...draft, name: "none", count: 2 });
    remove();
    expect(failure).toMatchObject({ code: "harvester.cluster_forbids", data: { left: [] } });
    expect(failure.detail).toContain("Nothing was left");
    await minutes(3);
    const left = [...stored("kubevirt.io", "virtualmachines"), ...stored("", "persistentvolumeclaims")];
    expect(left.filter(({ metadata }) => metadata.name.startsWith("none"))).toEqual([]);
  });

  it("points at everything that a draft refers to in vain", async () => {
    const failure = await stage.refused(createMachine, {
      ...draft,
      name: "lost",
      disks: [
        { from: { kind: "image", image: "default/nowhere" } },
        { from: { kind: "volume", volume: "web-01-disk-0" } },
        { from: { kind: "empty" }, size: "1Gi", storageClass: "gold" },
      ],
      networks: [{ network: "default/nowhere" }],
      sshKeys: ["default/nobody"],
    });
    expect(failure.kind).toBe("invalid_input");
    expect(failure.errors?.map(({ pointer }) => pointer)).toEqual([
      "/disks/0/from/image",
      "/disks/1/from/volume",
      "/disks/2/storageClass",
      "/networks/0/network",
      "/sshKeys/0",
    ]);
    expect(await stage.refused(createMachine, { ...draft, name: "web-01" })).toMatchObject({
      kind: "conflict",
      code: "harvester.name_taken",
      errors: [{ pointer: "/name" }],
    });
  });

  it("tells beforehand what would stand in the way", async () => {
    const good = await stage.call(preflightMachine, { ...draft, name: "fine" });
    expect([good.possible, good.checks.map(({ status }) => status)]).toEqual([
      true,
      good.checks.map(() => "pass"),
    ]);
    const large = await stage.call(preflightMachine, {
      ...draft,
      namespace: "ml-team",
      name: "large",
      memory: "900Gi",
      disks: [{ from: { kind: "image", image: "default/image-jammy" }, size: "3Ti" }],
    });
    const bad = Object.fromEntries(large.checks.map(({ check, status }) => [check, status]));
    expect(large.possible).toBe(false);
    expect(bad).toMatchObject({ quota: "fail", capacity: "warn" });
  });
});

describe("who reaches what", () => {
  it("hides the namespaces of other projects as if they weren't there", async () => {
    const as = await stage.heldTo("ml-team");
    const { items } = await stage.call(listMachines, {}, as);
    expect(new Set(items.map(({ namespace }) => namespace))).toEqual(new Set(["ml-team"]));
    const before = stage.calls.length;
    expect(await stage.refused(getMachine, at("web-01"), as)).toMatchObject({
      kind: "not_found",
      code: "harvester.unknown",
    });
    expect(await stage.refused(stopMachine, at("web-01"), as)).toMatchObject({ kind: "not_found" });
    expect(await stage.refused(listMachines, { namespace: "default" }, as)).toMatchObject({
      kind: "not_found",
    });
    expect(stage.calls.length).toBe(before);
  });
});
