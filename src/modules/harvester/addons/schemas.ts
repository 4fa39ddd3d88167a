import * as z from "zod";
import { NamedField, ResourceVersion } from "../words.ts";

export const Addon = z
  .strictObject({
    namespace: z.string(),
    name: z.string(),
    chart: z.string().nullable(),
    version: z.string().nullable(),
    repository: z.string().nullable(),
    enabled: z.boolean(),
    state: z.enum(["disabled", "enabling", "deployed", "disabling", "updating", "failed", "unknown"]),
    message: z.string().nullable(),
    labels: z.record(z.string(), z.string()),
    createdAt: z.iso.datetime().nullable(),
    resourceVersion: z.string(),
  })
  .meta({ id: "ClusterAddon" });
export type Addon = z.infer<typeof Addon>;

export const AddonWithValues = Addon.extend({
  /** What the chart is given, as YAML; passwords, keys and tokens in it are hidden. */
  values: z.string(),
}).meta({ id: "ClusterAddonWithValues" });

export const DisableAddon = z.strictObject({
  ...NamedField,
  /** The add-on's name once more: what it keeps may go with it. */
  confirm: z.string().max(253),
});

export const SetAddonValues = z.strictObject({
  ...NamedField,
  /** YAML; empty for the chart's own. */
  values: z.string().max(100_000),
  resourceVersion: ResourceVersion,
});
