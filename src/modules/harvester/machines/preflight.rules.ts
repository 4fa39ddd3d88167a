import { bytesOf } from "../kube/quantity.rules.ts";
import { imageDiskSize, type KnownImage } from "./build-disks.rules.ts";
import { machineNames } from "./build-machine.rules.ts";
import type { MachineDraft } from "./machine-draft.ts";

export interface PreflightCheck {
  readonly check: string;
  readonly status: "pass" | "warn" | "fail" | "unknown";
  readonly message: string;
  /** Where in the draft it comes from. */
  readonly pointer: string | null;
}

export interface HostRoom {
  readonly name: string;
  /** Ready, and neither cordoned nor in maintenance. */
  readonly takesMachines: boolean;
  readonly labels: Readonly<Record<string, string>>;
  readonly freeCpu: number;
  readonly freeMemoryBytes: number;
  readonly devices: Readonly<Record<string, number>>;
}

export interface QuotaRoom {
  readonly resource: string;
  readonly hard: number;
  readonly used: number;
}

/** What was read of the cluster about a draft. A map holds undefined for what isn't there. */
export interface PreflightFacts {
  readonly taken: readonly string[];
  readonly images: ReadonlyMap<
    string,
    (KnownImage & { readonly ready: boolean; readonly progress: number }) | undefined
  >;
  readonly networks: ReadonlyMap<string, boolean>;
  readonly keys: ReadonlyMap<string, boolean>;
  /** Volumes by name: who uses it, null for nobody; undefined when there is none. */
  readonly volumes: ReadonlyMap<string, { readonly usedBy: string | null } | undefined>;
  readonly storageClasses: readonly string[];
  readonly defaultStorageClass: string | undefined;
  /** Whether the template's version is there; null when none is named. */
  readonly template:
    | { readonly cpu: number | null; readonly memoryBytes: number | null; readonly disks: number }
    | undefined
    | null;
  readonly quotas: readonly QuotaRoom[] | undefined;
  readonly hosts: readonly HostRoom[] | undefined;
}

const check = (
  name: string,
  status: PreflightCheck["status"],
  message: string,
  pointer: string | null = null,
): PreflightCheck => ({ check: name, status, message, pointer });

/** Everything that a new machine needs, with what is wrong; none of it changes the cluster. */
export function preflightChecks(draft: MachineDraft, facts: PreflightFacts): PreflightCheck[] {
  return [...objectChecks(draft, facts), quotaCheck(draft, facts), capacityCheck(draft, facts)];
}

/** The part of it without which a machine cannot be made: names and what the draft refers to. */
export function objectChecks(draft: MachineDraft, facts: PreflightFacts): PreflightCheck[] {
  return [
    nameCheck(draft, facts),
    ...templateChecks(draft, facts),
    ...diskChecks(draft, facts),
    ...(draft.networks ?? []).flatMap(({ network }, index) => {
      if (network === "pod") return [];
      const pointer = `/networks/${index}/network`;
      return facts.networks.get(network)
        ? [check("network", "pass", `The network ${network} is there.`, pointer)]
        : [check("network", "fail", `There is no network ${network}.`, pointer)];
    }),
    ...draft.sshKeys.map((key, index) =>
      facts.keys.get(key)
        ? check("sshKey", "pass", `The key ${key} is there.`, `/sshKeys/${index}`)
        : check("sshKey", "fail", `There is no key ${key}.`, `/sshKeys/${index}`),
    ),
  ];
}

function nameCheck({ name, count }: MachineDraft, { taken }: PreflightFacts): PreflightCheck {
  const names = machineNames(name, count);
  const long = names.find((one) => one.length > 63);
  if (long) return check("name", "fail", `The name ${long} is longer than 63 characters.`, "/name");
  if (taken.length > 0)
    return check("name", "fail", `There is a machine called ${taken.join(", ")} already.`, "/name");
  return check(
    "name",
    "pass",
    count === 1 ? `${name} is free.` : `${names[0]} to ${names.at(-1)} are free.`,
    "/name",
  );
}

