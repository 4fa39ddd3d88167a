import type { RuleDefinition } from "../../../contracts/rules.ts";
import { problem } from "../../kernel/problem.ts";
import { compatibility, type EditEffect } from "./engine/compatibility.rules.ts";
import type { RuleRow, RuleVersionRow } from "./tables.ts";

/**
 * The rule with what becomes of its state when `next` follows the definition `before`: as the author chose, or as the
 * edit asks for. @throws invalid_input `rules.state_refused` with what may be chosen
 */
export function ruleAfterEdit(
  rule: RuleRow,
  before: RuleDefinition | null,
  next: RuleVersionRow,
  chosen: EditEffect | undefined,
): RuleRow {
  const { effect, allowed, changes } = compatibility(before, next.definition);
  if (chosen !== undefined && !allowed.includes(chosen)) {
    const message = `The state can't be treated as ${chosen}; choose ${allowed.join(" or ")}.`;
    throw problem("invalid_input", "rules.state_refused", message, {
      errors: [{ pointer: "/state", code: "not_allowed", message }],
      data: { allowed, changes },
    });
  }
  switch (chosen ?? effect) {
    case "carry":
      return rule;
    case "reset":
      return { ...rule, stateEpoch: rule.stateEpoch + 1 };
    case "newLineage":
      return { ...rule, lineage: `${rule.id}.${next.version}.${rule.version}`, stateEpoch: 0 };
  }
}
