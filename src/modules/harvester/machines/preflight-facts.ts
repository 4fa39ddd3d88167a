import type { Ctx } from "../../../kernel/context.ts";
import { mustReachNamespace } from "../../clusters/index.ts";
import { conditionOf, fieldAt, numberAt, textAt } from "../kube/fields.rules.ts";
import type { Kube } from "../kube/kube.ts";
import { listAll } from "../kube/list-all.ts";
import type { KubeObject } from "../kube/object.ts";
import { orHidden } from "../kube/or-hidden.ts";
import { pathOf } from "../kube/paths.rules.ts";
import { bytesOf } from "../kube/quantity.rules.ts";
import { machineNames } from "./build-machine.rules.ts";
import { machinePath } from "./find-machine.ts";
import { hostRooms, quotaRooms } from "./host-room.rules.ts";
import type { MachineDraft } from "./machine-draft.ts";
import type { PreflightFacts } from "./preflight.rules.ts";
import { claimsOf, disksOf } from "./read-disks.rules.ts";
import { machineOf } from "./read-machine.rules.ts";

/** The facts of a draft, with the template's own machine when it names one. */
export interface DraftFacts extends PreflightFacts {
  readonly templateMachine: unknown;
  /** Public keys in the order in which the draft names them. */
  readonly publicKeys: readonly string[];
}

const split = (ref: string) => {
  const [namespace = "", name = ""] = ref.split("/");
  return { namespace, name };
};

/** Objects that are named `namespace/name`, each undefined when it isn't there or not reached. */
async function findAll(
  ctx: Ctx,
  kube: Kube,
  clusterId: string,
  refs: readonly string[],
  pathTo: (at: { namespace: string; name: string }) => string,
): Promise<ReadonlyMap<string, KubeObject | undefined>> {
  const found = [...new Set(refs)].map(async (ref) => {
    const at = split(ref);
    const reached = await orHidden(mustReachNamespace(ctx, clusterId, at.namespace).then(() => true));
    return [ref, reached ? await orHidden(kube.get(pathTo(at))) : undefined] as const;
  });
  return new Map(await Promise.all(found));
}

/** Reads what a draft refers to; `room` reads the quota and the hosts too, which creating leaves to the cluster. */
export async function draftFacts(
  ctx: Ctx,
  kube: Kube,
  draft: MachineDraft,
  { room }: { readonly room: boolean },
): Promise<DraftFacts> {
  const { id, namespace } = draft;
  const disks = draft.disks ?? [];
  const imageIds = disks.flatMap(({ from }) => (from.kind === "image" ? [from.image] : []));
  const networkIds = (draft.networks ?? []).flatMap(({ network }) => (network === "pod" ? [] : [network]));
  const harvester = (plural: string) => (at: { namespace: string; name: string }) =>
    pathOf("harvester", plural, at);
  const [taken, images, networks, keys, template, volumes, classes, quotas, hosts] = await Promise.all([
    takenNames(kube, draft),
    findAll(ctx, kube, id, imageIds, harvester("virtualmachineimages")),
    findAll(ctx, kube, id, networkIds, (at) => pathOf("nad", "network-attachment-definitions", at)),
    findAll(ctx, kube, id, draft.sshKeys, harvester("keypairs")),
    findAll(
      ctx,
      kube,
      id,
      draft.template === undefined ? [] : [draft.template],
      harvester("virtualmachinetemplateversions"),
    ),
    volumesOf(kube, draft),
    disks.some(({ from }) => from.kind === "empty")
      ? listAll(kube, pathOf("storage", "storageclasses"))
      : Promise.resolve([]),
    room ? orHidden(listAll(kube, pathOf("core", "resourcequotas", { namespace }))) : undefined,
    room ? readHosts(kube) : undefined,
  ]);
  const version = draft.template === undefined ? undefined : template.get(draft.template);
  const templateMachine = fieldAt(version, "spec", "vm");
  return {
    taken,
    images: new Map([...images].map(([ref, image]) => [ref, image && imageFacts(image)])),
    networks: present(networks),
    keys: present(keys),
    publicKeys: draft.sshKeys.flatMap((ref) => textAt(keys.get(ref), "spec", "publicKey") ?? []),
    volumes,
    storageClasses: classes.map(({ metadata }) => metadata.name),
    defaultStorageClass: classes.find(isDefault)?.metadata.name,
    template: draft.template === undefined ? null : templateFacts(version),
    templateMachine,
    quotas: quotas && quotaRooms(quotas),
    hosts,
  };
}

const present = (found: ReadonlyMap<string, KubeObject | undefined>) =>
  new Map([...found].map(([ref, object]) => [ref, object !== undefined]));

const isDefault = ({ metadata }: KubeObject): boolean =>
  metadata.annotations?.["storageclass.kubernetes.io/is-default-class"] === "true";

async function takenNames(kube: Kube, { namespace, name, count }: MachineDraft): Promise<string[]> {
  const names = machineNames(name, count).filter((one) => one.length <= 63);
  const found = await Promise.all(names.map((one) => kube.find(machinePath({ namespace, name: one }))));
  return names.filter((_, index) => found[index] !== undefined);
}

function imageFacts(image: KubeObject) {
  return {
    ready: conditionOf(image, "Imported")?.status === "True",
    progress: numberAt(image, "status", "progress") ?? 0,
    storageClass: textAt(image, "status", "storageClassName") ?? "",
    virtualBytes: bytesOf(fieldAt(image, "status", "virtualSize")),
  };
}

function templateFacts(version: KubeObject | undefined): PreflightFacts["template"] {
  if (version === undefined) return undefined;
  const machine = { metadata: { name: "" }, ...(fieldAt(version, "spec", "vm") as object) } as KubeObject;
  const { cpu, memoryBytes } = machineOf(machine);
  return { cpu, memoryBytes, disks: disksOf(machine).length };
}

async function volumesOf(kube: Kube, draft: MachineDraft): Promise<PreflightFacts["volumes"]> {
  const { namespace } = draft;
  const names = (draft.disks ?? []).flatMap(({ from }) => (from.kind === "volume" ? [from.volume] : []));
  if (names.length === 0) return new Map();
  const [machines, ...claims] = await Promise.all([
    listAll(kube, machinePath({ namespace })),
    ...names.map((name) => kube.find(pathOf("core", "persistentvolumeclaims", { namespace, name }))),
  ]);
  return new Map(
    names.map((name, index) => {
      const user = machines.find((machine) => claimsOf(machine).includes(name));
      return [name, claims[index] && { usedBy: user?.metadata.name ?? null }];
    }),
  );
}

/** What is free on each host, reckoned from what runs there in every namespace. */
async function readHosts(kube: Kube) {
  const [nodes, instances] = await Promise.all([
    orHidden(listAll(kube, pathOf("core", "nodes"))),
    orHidden(listAll(kube, pathOf("kubevirt", "virtualmachineinstances"))),
  ]);
  return nodes && hostRooms(nodes, instances ?? []);
}
