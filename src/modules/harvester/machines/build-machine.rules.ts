import { fieldAt, jsonAt, listAt, textAt, textMapAt } from "../kube/fields.rules.ts";
import type { KubeObject } from "../kube/object.ts";
import { buildDisks, type DiskParts, type MadeFrom } from "./build-disks.rules.ts";
import type { MachineDraft, NetworkDraft } from "./machine-draft.ts";
import { claimTemplatesKey } from "./read-disks.rules.ts";

type Json = Record<string, unknown>;

/** What a machine is built with, beside the draft: what was read of the cluster, and a suffix that makes names its own. */
export interface BuildWith extends MadeFrom {
  /** `spec.vm` of a template's version. */
  readonly template?: unknown;
  /** User data with the keys in it. */
  readonly userData: string | undefined;
  readonly suffix: string;
}

export interface BuiltMachine {
  readonly name: string;
  readonly machine: Json;
  /** The Secret of its cloud-init without its owner, which is known when the machine is made. */
  readonly secret: (Json & { readonly metadata: Json }) | null;
}

/** The names of `count` machines: the name itself for one, `-01`, `-02` … for several. */
export function machineNames(name: string, count: number): string[] {
  if (count === 1) return [name];
  return Array.from({ length: count }, (_, n) => `${name}-${String(n + 1).padStart(2, "0")}`);
}

/** The objects of one machine, ready to be created. */
export function buildMachine(draft: MachineDraft, name: string, from: BuildWith): BuiltMachine {
  const template = from.template;
  const base = structuredClone(fieldAt(template, "spec") ?? {}) as Json;
  const pod = (fieldAt(base, "template", "spec") ?? {}) as Json;
  const domain = (pod["domain"] ?? {}) as Json;
  const ownData = from.userData !== undefined || draft.cloudInit?.networkData !== undefined;
  const secretName = ownData ? `${name}-${from.suffix}` : undefined;
  const disks = buildDisks(draft, name, from, secretName);
  const nics = networksOf(draft, pod);
  const annotations = annotationsOf(draft, template, disks);
  const labels = {
    ...textMapAt(template, "metadata", "labels"),
    ...draft.labels,
    "harvesterhci.io/creator": "harvester",
    ...(draft.os === undefined ? {} : { "harvesterhci.io/os": draft.os }),
  };
  const podMeta = (fieldAt(base, "template", "metadata") ?? {}) as Json;
  const machine = {
    apiVersion: "kubevirt.io/v1",
    kind: "VirtualMachine",
    metadata: { name, namespace: draft.namespace, labels, annotations },
    spec: {
      ...withoutRunning(base),
      runStrategy: draft.runStrategy ?? textAt(base, "runStrategy") ?? "RerunOnFailure",
      template: {
        metadata: {
          ...podMeta,
          labels: { ...textMapAt(podMeta, "labels"), "harvesterhci.io/vmName": name },
          annotations: {
            ...textMapAt(podMeta, "annotations"),
            ...(draft.sshKeys.length > 0
              ? { "harvesterhci.io/sshNames": JSON.stringify(draft.sshKeys) }
              : {}),
          },
        },
        spec: {
          evictionStrategy: "LiveMigrateIfPossible",
          terminationGracePeriodSeconds: 120,
          ...pod,
          hostname: name,
          ...(draft.nodeSelector ? { nodeSelector: draft.nodeSelector } : {}),
          domain: domainOf(draft, domain, disks, nics),
          networks: nics.networks,
          volumes: disks.volumes,
        },
      },
    },
  };
  return { name, machine, secret: secretName === undefined ? null : secretOf(draft, secretName, from) };
}

function withoutRunning(spec: Json): Json {
  const { running: _, ...rest } = spec;
  return rest;
}

function annotationsOf(draft: MachineDraft, template: unknown, disks: DiskParts): Record<string, string> {
  return {
    ...textMapAt(template, "metadata", "annotations"),
    [claimTemplatesKey]: JSON.stringify(disks.claims),
    ...(draft.description === undefined ? {} : { "field.cattle.io/description": draft.description }),
    ...(draft.hotplug ? { "harvesterhci.io/enableCPUAndMemoryHotplug": "true" } : {}),
  };
}

