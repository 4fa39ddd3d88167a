import { fieldAt, jsonAt, listAt, textAt, textMapAt } from "../kube/fields.rules.ts";
import type { DiskDraft, MachineDraft } from "./machine-draft.ts";
import { claimTemplatesKey } from "./read-disks.rules.ts";

type Json = Record<string, unknown>;

/** What is known of an image: the class that its volumes are of, and how large they are at least. */
export interface KnownImage {
  readonly storageClass: string;
  readonly virtualBytes: number | null;
}

export interface MadeFrom {
  readonly images: ReadonlyMap<string, KnownImage>;
  readonly defaultStorageClass?: string | undefined;
  readonly template?: unknown;
  readonly suffix: string;
}

export interface DiskParts {
  readonly devices: readonly unknown[];
  readonly volumes: readonly unknown[];
  /** Templates of the claims that Harvester makes. */
  readonly claims: readonly unknown[];
}

const cloudInitDisk = "cloudinitdisk";
const gib = 2 ** 30;

/** The devices, volumes and claims of a machine's disks, with that of cloud-init when it has its own data. */
export function buildDisks(
  draft: MachineDraft,
  name: string,
  from: MadeFrom,
  secretName: string | undefined,
): DiskParts {
  const own = draft.disks ? newDisks(draft.disks, name, from) : templateDisks(name, from);
  if (secretName === undefined) return own;
  const rest = withoutCloudInit(own);
  const bus = { disk: { bus: "virtio" } };
  const data = { secretRef: { name: secretName }, networkDataSecretRef: { name: secretName } };
  return {
    ...rest,
    devices: [...rest.devices, { name: cloudInitDisk, ...bus }],
    volumes: [...rest.volumes, { name: cloudInitDisk, cloudInitNoCloud: data }],
  };
}

function newDisks(disks: readonly DiskDraft[], machine: string, from: MadeFrom): DiskParts {
  const order = new Set(disks.map(({ bootOrder }) => bootOrder));
  const parts = disks.map((disk, index) => {
    const name = disk.name ?? `disk-${index}`;
    const first = index === 0 && !order.has(1) && disk.bootOrder === undefined;
    const bootOrder = first ? 1 : disk.bootOrder;
    const claim = `${machine}-${name}-${from.suffix}`;
    return {
      device: {
        name,
        [disk.type]: { bus: disk.bus },
        ...(bootOrder === undefined ? {} : { bootOrder }),
      },
      volume: { name, ...volumeOf(disk, claim) },
      claim: claimOf(disk, claim, from),
    };
  });
  return {
    devices: parts.map(({ device }) => device),
    volumes: parts.map(({ volume }) => volume),
    claims: parts.flatMap(({ claim }) => claim ?? []),
  };
}

function volumeOf({ from }: DiskDraft, claim: string): Json {
  if (from.kind === "container") return { containerDisk: { image: from.image } };
  return { persistentVolumeClaim: { claimName: from.kind === "volume" ? from.volume : claim } };
}

/** The size of a disk of an image: as asked, or that of the image in whole GiB. */
export function imageDiskSize(size: string | undefined, image: KnownImage | undefined): string {
  return size ?? `${Math.max(1, Math.ceil((image?.virtualBytes ?? 10 * gib) / gib))}Gi`;
}

function claimOf({ from, size, storageClass }: DiskDraft, name: string, known: MadeFrom): Json | null {
  if (from.kind === "volume" || from.kind === "container") return null;
  const image = from.kind === "image" ? known.images.get(from.image) : undefined;
  const className = from.kind === "image" ? image?.storageClass : (storageClass ?? known.defaultStorageClass);
  return {
    metadata: {
      name,
      ...(from.kind === "image" ? { annotations: { "harvesterhci.io/imageId": from.image } } : {}),
    },
    spec: {
      accessModes: ["ReadWriteMany"],
      volumeMode: "Block",
      resources: {
        requests: { storage: from.kind === "image" ? imageDiskSize(size, image) : size },
      },
      ...(className === undefined ? {} : { storageClassName: className }),
    },
  };
}

/** The disks of a template, with claims of their own. */
function templateDisks(machine: string, { template, suffix }: MadeFrom): DiskParts {
  const spec = fieldAt(template, "spec", "template", "spec");
  const claims = listAt(jsonAt(template, "metadata", "annotations", claimTemplatesKey));
  const names = new Map(
    claims.flatMap((claim, index) => {
      const old = textAt(claim, "metadata", "name");
      return old === null ? [] : [[old, `${machine}-disk-${index}-${suffix}`] as const];
    }),
  );
  return {
    devices: listAt(spec, "domain", "devices", "disks"),
    volumes: listAt(spec, "volumes").map((volume) => {
      const claim = textAt(volume, "persistentVolumeClaim", "claimName") ?? "";
      const own = names.get(claim);
      if (own === undefined) return volume;
      const kept = (fieldAt(volume, "persistentVolumeClaim") ?? {}) as Json;
      return { ...(volume as Json), persistentVolumeClaim: { ...kept, claimName: own } };
    }),
    claims: claims.map((claim) => ({
      ...(claim as Json),
      metadata: {
        name: names.get(textAt(claim, "metadata", "name") ?? ""),
        annotations: textMapAt(claim, "metadata", "annotations"),
      },
    })),
  };
}

const isCloudInit = (volume: unknown): boolean =>
  fieldAt(volume, "cloudInitNoCloud") !== undefined || fieldAt(volume, "cloudInitConfigDrive") !== undefined;

function withoutCloudInit({ devices, volumes, claims }: DiskParts): DiskParts {
  const names = new Set([cloudInitDisk, ...volumes.filter(isCloudInit).map((one) => textAt(one, "name"))]);
  const others = (list: readonly unknown[]) => list.filter((one) => !names.has(textAt(one, "name")));
  return { devices: others(devices), volumes: others(volumes), claims };
}
