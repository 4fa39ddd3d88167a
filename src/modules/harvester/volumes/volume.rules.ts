import type * as z from "zod";
import { problem } from "../../../kernel/problem.ts";
import { conditionOf, textAt } from "../kube/fields.rules.ts";
import type { KubeObject } from "../kube/object.ts";
import { bytesOf } from "../kube/quantity.rules.ts";
import type { CreateVolume, Volume } from "./schemas.ts";

/** What a new volume takes from the image that it is made from. */
export interface ImageFacts {
  readonly name: string;
  readonly storageClass: string;
}

/**
 * What a volume can take from an image that is ready: the storage class is read from the image, never built from its name.
 * @throws conflict `harvester.image_not_ready`; invalid_input `harvester.volume_too_small`
 */
export function imageFactsOf(image: KubeObject, size: string): ImageFacts {
  const name = `${image.metadata.namespace}/${image.metadata.name}`;
  const storageClass = textAt(image, "status", "storageClassName");
  if (storageClass === null || conditionOf(image, "Imported")?.status !== "True") {
    throw problem(
      "conflict",
      "harvester.image_not_ready",
      `The image ${name} is not imported yet. Look at its progress and try again.`,
      { errors: [{ pointer: "/image", code: "not_ready", message: "It is not imported yet." }] },
    );
  }
  const needed = bytesOf((image.status as { virtualSize?: unknown } | undefined)?.virtualSize);
  const given = bytesOf(size) ?? 0;
  if (needed !== null && given < needed) {
    throw problem(
      "invalid_input",
      "harvester.volume_too_small",
      `The image needs ${needed} bytes and the volume would have ${given}. Make it larger.`,
      { errors: [{ pointer: "/size", code: "too_small", message: `At least ${needed} bytes.` }] },
    );
  }
  return { name, storageClass };
}

/** The claim of a new volume. */
export function claimOf(
  asked: z.output<typeof CreateVolume>,
  image: ImageFacts | undefined,
): Record<string, unknown> {
  const annotations = {
    ...(image === undefined ? {} : { "harvesterhci.io/imageId": image.name }),
    ...(asked.description === undefined ? {} : { "field.cattle.io/description": asked.description }),
  };
  const storageClass = image?.storageClass ?? asked.storageClass;
  return {
    apiVersion: "v1",
    kind: "PersistentVolumeClaim",
    metadata: {
      name: asked.name,
      namespace: asked.namespace,
      ...(asked.labels === undefined ? {} : { labels: asked.labels }),
      ...(Object.keys(annotations).length === 0 ? {} : { annotations }),
    },
    spec: {
      accessModes: [asked.accessMode],
      volumeMode: asked.volumeMode,
      resources: { requests: { storage: asked.size } },
      ...(storageClass === undefined ? {} : { storageClassName: storageClass }),
    },
  };
}

/** @throws invalid_input `harvester.volume_shrinks` unless the volume would grow */
export function mustGrow(volume: Volume, size: string): void {
  const asked = bytesOf(size) ?? 0;
  if (volume.sizeBytes === null || asked > volume.sizeBytes) return;
  const word = asked === volume.sizeBytes ? "already has" : "has more than";
  throw problem(
    "invalid_input",
    "harvester.volume_shrinks",
    `The volume ${word} ${size}: it has ${volume.size}. Volumes only grow; to shrink one, copy what is on it to a smaller one.`,
    { errors: [{ pointer: "/size", code: "not_larger", message: `More than ${volume.size}.` }] },
  );
}

/** @throws conflict `harvester.volume_attached` while virtual machines have the volume as a disk */
export function mustBeDetached(volume: Volume): void {
  if (volume.attachedTo.length === 0) return;
  throw problem(
    "conflict",
    "harvester.volume_attached",
    `${volume.attachedTo.join(", ")} ${volume.attachedTo.length === 1 ? "has" : "have"} it as a disk. Remove the disk there first.`,
    { data: { attachedTo: volume.attachedTo } },
  );
}

/** @throws conflict `harvester.wrong_state` unless an expansion goes on */
export function mustExpand({ state }: Volume): void {
  if (state === "expanding") return;
  throw problem("conflict", "harvester.wrong_state", `The volume is ${state}; no expansion goes on.`, {
    data: { state },
  });
}
