import { textAt } from "../kube/fields.rules.ts";
import type { Kube } from "../kube/kube.ts";
import { listAll } from "../kube/list-all.ts";
import type { KubeObject } from "../kube/object.ts";
import { orHidden } from "../kube/or-hidden.ts";
import { pathOf } from "../kube/paths.rules.ts";
import { attachmentsOf, readVolume, type VolumeFacts } from "./read-volume.rules.ts";
import type { Volume } from "./schemas.ts";

/** Where Longhorn keeps what it knows of volumes. */
const storageNamespace = "longhorn-system";

interface At {
  readonly namespace: string;
  readonly name: string;
}

export const volumePath = ({ namespace, name }: { namespace: string; name?: string }): string =>
  pathOf("core", "persistentvolumeclaims", { namespace, name });

/** @throws not_found `harvester.unknown` */
export async function mustFindVolume(kube: Kube, at: At): Promise<Volume> {
  const [claim, machines] = await Promise.all([
    kube.get(volumePath(at)),
    listAll(kube, pathOf("kubevirt", "virtualmachines", { namespace: at.namespace })),
  ]);
  const volumeName = textAt(claim, "spec", "volumeName");
  const storage =
    volumeName === null
      ? undefined
      : await orHidden(
          kube.get(pathOf("longhorn", "volumes", { namespace: storageNamespace, name: volumeName })),
        );
  return readVolume(claim, {
    attachments: attachmentsOf(machines),
    storage: storage === undefined ? new Map() : new Map([[storage.metadata.name, storage]]),
  });
}

/** What is known of a page of volumes from the virtual machines of their namespaces and from the storage. */
export async function volumeFactsOf(kube: Kube, claims: readonly KubeObject[]): Promise<VolumeFacts> {
  if (claims.length === 0) return { attachments: new Map(), storage: new Map() };
  const namespaces = [...new Set(claims.flatMap(({ metadata }) => metadata.namespace ?? []))];
  const [storage, ...machines] = await Promise.all([
    orHidden(listAll(kube, pathOf("longhorn", "volumes", { namespace: storageNamespace }))),
    ...namespaces.map((namespace) => listAll(kube, pathOf("kubevirt", "virtualmachines", { namespace }))),
  ]);
  return {
    attachments: attachmentsOf(machines.flat()),
    storage: new Map((storage ?? []).map((one) => [one.metadata.name, one])),
  };
}
