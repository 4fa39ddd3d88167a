import * as z from "zod";

export const StorageClass = z
  .strictObject({
    name: z.string(),
    provisioner: z.string().nullable(),
    isDefault: z.boolean(),
    reclaimPolicy: z.string().nullable(),
    bindingMode: z.string().nullable(),
    expandable: z.boolean(),
    encrypted: z.boolean(),
    replicas: z.number().nullable(),
    dataEngine: z.string().nullable(),
    /** `namespace/name` of the image that volumes of it are made from. */
    image: z.string().nullable(),
    labels: z.record(z.string(), z.string()),
    createdAt: z.iso.datetime().nullable(),
    resourceVersion: z.string(),
  })
  .meta({ id: "ClusterStorageClass" });
export type StorageClass = z.infer<typeof StorageClass>;
