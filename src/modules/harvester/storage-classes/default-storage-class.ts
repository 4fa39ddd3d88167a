import { problem } from "../../../kernel/problem.ts";
import type { Kube } from "../kube/kube.ts";
import { listAll } from "../kube/list-all.ts";
import { pathOf } from "../kube/paths.rules.ts";
import { readStorageClass } from "./read-storage-class.rules.ts";

/** @throws invalid_input `harvester.storage_class_missing` at `/storageClass` when the cluster has no default */
export async function defaultStorageClass(kube: Kube): Promise<string> {
  const classes = await listAll(kube, pathOf("storage", "storageclasses"));
  const found = classes.map(readStorageClass).find(({ isDefault }) => isDefault);
  if (found !== undefined) return found.name;
  const message = "The cluster has no default storage class. Name one.";
  throw problem("invalid_input", "harvester.storage_class_missing", message, {
    errors: [{ pointer: "/storageClass", code: "required", message }],
  });
}