function templateChecks(draft: MachineDraft, { template }: PreflightFacts): PreflightCheck[] {
  if (draft.template !== undefined)
    return template
      ? [check("template", "pass", `The template version ${draft.template} is there.`, "/template")]
      : [check("template", "fail", `There is no template version ${draft.template}.`, "/template")];
  const missing = (["cpu", "memory", "disks"] as const).filter((field) => draft[field] === undefined);
  return missing.map((field) => check("template", "fail", `Say ${field}, or name a template.`, `/${field}`));
}

function diskChecks(draft: MachineDraft, facts: PreflightFacts): PreflightCheck[] {
  const names = new Map<string, number>();
  return (draft.disks ?? []).flatMap((disk, index) => {
    const at = `/disks/${index}`;
    const name = disk.name ?? `disk-${index}`;
    const twin = names.get(name);
    names.set(name, index);
    if (twin !== undefined)
      return [check("disk", "fail", `Disk ${twin} is called ${name} too.`, `${at}/name`)];
    if (disk.from.kind === "image") return [imageCheck(disk.from.image, disk.size, at, facts)];
    if (disk.from.kind === "volume") return [volumeCheck(disk.from.volume, draft, at, facts)];
    if (disk.from.kind === "container") return [];
    return [classCheck(disk.storageClass, at, facts)];
  });
}

function imageCheck(id: string, size: string | undefined, at: string, facts: PreflightFacts): PreflightCheck {
  const image = facts.images.get(id);
  const pointer = `${at}/from/image`;
  if (image === undefined) return check("image", "fail", `There is no image ${id}.`, pointer);
  if (!image.ready) {
    const state = `The image ${id} is not ready: ${image.progress} % of it are there.`;
    return check("image", "fail", `${state} Wait until it is, then repeat.`, pointer);
  }
  if (image.storageClass === "")
    return check("image", "fail", `The image ${id} has no storage class yet. Wait a little.`, pointer);
  const bytes = bytesOf(imageDiskSize(size, image)) ?? 0;
  if (image.virtualBytes !== null && bytes < image.virtualBytes) {
    const least = imageDiskSize(undefined, image);
    return check("image", "fail", `The disk must hold the image: ${least} at least.`, `${at}/size`);
  }
  return check("image", "pass", `The image ${id} is ready.`, pointer);
}

function volumeCheck(
  name: string,
  draft: MachineDraft,
  at: string,
  { volumes }: PreflightFacts,
): PreflightCheck {
  const volume = volumes.get(name);
  const pointer = `${at}/from/volume`;
  if (volume === undefined)
    return check("volume", "fail", `There is no volume ${name} in ${draft.namespace}.`, pointer);
  if (volume.usedBy !== null)
    return check(
      "volume",
      "fail",
      `The volume ${name} is attached to ${volume.usedBy}. Detach it first.`,
      pointer,
    );
  if (draft.count > 1)
    return check("volume", "fail", "One volume cannot be the disk of several machines.", pointer);
  return check("volume", "pass", `The volume ${name} is free.`, pointer);
}

function classCheck(
  named: string | undefined,
  at: string,
  { storageClasses, defaultStorageClass }: PreflightFacts,
): PreflightCheck {
  const pointer = `${at}/storageClass`;
  if (named === undefined)
    return defaultStorageClass === undefined
      ? check("storageClass", "fail", "The cluster has no default storage class: name one.", pointer)
      : check("storageClass", "pass", `The default storage class is ${defaultStorageClass}.`, pointer);
  return storageClasses.includes(named)
    ? check("storageClass", "pass", `The storage class ${named} is there.`, pointer)
    : check(
        "storageClass",
        "fail",
        `There is no storage class ${named}. There are: ${storageClasses.join(", ")}.`,
        pointer,
      );
}

