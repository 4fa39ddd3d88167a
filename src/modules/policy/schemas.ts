import * as z from "zod";
import { UsagePolicy } from "../../../contracts/usage-policy.ts";

/** The usage policy of a tenant. Version 0 is the one that holds before anybody has set one. */
export const Policy = UsagePolicy.extend({
  updatedBy: z.string().nullable(),
  updatedAt: z.iso.datetime().nullable(),
  version: z.int().nonnegative(),
}).meta({ id: "Policy" });
export type Policy = z.infer<typeof Policy>;

/** The whole policy; a field that is left out takes its default. */
export const PutPolicy = UsagePolicy.extend({
  timeZone: UsagePolicy.shape.timeZone
    .unwrap()
    .regex(/^[A-Za-z]/, "Name a zone such as Asia/Seoul.")
    .default("UTC"),
});

export const GetPolicy = z.strictObject({});
