import * as z from "zod";
import { RuleTemplateDetail } from "../../../../../contracts/rule-templates.ts";
import { defineOperation } from "../../../../kernel/operation.ts";
import { definitionOf, mustFindTemplate, parametersOf, summaryOf } from "../../templates/catalogue.ts";

export const getRuleTemplate = defineOperation({
  action: "rules.template.get",
  effect: "read",
  scope: "rules:read",
  summary: "Read a template: its parameters, the rule it makes without any, and that rule's tests",
  input: z.strictObject({ id: z.string() }),
  output: RuleTemplateDetail,
  raises: ["not_found"],
  async run(_ctx, { id }) {
    const template = mustFindTemplate(id);
    return {
      ...summaryOf(template),
      parameters: parametersOf(template),
      definition: definitionOf(template, {}),
      tests: template.tests.map((test) => ({ ...test })),
    };
  },
});
