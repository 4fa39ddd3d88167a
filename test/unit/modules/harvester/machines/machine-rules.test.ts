import { describe, expect, it } from "vitest";
import * as z from "zod";
import { AppError } from "../../../../../src/kernel/problem.ts";
import {
  buildMachine,
  machineNames,
} from "../../../../../src/modules/harvester/machines/build-machine.rules.ts";
import { withKeys } from "../../../../../src/modules/harvester/machines/cloud-init.rules.ts";
import { hostRooms } from "../../../../../src/modules/harvester/machines/host-room.rules.ts";
import {
  patchOf,
  waitsForRestart,
} from "../../../../../src/modules/harvester/machines/machine-change.rules.ts";
import { MachineDraft } from "../../../../../src/modules/harvester/machines/machine-draft.ts";
import {
  type PreflightFacts,
  preflightChecks,
} from "../../../../../src/modules/harvester/machines/preflight.rules.ts";
import {
  machineDetailOf,
  machineOf,
} from "../../../../../src/modules/harvester/machines/read-machine.rules.ts";

const key = "ssh-ed25519 AAAA me";

describe("keys in user data", () => {
  it("begin a cloud-config, join one, or join its list in the list's own indentation", () => {
    expect(withKeys(undefined, [key])).toBe(`#cloud-config\nssh_authorized_keys:\n  - "${key}"\n`);
    expect(withKeys("#cloud-config\npackages: [git]\n", [key])).toBe(
      `#cloud-config\npackages: [git]\nssh_authorized_keys:\n  - "${key}"\n`,
    );
    expect(withKeys("#cloud-config\nssh_authorized_keys:\n- old\nusers: []\n", [key])).toBe(
      `#cloud-config\nssh_authorized_keys:\n- "${key}"\n- old\nusers: []\n`,
    );
    expect(withKeys("#!/bin/sh\n", [])).toBe("#!/bin/sh\n");
  });

  it("are refused by what takes none", () => {
    for (const text of ["#!/bin/sh\necho", "#cloud-config\nssh_authorized_keys: [a]\n"]) {
      const refused = (() => {
        try {
          return withKeys(text, [key]);
        } catch (error) {
          return error;
        }
      })();
      expect(refused).toBeInstanceOf(AppError);
      expect((refused as AppError).failure.errors).toMatchObject([{ pointer: "/sshKeys" }]);
    }
  });
});

const draft = (more: object = {}) =>
  z.parse(MachineDraft, {
    id: "c",
    namespace: "default",
    name: "vm",
    cpu: 2,
    memory: "4Gi",
    disks: [{ from: { kind: "image", image: "default/img" } }],
    ...more,
  });
const images = new Map([["default/img", { storageClass: "lh-1", virtualBytes: 2.2 * 2 ** 30 }]]);
const build = (more: object = {}, from: object = {}) =>
  buildMachine(draft(more), "vm", { images, userData: undefined, suffix: "abcde", ...from });
const read = (machine: object) => machineDetailOf({ metadata: { name: "vm" }, ...machine });

