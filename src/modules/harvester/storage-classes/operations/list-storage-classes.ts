import { defineOperation } from "../../../../kernel/operation.ts";
import { pageOf } from "../../../../kernel/page.ts";
import { listObjects } from "../../kube/list-objects.ts";
import { readRaises } from "../../raises.ts";
import { ClusterList } from "../../words.ts";
import { readStorageClass } from "../read-storage-class.rules.ts";
import { StorageClass } from "../schemas.ts";

export const listStorageClasses = defineOperation({
  action: "harvester.storage_class.list",
  effect: "read",
  scope: "clusters:read",
  summary: "List the storage classes that volumes can be of",
  input: ClusterList,
  output: pageOf(StorageClass),
  raises: readRaises,
  async run(ctx, input) {
    const kind = { group: "storage", plural: "storageclasses", ofCluster: true } as const;
    const page = await listObjects(ctx, input, kind);
    return { ...page, items: page.items.map(readStorageClass) };
  },
});
