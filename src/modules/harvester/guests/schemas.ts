import * as z from "zod";

export const Guest = z
  .strictObject({
    /** Whether the guest agent is connected; without it little is known. */
    agent: z.boolean(),
    agentVersion: z.string().nullable(),
    hostname: z.string().nullable(),
    os: z
      .strictObject({
        name: z.string().nullable(),
        version: z.string().nullable(),
        kernel: z.string().nullable(),
        machine: z.string().nullable(),
      })
      .nullable(),
    timezone: z.string().nullable(),
    interfaces: z.array(
      z.strictObject({
        name: z.string(),
        mac: z.string().nullable(),
        ipAddresses: z.array(z.string()),
      }),
    ),
    fileSystems: z.array(
      z.strictObject({
        disk: z.string(),
        mountPoint: z.string().nullable(),
        type: z.string().nullable(),
        usedBytes: z.number().nullable(),
        totalBytes: z.number().nullable(),
      }),
    ),
    users: z.array(
      z.strictObject({
        name: z.string(),
        domain: z.string().nullable(),
        loginAt: z.iso.datetime().nullable(),
      }),
    ),
  })
  .meta({ id: "Guest" });
export type Guest = z.infer<typeof Guest>;