describe("a draft of a machine", () => {
  it.each<[string, object, string]>([
    ["an empty disk without a size", { disks: [{ from: { kind: "empty" } }] }, "disks.0.size"],
    [
      "a CD-ROM on virtio",
      { disks: [{ type: "cdrom", from: { kind: "volume", volume: "v" } }] },
      "disks.0.bus",
    ],
    ["a multicast MAC", { networks: [{ network: "pod", mac: "01:00:5e:00:00:01" }] }, "networks.0.mac"],
    ["masquerade on a VLAN", { networks: [{ network: "a/b", binding: "masquerade" }] }, "networks.0.binding"],
    ["user data that cloud-init ignores", { cloudInit: { userData: "hello" } }, "cloudInit.userData"],
    ["secure boot without EFI", { firmware: { secureBoot: true } }, "firmware.secureBoot"],
    ["no memory at all", { memory: "0Gi" }, "memory"],
    ["a name with a capital", { name: "VM" }, "name"],
  ])("is refused for %s", (_, more, path) => {
    const parsed = z.safeParse(MachineDraft, { ...draft(), ...more });
    expect(parsed.error?.issues.map((issue) => issue.path.join("."))).toEqual([path]);
  });

  it("becomes a machine that reads back as it was drafted", () => {
    const built = build({
      networks: [{ network: "pod" }, { network: "default/vlan", mac: "52:54:00:00:00:01" }],
      firmware: { efi: true, secureBoot: true, tpm: true },
      gpus: [{ name: "gpu1", deviceName: "nvidia.com/A10" }],
      description: "Mine",
    });
    expect(built.secret).toBe(null);
    const machine = read(built.machine);
    expect(machine).toMatchObject({
      cpu: 2,
      memoryBytes: 4 * 2 ** 30,
      description: "Mine",
      firmware: { efi: true, secureBoot: true, tpm: true },
      gpus: [{ deviceName: "nvidia.com/A10" }],
      runStrategy: "RerunOnFailure",
    });
    expect(machine.disks).toMatchObject([
      { image: "default/img", size: "3Gi", storageClass: "lh-1", bootOrder: 1 },
    ]);
    expect(machine.networks).toMatchObject([
      { network: "pod", binding: "masquerade" },
      { network: "default/vlan", binding: "bridge", mac: "52:54:00:00:00:01" },
    ]);
  });

  it("counts sockets when processors may be added while it runs", () => {
    const { machine } = build({ hotplug: { maxCpu: 8, maxMemory: "16Gi" } });
    expect(read(machine)).toMatchObject({
      hotplug: true,
      cpuTopology: { cores: 1, sockets: 2, maxSockets: 8 },
      maxMemoryBytes: 16 * 2 ** 30,
    });
  });

  it("takes from a template what it does not say itself, with volumes of its own and new addresses", () => {
    const { machine: vm } = build({ networks: [{ network: "a/b", mac: "52:54:00:00:00:01" }] });
    const asked = draft({ template: "default/t-1", cpu: undefined, disks: undefined, memory: "8Gi" });
    const made = buildMachine(asked, "vm-2", { images, template: vm, userData: undefined, suffix: "zzzzz" });
    const machine = read(made.machine);
    expect(machine).toMatchObject({ cpu: 2, memoryBytes: 8 * 2 ** 30 });
    expect(machine.disks[0]).toMatchObject({ volume: "vm-2-disk-0-zzzzz", image: "default/img" });
    expect(machine.networks[0]).toMatchObject({ network: "a/b", mac: null });
  });

  it("names several by their place", () => {
    expect(machineNames("web", 1)).toEqual(["web"]);
    expect(machineNames("web", 11).slice(-2)).toEqual(["web-10", "web-11"]);
  });
});

const facts: PreflightFacts = {
  taken: [],
  images: new Map([
    ["default/img", { storageClass: "lh-1", virtualBytes: 2 ** 30, ready: true, progress: 100 }],
  ]),
  networks: new Map(),
  keys: new Map(),
  volumes: new Map(),
  storageClasses: ["a"],
  defaultStorageClass: undefined,
  template: null,
  quotas: [],
  hosts: [],
};
const room = (more: object) => ({
  name: "h",
  takesMachines: true,
  labels: {},
  freeCpu: 8,
  freeMemoryBytes: 16 * 2 ** 30,
  devices: {},
  ...more,
});
const verdict = (more: Partial<PreflightFacts>, asked: object = {}) =>
  Object.fromEntries(
    preflightChecks(draft(asked), { ...facts, hosts: [room({})], ...more }).map(
      ({ check, status, message }) => [check, `${status}: ${message}`],
    ),
  );

