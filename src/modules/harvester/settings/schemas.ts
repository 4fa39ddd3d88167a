import * as z from "zod";
import { ClusterField, ObjectName, ResourceVersion } from "../words.ts";

export const Setting = z
  .strictObject({
    name: z.string(),
    /** What holds: the value, or the default where none is set. Null when it is hidden. */
    value: z.string().nullable(),
    default: z.string().nullable(),
    customized: z.boolean(),
    /** It holds credentials, which are not shown. */
    hidden: z.boolean(),
    /** `fixed` ones can't be set here; `risky` ones need a confirmation. */
    change: z.enum(["free", "risky", "fixed"]),
    /** What happens when it is changed, for risky ones, or why it isn't, for fixed ones. */
    note: z.string().nullable(),
    message: z.string().nullable(),
    resourceVersion: z.string(),
  })
  .meta({ id: "ClusterSetting" });
export type Setting = z.infer<typeof Setting>;

const named = { ...ClusterField, name: ObjectName };
/** The name once more, for settings whose change is risky. */
const Confirm = z.string().max(253).optional();

export const SetSetting = z.strictObject({
  ...named,
  /** Always a text, JSON too, as the cluster keeps it. */
  value: z.string().max(200_000).optional(),
  /** The name of a secret of this tenant that holds the value, for settings with credentials. */
  secretName: z.string().min(1).max(64).optional(),
  confirm: Confirm,
  resourceVersion: ResourceVersion.optional(),
});

export const ResetSetting = z.strictObject({ ...named, confirm: Confirm });
