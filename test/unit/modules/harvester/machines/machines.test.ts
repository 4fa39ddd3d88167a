import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { abortMigration } from "../../../../../src/modules/harvester/machines/operations/abort-migration.ts";
import { addMachineVolume } from "../../../../../src/modules/harvester/machines/operations/add-machine-volume.ts";
import { cloneMachine } from "../../../../../src/modules/harvester/machines/operations/clone-machine.ts";
import { createMachine } from "../../../../../src/modules/harvester/machines/operations/create-machine.ts";
import { deleteMachine } from "../../../../../src/modules/harvester/machines/operations/delete-machine.ts";
import { forceStopMachine } from "../../../../../src/modules/harvester/machines/operations/force-stop-machine.ts";
import { getMachine } from "../../../../../src/modules/harvester/machines/operations/get-machine.ts";
import { listMigrationHosts } from "../../../../../src/modules/harvester/machines/operations/list-migration-hosts.ts";
import { migrateMachine } from "../../../../../src/modules/harvester/machines/operations/migrate-machine.ts";
import { pauseMachine } from "../../../../../src/modules/harvester/machines/operations/pause-machine.ts";
import { removeMachineVolume } from "../../../../../src/modules/harvester/machines/operations/remove-machine-volume.ts";
import { restartMachine } from "../../../../../src/modules/harvester/machines/operations/restart-machine.ts";
import { softRebootMachine } from "../../../../../src/modules/harvester/machines/operations/soft-reboot-machine.ts";
import { startMachine } from "../../../../../src/modules/harvester/machines/operations/start-machine.ts";
import { stopMachine } from "../../../../../src/modules/harvester/machines/operations/stop-machine.ts";
import { templateMachine } from "../../../../../src/modules/harvester/machines/operations/template-machine.ts";
import { unpauseMachine } from "../../../../../src/modules/harvester/machines/operations/unpause-machine.ts";
import { updateMachine } from "../../../../../src/modules/harvester/machines/operations/update-machine.ts";
import { type Stage, stageCluster } from "../../../../support/harvester/stage-cluster.ts";
import { isPublished } from "../../../../support/kube/harvester/index/harvester-api.ts";

let stage: Stage;
beforeAll(async () => {
  stage = await stageCluster();
});
afterAll(() => stage.stop());

const minutes = (count: number) => stage.advance(count * 60_000);
const at = (name: string, namespace = "default") => ({ namespace, name });
const get = (name: string, namespace?: string) => stage.call(getMachine, at(name, namespace));
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