/** What one machine of the draft asks for. */
function needsOf(draft: MachineDraft, { template, images }: PreflightFacts) {
  const storage = (draft.disks ?? []).reduce((sum, { from, size }) => {
    if (from.kind === "image") return sum + (bytesOf(imageDiskSize(size, images.get(from.image))) ?? 0);
    return sum + (from.kind === "empty" ? (bytesOf(size) ?? 0) : 0);
  }, 0);
  return {
    cpu: draft.cpu ?? template?.cpu ?? 0,
    memory: bytesOf(draft.memory) ?? template?.memoryBytes ?? 0,
    storage,
  };
}

function quotaCheck(draft: MachineDraft, facts: PreflightFacts): PreflightCheck {
  if (facts.quotas === undefined)
    return check("quota", "unknown", "The quota of the namespace could not be read.", "/namespace");
  const { cpu, memory, storage } = needsOf(draft, facts);
  const asks: Readonly<Record<string, number>> = {
    "limits.cpu": cpu,
    "limits.memory": memory,
    "requests.storage": storage,
    // What is requested is at most the limit; by how much less depends on the cluster's overcommit.
    "requests.cpu": cpu,
    "requests.memory": memory,
  };
  const short = facts.quotas.filter(
    ({ resource, hard, used }) => used + (asks[resource] ?? 0) * draft.count > hard,
  );
  const first = short[0];
  if (first === undefined)
    return check("quota", "pass", "The quota of the namespace allows it.", "/namespace");
  const certain = short.some(({ resource }) => !/^requests\.(?:cpu|memory)$/.test(resource));
  const text = `${first.resource} would be ${first.used + (asks[first.resource] ?? 0) * draft.count} of ${first.hard}`;
  return certain
    ? check("quota", "fail", `The quota of ${draft.namespace} does not allow it: ${text}.`, "/namespace")
    : check(
        "quota",
        "warn",
        `The quota of ${draft.namespace} may not allow it: ${text} at most.`,
        "/namespace",
      );
}

/** Whether hosts have room: each machine on one host, the roomiest first. */
function capacityCheck(draft: MachineDraft, facts: PreflightFacts): PreflightCheck {
  if (facts.hosts === undefined) return check("capacity", "unknown", "The hosts could not be read.");
  const { cpu, memory } = needsOf(draft, facts);
  const devices = [...(draft.gpus ?? []), ...(draft.hostDevices ?? [])].map(({ deviceName }) => deviceName);
  const selector = Object.entries(draft.nodeSelector ?? {});
  const fitting = facts.hosts.filter(
    ({ takesMachines, labels }) => takesMachines && selector.every(([key, value]) => labels[key] === value),
  );
  if (fitting.length === 0)
    return selector.length > 0
      ? check("capacity", "fail", "No host that takes machines has these labels.", "/nodeSelector")
      : check(
          "capacity",
          "fail",
          "No host takes machines now: all are cordoned, in maintenance or not ready.",
        );
  const missing = devices.find((name) => !fitting.some((host) => (host.devices[name] ?? 0) > 0));
  if (missing)
    return check("capacity", "fail", `No host offers ${missing}.`, draft.gpus ? "/gpus" : "/hostDevices");
  const room = fitting.map((host) => ({ cpu: host.freeCpu, memory: host.freeMemoryBytes }));
  for (let made = 0; made < draft.count; made++) {
    const host = room
      .sort((a, b) => b.memory - a.memory)
      .find((one) => one.cpu >= cpu && one.memory >= memory);
    if (host === undefined) {
      const text = made === 0 ? "No host has" : `After ${made} of ${draft.count} machines no host has`;
      return check(
        "capacity",
        "warn",
        `${text} ${cpu} processors and ${Math.ceil(memory / gib)} GiB of memory free; it may wait unscheduled.`,
      );
    }
    host.cpu -= cpu;
    host.memory -= memory;
  }
  return check("capacity", "pass", "A host has room for it.");
}

const gib = 2 ** 30;
