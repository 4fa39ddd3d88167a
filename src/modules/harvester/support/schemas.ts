import * as z from "zod";
import { ClusterField, HttpUrl, LabelName } from "../words.ts";

export const SupportBundle = z
  .strictObject({
    name: z.string(),
    description: z.string().nullable(),
    issueUrl: z.string().nullable(),
    state: z.enum(["collecting", "ready", "failed"]),
    /** 0 to 100. */
    progress: z.number(),
    fileName: z.string().nullable(),
    sizeBytes: z.number().nullable(),
    message: z.string().nullable(),
    labels: z.record(z.string(), z.string()),
    createdAt: z.iso.datetime().nullable(),
    resourceVersion: z.string(),
  })
  .meta({ id: "ClusterSupportBundle" });
export type SupportBundle = z.infer<typeof SupportBundle>;

export const CreateSupportBundle = z.strictObject({
  ...ClusterField,
  /** What is wrong, for whoever reads the bundle. */
  description: z.string().min(1).max(4000),
  issueUrl: HttpUrl.optional(),
  /** Namespaces beside the cluster's own. */
  namespaces: z.array(LabelName).max(100).default([]),
});
