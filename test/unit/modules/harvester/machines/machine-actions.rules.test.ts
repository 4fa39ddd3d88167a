import { describe, expect, it } from "vitest";
import {
  machineActions,
  permissionOf,
  refusalOf,
} from "../../../../../src/modules/harvester/machines/machine-actions.rules.ts";
import {
  type MachineState,
  machineStateOf,
} from "../../../../../src/modules/harvester/machines/machine-state.rules.ts";
import type { MachineVerb } from "../../../../../src/modules/harvester/machines/schemas.ts";

const stopped: MachineState = {
  printed: "Stopped",
  runStrategy: "Halted",
  deleting: false,
  phase: null,
  paused: false,
  startPending: false,
  livenessProbe: false,
  migratable: false,
  notMigratableBecause: null,
  migrating: false,
  snapshotInProgress: false,
  cdRoms: [],
  hotplugged: [],
};
const running: MachineState = {
  ...stopped,
  printed: "Running",
  runStrategy: "RerunOnFailure",
  phase: "Running",
  migratable: true,
};
const paused: MachineState = { ...running, printed: "Paused", paused: true };
const stopping: MachineState = { ...running, printed: "Stopping", runStrategy: "Halted" };
const crashed: MachineState = { ...running, printed: "CrashLoopBackOff", phase: "Failed", migratable: false };

const allowed = (state: MachineState, facts = {}) =>
  Object.entries(machineActions(state, facts))
    .filter(([, permission]) => permission === true)
    .map(([verb]) => verb);

describe("what a virtual machine takes now", () => {
  it.each<[string, MachineState, MachineVerb[], MachineVerb[]]>([
    [
      "stopped",
      stopped,
      ["start", "clone", "restore", "backup"],
      ["stop", "restart", "pause", "migrate", "console"],
    ],
    [
      "running",
      running,
      ["stop", "restart", "pause", "softReboot", "migrate", "console"],
      ["start", "unpause", "restore", "forceStop"],
    ],
    ["paused", paused, ["unpause", "stop"], ["pause", "softReboot", "start"]],
    ["stopping", stopping, ["forceStop"], ["start", "stop", "restart"]],
    ["crashed", crashed, ["start", "stop"], ["pause", "migrate", "console"]],
  ])("is decided for one that is %s", (_, state, may, mayNot) => {
    const verbs = allowed(state);
    expect(verbs).toEqual(expect.arrayContaining(may));
    for (const verb of mayNot) expect([verb, verbs.includes(verb)]).toEqual([verb, false]);
  });

  it("is nothing for one that is being deleted", () => {
    expect(allowed({ ...running, deleting: true })).toEqual([]);
  });

  it("depends on the run strategy: one that is started by hand can only be stopped while it lives", () => {
    expect(permissionOf("stop", { ...stopped, runStrategy: "Manual" })).toMatchObject({ allowed: false });
    expect(permissionOf("stop", { ...stopped, runStrategy: "Always" })).toBe(true);
  });

  it("depends on the cluster, and what is not known refuses nothing", () => {
    expect(permissionOf("migrate", running, { readyHosts: 1 })).toMatchObject({ allowed: false });
    expect(permissionOf("migrate", running, {})).toBe(true);
    expect(permissionOf("backup", running, { backupTarget: false })).toMatchObject({ allowed: false });
    expect(permissionOf("restore", stopped, { backups: 0 })).toMatchObject({ allowed: false });
  });

  it("does not pause what a liveness probe would end, nor migrate what cannot or does", () => {
    expect(permissionOf("pause", { ...running, livenessProbe: true })).toMatchObject({ allowed: false });
    const fixed = { ...running, migratable: false, notMigratableBecause: "a host device" };
    expect(permissionOf("migrate", fixed)).toMatchObject({
      because: expect.stringContaining("a host device"),
    });
    expect(permissionOf("migrate", { ...running, migrating: true })).toMatchObject({ allowed: false });
    expect(permissionOf("abortMigration", { ...running, migrating: true })).toBe(true);
  });

  it("is refused with the state that it is in", () => {
    expect(refusalOf("start", stopped)).toBeUndefined();
    expect(refusalOf("start", running)?.failure).toMatchObject({
      kind: "conflict",
      code: "harvester.wrong_state",
      data: { action: "start", state: "Running", runStrategy: "RerunOnFailure" },
    });
  });
});

describe("the state of a machine", () => {
  it("is read from objects that lack nearly everything", () => {
    const bare = machineStateOf({ metadata: { name: "x" } }, undefined);
    expect(bare).toMatchObject({ printed: "Unknown", runStrategy: "Halted", phase: null });
    const old = machineStateOf(
      { metadata: { name: "x" }, spec: { running: true } },
      { metadata: { name: "x" } },
    );
    expect(old).toMatchObject({ runStrategy: "Always", phase: "Pending" });
  });

  it("knows a migration that has not begun to move yet", () => {
    const migration = { metadata: { name: "m" }, spec: { vmiName: "x" }, status: { phase: "Pending" } };
    const state = (phase: string) =>
      machineStateOf({ metadata: { name: "x" } }, undefined, [{ ...migration, status: { phase } }]).migrating;
    expect([state("Pending"), state("Running"), state("Succeeded")]).toEqual([true, true, false]);
  });
});
