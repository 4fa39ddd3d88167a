import * as z from "zod";

const made = {
  createdAt: z.iso.datetime().nullable(),
  resourceVersion: z.string(),
};

export const Upgrade = z
  .strictObject({
    namespace: z.string(),
    name: z.string(),
    version: z.string().nullable(),
    previousVersion: z.string().nullable(),
    state: z.enum(["running", "complete", "failed"]),
    message: z.string().nullable(),
    hosts: z.array(
      z.strictObject({ host: z.string(), state: z.string().nullable(), message: z.string().nullable() }),
    ),
    labels: z.record(z.string(), z.string()),
    ...made,
  })
  .meta({ id: "ClusterUpgrade" });
export type Upgrade = z.infer<typeof Upgrade>;

export const Release = z
  .strictObject({
    namespace: z.string(),
    name: z.string(),
    url: z.string().nullable(),
    checksum: z.string().nullable(),
    releasedOn: z.string().nullable(),
    /** The oldest release that can be upgraded to it. */
    from: z.string().nullable(),
    tags: z.array(z.string()),
    labels: z.record(z.string(), z.string()),
    ...made,
  })
  .meta({ id: "ClusterRelease" });
export type Release = z.infer<typeof Release>;
