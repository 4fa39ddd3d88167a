import * as z from "zod";
import { MachineDisk, MachineNetwork } from "../machines/schemas.ts";

const meta = {
  namespace: z.string(),
  name: z.string(),
  labels: z.record(z.string(), z.string()),
  createdAt: z.iso.datetime().nullable(),
  resourceVersion: z.string(),
};

export const MachineTemplate = z
  .strictObject({
    ...meta,
    description: z.string().nullable(),
    /** `namespace/name` of the version that machines are made from when none is named. */
    defaultVersionId: z.string().nullable(),
    defaultVersion: z.int().nullable(),
    latestVersion: z.int().nullable(),
  })
  .meta({ id: "VirtualMachineTemplate" });
export type MachineTemplate = z.infer<typeof MachineTemplate>;

export const TemplateVersion = z
  .strictObject({
    ...meta,
    /** `namespace/name` of the template. */
    template: z.string(),
    version: z.int().nullable(),
    description: z.string().nullable(),
    image: z.string().nullable(),
    cpu: z.number().nullable(),
    memoryBytes: z.number().nullable(),
    disks: z.array(MachineDisk),
    networks: z.array(MachineNetwork),
    sshKeys: z.array(z.string()),
    ready: z.boolean(),
  })
  .meta({ id: "VirtualMachineTemplateVersion" });
export type TemplateVersion = z.infer<typeof TemplateVersion>;
