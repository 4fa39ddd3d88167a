import * as z from "zod";
import { RuleDefinition } from "./rules.ts";

const Text = z.strictObject({ en: z.string(), ko: z.string() });

export const RuleTemplateCategory = z.enum(["ai", "infrastructure", "security"]);
export type RuleTemplateCategory = z.infer<typeof RuleTemplateCategory>;

/** A rule that is ready but for its parameters. */
export const RuleTemplateSummary = z
  .strictObject({ id: z.string(), category: RuleTemplateCategory, title: Text, description: Text })
  .meta({ id: "RuleTemplateSummary" });
export type RuleTemplateSummary = z.infer<typeof RuleTemplateSummary>;

export const RuleTemplateDetail = z
  .strictObject({
    ...RuleTemplateSummary.shape,
    /** JSON Schema of the parameters; each has a default. */
    parameters: z.record(z.string(), z.unknown()),
    /** The rule with every parameter at its default. */
    definition: RuleDefinition,
    /** Tests of that rule, in the format of rule test files. */
    tests: z.array(z.record(z.string(), z.unknown())),
  })
  .meta({ id: "RuleTemplateDetail" });
export type RuleTemplateDetail = z.infer<typeof RuleTemplateDetail>;
