import { RuleTestFile, RuleTestReport } from "../../../../contracts/rule-tests.ts";
import type { RuleDefinition } from "../../../../contracts/rules.ts";
import type { Ctx } from "../../../kernel/context.ts";
import { defineOperation } from "../../../kernel/operation.ts";
import { mustFindRule, mustFindRuleVersion } from "../find-rule.ts";
import { keptRuleName, runRuleTests } from "../testing/run-rule-tests.ts";

export const testRules = defineOperation({
  action: "rules.rule.test",
  effect: "read",
  scope: "rules:write",
  summary: "Run a file of rule tests through the engine, with the differences where a test fails",
  input: RuleTestFile,
  output: RuleTestReport,
  raises: ["not_found"],
  async run(ctx, file) {
    const kept = new Map<string, RuleDefinition>();
    for (const { ruleId, version } of file.tests) {
      if (ruleId === undefined) continue;
      const name = keptRuleName(ruleId, version);
      if (!kept.has(name)) kept.set(name, await definitionOf(ctx, ruleId, version));
    }
    return runRuleTests(file, kept);
  },
});

async function definitionOf(ctx: Ctx, ruleId: string, version: number | undefined): Promise<RuleDefinition> {
  const rule = await mustFindRule(ctx, ruleId);
  return (await mustFindRuleVersion(ctx, rule, version ?? rule.latestVersion)).definition;
}
