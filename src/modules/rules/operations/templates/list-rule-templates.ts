import * as z from "zod";
import { RuleTemplateCategory, RuleTemplateSummary } from "../../../../../contracts/rule-templates.ts";
import { defineOperation } from "../../../../kernel/operation.ts";
import { summaryOf, templates } from "../../templates/catalogue.ts";

export const listRuleTemplates = defineOperation({
  action: "rules.template.list",
  effect: "read",
  scope: "rules:read",
  summary: "List templates of rules for AI operations, infrastructure and security, in English and Korean",
  input: z.strictObject({ category: RuleTemplateCategory.optional() }),
  output: z.strictObject({ items: z.array(RuleTemplateSummary), nextCursor: z.null() }),
  raises: [],
  async run(_ctx, { category }) {
    const found = templates.filter((template) => category === undefined || template.category === category);
    return { items: found.map(summaryOf), nextCursor: null };
  },
});