describe("a virtual machine of a cluster", () => {
  it("is created from an image with cloud-init, keys and a network, and comes to run", async () => {
    const { object, commandId } = await stage.call(createMachine, { ...draft, name: "life" });
    expect(commandId).toMatch(/^cmd_/);
    expect(object).toMatchObject({ name: "life", cpu: 2, runStrategy: "RerunOnFailure" });
    await minutes(3);
    const machine = await get("life");
    expect(machine).toMatchObject({ state: "Running", memoryBytes: 4 * 2 ** 30 });
    expect(machine.ipAddresses).toHaveLength(1);
    expect(machine.disks[0]).toMatchObject({ image: "default/image-jammy", size: "10Gi", bootOrder: 1 });
    const [secret] = stored("", "secrets").filter((one) => one.metadata.name.startsWith("life-"));
    expect(secret?.metadata.ownerReferences).toMatchObject([{ kind: "VirtualMachine", name: "life" }]);
    const userData = atob((secret?.data as { userdata: string } | undefined)?.userdata ?? "");
    expect(userData).toContain("hunter2-of-the-guest");
    expect(userData).toMatch(/ssh_authorized_keys:\n {2}- "ssh-/);
  });

  it("leaves one event that names the command and holds no secret", () => {
    const own = stage.events.filter(
      ({ entity }) => entity === "cluster:cls_test/virtualmachines/default/life",
    );
    expect(own).toHaveLength(1);
    expect(own[0]?.after).toMatchObject({
      commandId: expect.stringMatching(/^cmd_/),
      object: { name: "life" },
    });
    expect(JSON.stringify(stage.events)).not.toContain("hunter2");
  });

  it("says what may be done with it, and refuses the rest before it travels", async () => {
    const { actions } = await get("life");
    expect(actions).toMatchObject({ stop: true, pause: true, migrate: true });
    expect(actions.start).toMatchObject({ allowed: false, because: expect.stringContaining("Running") });
    const before = stage.calls.length;
    expect(await stage.refused(startMachine, at("life"))).toMatchObject({
      kind: "conflict",
      code: "harvester.wrong_state",
      data: { action: "start", state: "Running" },
    });
    expect(stage.calls.slice(before).filter(({ method }) => method !== "GET")).toEqual([]);
  });

  it("pauses and goes on, reboots, restarts", async () => {
    await stage.call(pauseMachine, at("life"));
    await minutes(1);
    expect((await get("life")).state).toBe("Paused");
    expect((await stage.refused(pauseMachine, at("life"))).code).toBe("harvester.wrong_state");
    await stage.call(unpauseMachine, at("life"));
    await minutes(1);
    expect((await get("life")).state).toBe("Running");
    await stage.call(softRebootMachine, at("life"));
    const first = (await get("life")).instance?.startedAt;
    await minutes(1);
    await stage.call(restartMachine, at("life"));
    await minutes(4);
    const again = await get("life");
    expect([again.state, again.instance?.startedAt === first]).toEqual(["Running", false]);
  });

  it("stops, and runs as it did before when it is started again", async () => {
    await stage.call(stopMachine, at("life"));
    expect((await stage.refused(stopMachine, at("life"))).detail).toContain("forceStop");
    await stage.call(forceStopMachine, at("life"));
    await minutes(3);
    expect(await get("life")).toMatchObject({ state: "Stopped", runStrategy: "Halted" });
    await stage.call(startMachine, at("life"));
    await minutes(3);
    expect(await get("life")).toMatchObject({ state: "Running", runStrategy: "RerunOnFailure" });
  });

  it("migrates to a host of choice as a job, and can be kept where it is", async () => {
    const { hosts } = await stage.call(listMigrationHosts, at("life"));
    const from = (await get("life")).node;
    expect(hosts).not.toContain(from);
    expect((await stage.refused(migrateMachine, { ...at("life"), host: from })).errors).toMatchObject([
      { pointer: "/host" },
    ]);
    const { jobId, migration } = await stage.call(migrateMachine, { ...at("life"), host: hosts[0] });
    expect(jobId).toMatch(/^job_/);
    expect(migration).toMatch(/^life-/);
    await minutes(10);
    expect(await get("life")).toMatchObject({ state: "Running", node: hosts[0] });
    await stage.call(migrateMachine, at("life"));
    await stage.advance(3000);
    expect((await get("life")).actions.abortMigration).toBe(true);
    await stage.call(abortMigration, at("life"));
    await minutes(5);
    expect(await get("life")).toMatchObject({ state: "Running", node: hosts[0] });
  });

  it("takes a volume while it runs and gives it back", async () => {
    const missing = await stage.refused(addMachineVolume, { ...at("life"), volume: "nowhere" });
    expect(missing.errors).toMatchObject([{ pointer: "/volume" }]);
    await stage.call(addMachineVolume, { ...at("life"), volume: "scratch-data" });
    await minutes(2);
    const { disks } = await get("life");
    expect(disks.find(({ volume }) => volume === "scratch-data")).toMatchObject({ hotplugged: true });
    await stage.call(removeMachineVolume, { ...at("life"), disk: "scratch-data" });
    await minutes(2);
    expect((await get("life")).disks.some(({ volume }) => volume === "scratch-data")).toBe(false);
  });

  it("is changed on the version that was read, and shows both versions when that is an old one", async () => {
    const { resourceVersion } = await get("life");
    const changed = await stage.call(updateMachine, {
      ...at("life"),
      resourceVersion,
      cpu: 4,
      memory: "8Gi",
    });
    expect(changed).toMatchObject({ restartNeeded: true, object: { cpu: 4, memoryBytes: 8 * 2 ** 30 } });
    const failure = await stage.refused(updateMachine, {
      ...at("life"),
      resourceVersion,
      description: "mine",
    });
    expect(failure).toMatchObject({
      kind: "conflict",
      code: "harvester.changed",
      data: { yours: { resourceVersion, description: "mine" }, current: { cpu: 4 } },
    });
    const labelled = await stage.call(updateMachine, {
      ...at("life"),
      description: "ours",
      labels: { team: "vision" },
    });
    expect(labelled.object).toMatchObject({ description: "ours", labels: { team: "vision" } });
  });

  it("is cloned and made a template of", async () => {
    await stage.call(stopMachine, at("life"));
    await minutes(4);
    await stage.call(cloneMachine, { ...at("life"), newName: "life-2", runStrategy: "Halted" });
    await minutes(4);
    expect(await get("life-2")).toMatchObject({ cpu: 4, state: "Stopped" });
    await stage.call(templateMachine, { ...at("life"), template: "life-template", withData: false });
    await minutes(1);
    expect(
      stored("harvesterhci.io", "virtualmachinetemplates").map(({ metadata }) => metadata.name),
    ).toContain("life-template");
  });

  it("is deleted with the volumes that are named, and only those", async () => {
    const { disks } = await get("life");
    const volume = disks[0]?.volume ?? "";
    const foreign = await stage.refused(deleteMachine, { ...at("life"), removedVolumes: "web-01-disk-0" });
    expect(foreign.errors).toMatchObject([{ pointer: "/query/removedVolumes" }]);
    await stage.call(deleteMachine, { ...at("life"), removedVolumes: volume });
    await minutes(2);
    expect((await stage.refused(getMachine, at("life"))).kind).toBe("not_found");
    const volumes = stored("", "persistentvolumeclaims").map(({ metadata }) => metadata.name);
    expect(volumes).not.toContain(volume);
    expect(volumes).toContain("web-01-disk-0");
    expect(stored("", "secrets").some(({ metadata }) => metadata.name.startsWith("life-"))).toBe(true);
  });
});

it("calls nothing but what Harvester publishes", () => {
  const strange = stage.calls
    .map(({ method, path }) => [method, path.split("?")[0] ?? ""] as const)
    .filter(([method, path]) => !isPublished(method, path));
  expect(strange).toEqual([]);
});
