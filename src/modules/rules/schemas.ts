import * as z from "zod";
import { RuleDefinition } from "../../../contracts/rules.ts";
import { editEffects } from "./engine/compatibility.rules.ts";

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
    /** What the rule's state and its alerts belong to; another one after an edit that keeps nothing. */
    lineage: z.string(),
    /** Grows with each edit that resets what the rule has gathered. */
    stateEpoch: z.int(),
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

/**
 * What becomes of the state that a rule has gathered. `carry`: everything goes on. `reset`: alerts go on, what windows,
 * patterns and baselines gathered begins afresh. `newLineage`: nothing is kept.
 */
export const StateEffect = z.enum(editEffects);

/** What putting a version to work would do to the state that its rule has gathered. */
export const Compatibility = z
  .strictObject({
    effect: StateEffect,
    allowed: z.array(StateEffect),
    changes: z.array(z.strictObject({ pointer: z.string(), effect: StateEffect })),
  })
  .meta({ id: "RuleCompatibility" });
