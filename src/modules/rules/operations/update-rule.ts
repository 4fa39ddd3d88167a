import * as z from "zod";
import { defineOperation } from "../../../kernel/operation.ts";
import { changeRule } from "../change-rule.ts";
import { Rule } from "../schemas.ts";

export const updateRule = defineOperation({
  action: "rules.rule.update",
  effect: "write",
  scope: "rules:publish",
  summary: "Switch a rule on or off; off, its alerts end and its state is forgotten",
  input: z.strictObject({ id: z.string(), enabled: z.boolean() }),
  output: Rule,
  raises: ["not_found", "conflict", "forbidden", "precondition_failed"],
  resource: ({ id }) => `rule:${id}`,
  version: (rule) => rule.version,
  run: (ctx, { id, enabled }) =>
    changeRule(ctx, id, async (rule) => ({ rule: { ...rule, enabled }, versions: [] })),
});
