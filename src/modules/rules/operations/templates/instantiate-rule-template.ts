import * as z from "zod";
import { RuleDefinition } from "../../../../../contracts/rules.ts";
import { defineOperation } from "../../../../kernel/operation.ts";
import { definitionOf, mustFindTemplate } from "../../templates/catalogue.ts";
import { createRule } from "../create-rule.ts";

export const instantiateRuleTemplate = defineOperation({
  action: "rules.template.instantiate",
  effect: "write",
  scope: "rules:write",
  summary:
    "Make a definition of a template and parameters, and with `create` a rule with it as its first draft",
  input: z.strictObject({
    id: z.string(),
    parameters: z.record(z.string(), z.unknown()).default({}),
    /** The name of the rule; the template's title otherwise. */
    name: z.string().min(1).max(200).optional(),
    create: z.boolean().default(false),
    projectId: z.string().optional(),
  }),
  output: z
    .strictObject({ definition: RuleDefinition, rule: createRule.output.nullable() })
    .meta({ id: "InstantiatedRule" }),
  raises: ["not_found", "conflict", "forbidden"],
  async run(ctx, { id, parameters, name, create, projectId }) {
    const definition = definitionOf(mustFindTemplate(id), parameters, name);
    if (!create) return { definition, rule: null };
    const reason = `From the template ${id}.`;
    const made = { definition, reason, ...(projectId === undefined ? {} : { projectId }) };
    return { definition, rule: await createRule.run(ctx, made) };
  },
});
