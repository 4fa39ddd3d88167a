import * as z from "zod";
import { RuleDefinition } from "../../../contracts/rules.ts";

export const RuleStatus = z.enum(["draft", "validated", "shadow", "live", "retired"]);
export type RuleStatus = z.infer<typeof RuleStatus>;

export const RuleVersion = z
  .strictObject({
    ruleId: z.string(),
    version: z.int(),
    definition: RuleDefinition,
    checksum: z.string(),
    reason: z.string(),
    status: RuleStatus,
    createdBy: z.string(),
    createdAt: z.iso.datetime(),
    publishedAt: z.iso.datetime().nullable(),
  })
  .meta({ id: "RuleVersion" });
export type RuleVersion = z.infer<typeof RuleVersion>;

export const Rule = z
  .strictObject({
    id: z.string(),
    projectId: z.string().nullable(),
    name: z.string(),
    description: z.string(),
    latestVersion: z.int(),
    liveVersion: z.int().nullable(),
    shadowVersion: z.int().nullable(),
    enabled: z.boolean(),
    createdBy: z.string(),
    createdAt: z.iso.datetime(),
    updatedAt: z.iso.datetime(),
    version: z.int(),
  })
  .meta({ id: "Rule" });
export type Rule = z.infer<typeof Rule>;

export const RuleRef = z.strictObject({ id: z.string() });
export const RuleVersionRef = z.strictObject({ id: z.string(), version: z.coerce.number().int().min(1) });

export const Difference = z
  .strictObject({
    op: z.enum(["add", "remove", "replace"]),
    path: z.string(),
    before: z.unknown().optional(),
    value: z.unknown().optional(),
  })
  .meta({ id: "Difference" });

/** What publishing a version would do to the state that its rule has gathered. */
export const Compatibility = z.enum(["compatible", "new_lineage"]);
