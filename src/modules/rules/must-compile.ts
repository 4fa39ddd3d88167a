import type { RuleDefinition } from "../../../contracts/rules.ts";
import { problem } from "../../kernel/problem.ts";
import { compileRule } from "./engine/compile/compile-rule.ts";
import type { CompiledRule } from "./engine/compile/compiled-rule.ts";
import { placedMessage } from "./expr/placed-message.ts";
import { triggerProblems } from "./trigger-problems.ts";

/**
 * A definition as the engine runs it.
 * @throws invalid_input `rules.definition` with a pointer to each place that is wrong
 */
export function mustCompile(
  definition: RuleDefinition,
  identity = { tenantId: "check", lineage: "check" },
): CompiledRule {
  const outcome = compileRule(definition, identity);
  const about = triggerProblems(definition);
  if (outcome.ok && about.length === 0) return outcome.rule;
  const wrong = [...(outcome.ok ? [] : outcome.problems), ...about].map((issue) => ({
    pointer: `/definition${issue.pointer}`,
    code: issue.code,
    message: placedMessage(issue),
  }));
  throw problem("invalid_input", "rules.definition", wrong[0]?.message ?? "The rule is not valid.", {
    errors: wrong,
  });
}