function domainOf(
  draft: MachineDraft,
  base: Json,
  disks: DiskParts,
  nics: { readonly interfaces: unknown },
): Json {
  const { cpu, memory, hotplug, firmware, gpus, hostDevices } = draft;
  const limits = {
    ...textMapAt(base, "resources", "limits"),
    ...(cpu === undefined ? {} : { cpu: String(cpu) }),
    ...(memory === undefined ? {} : { memory }),
  };
  const devices = (base["devices"] ?? {}) as Json;
  const features = (base["features"] ?? { acpi: { enabled: true } }) as Json;
  return {
    ...base,
    ...(cpu === undefined
      ? {}
      : { cpu: { ...(base["cpu"] as Json), ...processorsOf(cpu, hotplug?.maxCpu) } }),
    ...(memory === undefined
      ? {}
      : { memory: { guest: memory, ...(hotplug ? { maxGuest: hotplug.maxMemory } : {}) } }),
    resources: { ...(base["resources"] as Json), limits },
    features: firmware?.secureBoot ? { ...features, smm: { enabled: true } } : features,
    ...(firmware?.efi
      ? {
          firmware: {
            ...(base["firmware"] as Json),
            bootloader: { efi: { secureBoot: firmware.secureBoot } },
          },
        }
      : {}),
    devices: {
      inputs: [{ bus: "usb", name: "tablet", type: "tablet" }],
      ...devices,
      disks: disks.devices,
      interfaces: nics.interfaces,
      ...(gpus ? { gpus } : {}),
      ...(hostDevices ? { hostDevices } : {}),
      ...(firmware?.tpm ? { tpm: {} } : {}),
    },
  };
}

/** Hotplug counts in sockets of one core, as KubeVirt adds whole sockets. */
function processorsOf(cpu: number, maxCpu: number | undefined): Json {
  return maxCpu === undefined
    ? { cores: cpu, sockets: 1, threads: 1 }
    : { cores: 1, sockets: cpu, threads: 1, maxSockets: maxCpu };
}

const managementNetwork: NetworkDraft = { network: "pod", model: "virtio" };

function networksOf(draft: MachineDraft, pod: Json): { networks: unknown; interfaces: unknown } {
  const given = fieldAt(pod, "networks");
  if (draft.networks === undefined && Array.isArray(given)) {
    const interfaces = listAt(pod, "domain", "devices", "interfaces").map((nic) => {
      const { macAddress: _, ...rest } = nic as Json;
      return rest;
    });
    return { networks: given, interfaces };
  }
  const wanted = (draft.networks ?? [managementNetwork]).map((one, index) => ({
    ...one,
    name: one.name ?? (index === 0 ? "default" : `nic-${index}`),
  }));
  return {
    networks: wanted.map(({ name, network }) =>
      network === "pod" ? { name, pod: {} } : { name, multus: { networkName: network } },
    ),
    interfaces: wanted.map(({ name, network, binding, model, mac }) => ({
      name,
      model,
      [binding ?? (network === "pod" ? "masquerade" : "bridge")]: {},
      ...(mac === undefined ? {} : { macAddress: mac }),
    })),
  };
}

function secretOf(draft: MachineDraft, name: string, { userData }: BuildWith) {
  const data = { userdata: userData, networkdata: draft.cloudInit?.networkData };
  return {
    apiVersion: "v1",
    kind: "Secret",
    metadata: {
      name,
      namespace: draft.namespace,
      labels: { "harvesterhci.io/cloud-init-template": "harvester" },
    } as Json,
    type: "secret",
    data: {
      userdata: base64(data.userdata ?? ""),
      networkdata: base64(data.networkdata ?? ""),
    },
  };
}

function base64(text: string): string {
  let binary = "";
  for (const byte of new TextEncoder().encode(text)) binary += String.fromCharCode(byte);
  return btoa(binary);
}

/** The Secret with the machine as its owner, so that it goes when the machine goes. */
export function ownedBy(secret: NonNullable<BuiltMachine["secret"]>, machine: KubeObject): Json {
  const owner = {
    apiVersion: "kubevirt.io/v1",
    kind: "VirtualMachine",
    name: machine.metadata.name,
    uid: machine.metadata.uid,
  };
  return { ...secret, metadata: { ...secret.metadata, ownerReferences: [owner] } };
}

/** The claims that Harvester makes for a machine, by name. */
export function madeClaimsOf(machine: unknown): string[] {
  const claims = jsonAt(machine, "metadata", "annotations", claimTemplatesKey);
  return listAt(claims).flatMap((claim) => textAt(claim, "metadata", "name") ?? []);
}
