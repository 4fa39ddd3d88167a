import type { KubeObject, World } from "../../words.ts";
import { at, numberAt, textAt } from "../machines/fields.ts";
import { stepImage } from "../machines/image.rules.ts";
import { quantityOf } from "../machines/quantity.ts";
import { kindIn, watched } from "./kinds.ts";
import { make } from "./make.ts";
import { editIfChanged, reconciler } from "./reconciler.ts";

/** How large that is which an image is made from. */
function sourceBytes(world: World, image: KubeObject): number | undefined {
  const type = textAt(image, "spec", "sourceType");
  if (type === "export-from-volume") {
    const namespace = textAt(image, "spec", "pvcNamespace") ?? image.metadata.namespace;
    const claim = world.store.find(kindIn(world, "claim"), namespace, textAt(image, "spec", "pvcName") ?? "");
    return claim === undefined
      ? undefined
      : quantityOf(at(claim, "spec", "resources", "requests", "storage")) / 4;
  }
  if (type === "clone") {
    const from = at(image, "spec", "securityParameters");
    const namespace = textAt(from, "sourceImageNamespace") ?? image.metadata.namespace;
    const source = world.store.find(kindIn(world, "image"), namespace, textAt(from, "sourceImageName") ?? "");
    return numberAt(source, "status", "size");
  }
  return 512 * 2 ** 20;
}

/** The storage class for volumes made from an image. */
export function makeClass(world: World, image: KubeObject, name: string): void {
  const kind = kindIn(world, "storageClass");
  if (world.store.find(kind, undefined, name) !== undefined) return;
  make(
    world,
    "storageClass",
    { name, labels: { "harvesterhci.io/imageDisplayName": textAt(image, "spec", "displayName") ?? "" } },
    {
      provisioner: "driver.longhorn.io",
      parameters: {
        backingImage: `vmi-${image.metadata.uid}`,
        migratable: "true",
        numberOfReplicas: "3",
        staleReplicaTimeout: "30",
      },
      reclaimPolicy: "Delete",
      allowVolumeExpansion: true,
      volumeBindingMode: "Immediate",
    },
  );
}

/** Brings images in, each with a storage class of its own. */
export const imageController = reconciler({
  name: "virtualmachineimages",
  watches: [watched("image")],
  reconcile(world, key) {
    const kind = kindIn(world, "image");
    const image = world.store.find(kind, key.namespace, key.name);
    if (image === undefined) return undefined;
    const step = stepImage({ image, sourceBytes: sourceBytes(world, image), now: world.clock.now() });
    if (step.makeClass !== undefined) makeClass(world, image, step.makeClass);
    const { status } = step;
    if (status !== undefined)
      editIfChanged(world.store, kind, key, (stored) => {
        stored["status"] = status;
      });
    return step.againMs;
  },
});
