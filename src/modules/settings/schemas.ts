import * as z from "zod";

const Value = z.union([z.boolean(), z.int()]);

export const Setting = z
  .strictObject({
    key: z.string(),
    summary: z.string(),
    value: Value,
    /** Who says so: `published` by the tenant, `env` by the operator's variable, `default` when nobody did. */
    from: z.enum(["published", "env", "default"]),
    variable: z.string(),
    /** What the operator's variable says; null when it is not set. */
    envValue: Value.nullable(),
    defaultValue: Value,
    /** Whether a change takes effect only after a restart. */
    restartNeeded: z.boolean(),
    publishedBy: z.string().nullable(),
    publishedAt: z.iso.datetime().nullable(),
    /** Of all the tenant's settings together. */
    version: z.int().nonnegative(),
  })
  .meta({ id: "Setting" });
export type Setting = z.infer<typeof Setting>;
