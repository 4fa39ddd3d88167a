import type { RuleDefinition } from "../../../contracts/rules.ts";
import { problem } from "../../kernel/problem.ts";
import { compileRule } from "./engine/compile/compile-rule.ts";
import type { CompiledRule } from "./engine/compile/compiled-rule.ts";

/** What the engine runs today; the others are refused rather than kept without effect. */
const runnable: readonly string[] = ["filter", "window", "pattern"];

/**
 * A definition as the engine runs it.
 * @throws invalid_input `rules.definition` with a pointer to each place that is wrong
 */
export function mustCompile(
  definition: RuleDefinition,
  identity = { tenantId: "check", lineage: "check" },
): CompiledRule {
  const { kind } = definition.trigger;
  const errors = [
    ...(runnable.includes(kind)
      ? []
      : [
          {
            pointer: "/definition/trigger/kind",
            code: "not_supported",
            message: `Rules with a ${kind} trigger can't be run yet.`,
          },
        ]),
  ];
  if (errors.length > 0)
    throw problem("invalid_input", "rules.definition", errors[0]?.message ?? "", { errors });
  const outcome = compileRule(definition, identity);
  if (outcome.ok) return outcome.rule;
  const wrong = outcome.problems.map(({ pointer, code, message }) => ({
    pointer: `/definition${pointer}`,
    code,
    message,
  }));
  throw problem("invalid_input", "rules.definition", wrong[0]?.message ?? "The rule is not valid.", {
    errors: wrong,
  });
}