describe("what stands in the way of a machine", () => {
  it("is an image that is not there whole, or does not fit its disk", () => {
    const image = { storageClass: "lh-1", virtualBytes: 20 * 2 ** 30, ready: true, progress: 40 };
    const with_ = (more: object) => ({ images: new Map([["default/img", { ...image, ...more }]]) });
    expect(verdict(with_({ ready: false }))["image"]).toMatch(/^fail: .*40 %/);
    const small = { disks: [{ from: { kind: "image", image: "default/img" }, size: "10Gi" }] };
    expect(verdict(with_({}), small)["image"]).toMatch(/^fail: .*20Gi/);
  });

  it("is a quota, for certain by limits and perhaps by requests", () => {
    const quota = (resource: string) => [{ resource, hard: 5, used: 4 }];
    expect(verdict({ quotas: quota("limits.cpu") })["quota"]).toMatch(/^fail: .*6 of 5/);
    expect(verdict({ quotas: quota("requests.cpu") })["quota"]).toMatch(/^warn/);
    expect(verdict({ quotas: undefined })["quota"]).toMatch(/^unknown/);
  });

  it("is room: on one host for each, among hosts that fit", () => {
    expect(verdict({}, { count: 3, cpu: 4 })["capacity"]).toMatch(/^warn: After 2 of 3/);
    expect(verdict({ hosts: [room({ takesMachines: false })] })["capacity"]).toMatch(/^fail/);
    expect(verdict({}, { nodeSelector: { rack: "r1" } })["capacity"]).toMatch(/^fail: .*labels/);
    expect(verdict({}, { gpus: [{ name: "g", deviceName: "nvidia.com/A10" }] })["capacity"]).toMatch(/A10/);
    expect(verdict({})["capacity"]).toMatch(/^pass/);
  });

  it("is what nothing was said of, without a template", () => {
    expect(verdict({}, { cpu: undefined, disks: undefined })["template"]).toMatch(/^fail/);
  });
});

describe("a change of a machine", () => {
  const plain = { metadata: { name: "vm" }, spec: { running: true } };
  const hot = {
    metadata: { name: "vm", annotations: { "harvesterhci.io/enableCPUAndMemoryHotplug": "true" } },
  };

  it("is a patch of just that, on the version that was seen", () => {
    expect(patchOf({ labels: { a: null } }, plain, "7")).toEqual({
      metadata: { resourceVersion: "7", labels: { a: null } },
    });
    expect(patchOf({ runStrategy: "Halted" }, plain, undefined)).toEqual({
      spec: { runStrategy: "Halted", running: null },
    });
    expect(patchOf({ cpu: 4 }, hot, undefined)).toMatchObject({
      spec: { template: { spec: { domain: { cpu: { cores: 1, sockets: 4 } } } } },
    });
  });

  it("waits for the next start only when it is of size, and nothing can be plugged", () => {
    expect(waitsForRestart({ cpu: 4 }, plain, true)).toBe(true);
    expect(waitsForRestart({ cpu: 4 }, hot, true)).toBe(false);
    expect(waitsForRestart({ cpu: 4 }, plain, false)).toBe(false);
    expect(waitsForRestart({ description: "x" }, plain, true)).toBe(false);
  });
});

it("reads a machine that lacks nearly everything", () => {
  expect(machineOf({ metadata: { name: "x" } })).toMatchObject({
    state: "Unknown",
    cpu: null,
    ipAddresses: [],
  });
});

it("reckons what is free on a host without machines that have ended", () => {
  const node = {
    metadata: { name: "h" },
    status: {
      allocatable: { cpu: "8", memory: "16Gi", "nvidia.com/A10": "2" },
      conditions: [{ type: "Ready", status: "True" }],
    },
  };
  const instance = (phase: string) => ({
    metadata: { name: phase },
    spec: {
      domain: {
        resources: { requests: { cpu: "500m", memory: "4Gi" } },
        devices: { gpus: [{ name: "g", deviceName: "nvidia.com/A10" }] },
      },
    },
    status: { phase, nodeName: "h" },
  });
  expect(hostRooms([node], [instance("Running"), instance("Succeeded")])).toMatchObject([
    { takesMachines: true, freeCpu: 7.5, freeMemoryBytes: 12 * 2 ** 30, devices: { "nvidia.com/A10": 1 } },
  ]);
});
