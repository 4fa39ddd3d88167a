import { flagAt, metaOf, textAt } from "../kube/fields.rules.ts";
import type { KubeObject } from "../kube/object.ts";
import { quantityOf } from "../kube/quantity.rules.ts";
import type { StorageClass } from "./schemas.ts";

export function readStorageClass(found: KubeObject): StorageClass {
  const isDefault = textAt(found, "metadata", "annotations", "storageclass.kubernetes.io/is-default-class");
  return {
    ...metaOf(found),
    provisioner: textAt(found, "provisioner"),
    isDefault: isDefault === "true",
    reclaimPolicy: textAt(found, "reclaimPolicy"),
    bindingMode: textAt(found, "volumeBindingMode"),
    expandable: flagAt(found, "allowVolumeExpansion") === true,
    encrypted: textAt(found, "parameters", "encrypted") === "true",
    replicas: quantityOf(textAt(found, "parameters", "numberOfReplicas")),
    dataEngine: textAt(found, "parameters", "dataEngine"),
    image: textAt(found, "metadata", "annotations", "harvesterhci.io/imageId"),
  };
}
