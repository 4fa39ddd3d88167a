import * as z from "zod";
import { ObjectEvent } from "../machines/schemas.ts";

const Counts = z.record(z.string(), z.int());
const Amount = z.strictObject({
  total: z.number().nullable(),
  /** Measured now; null where the cluster does not measure. */
  used: z.number().nullable(),
  /** Asked for by machines that run, or given to volumes. */
  reserved: z.number().nullable(),
});

export const Dashboard = z
  .strictObject({
    hosts: z.strictObject({ total: z.int(), byState: Counts }),
    capacity: z.strictObject({
      cpu: Amount,
      memoryBytes: Amount,
      storageBytes: Amount,
      gpus: z.array(z.strictObject({ name: z.string(), total: z.number(), used: z.number() })),
    }),
    virtualMachines: z.strictObject({ total: z.int(), byState: Counts }),
    volumes: z.strictObject({ total: z.int(), byHealth: Counts }).nullable(),
    images: z.strictObject({ total: z.int(), byState: Counts }),
    warnings: z.array(
      z.strictObject({
        ...ObjectEvent.shape,
        kind: z.string(),
        namespace: z.string().nullable(),
        name: z.string(),
      }),
    ),
  })
  .meta({ id: "ClusterDashboard" });
export type Dashboard = z.infer<typeof Dashboard>;
