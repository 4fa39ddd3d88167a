import { type Lifecycle, type Mover, moveVersion } from "../../kernel/versioning/lifecycle.rules.ts";
import { type Pointers, publish, rollback, shadow } from "../../kernel/versioning/pointers.rules.ts";
import type { RuleRow, RuleVersionRow } from "./tables.ts";

type Status = RuleVersionRow["status"];

/** draft → validated → shadow → live → retired; a retired version can be live again by a rollback. */
const lifecycle: Lifecycle<Status> = {
  module: "rules",
  initial: "draft",
  moves: {
    draft: ["validated", "retired"],
    validated: ["shadow", "live", "retired"],
    shadow: ["live", "validated", "retired"],
    live: ["retired"],
    retired: ["live"],
  },
  fourEyes: [],
  ways: {
    validated: 'with ":validate"',
    shadow: 'with ":shadow"',
    live: 'with ":publish"',
    retired: "when another version goes live",
  },
};

/** A version in its next state. @throws conflict `rules.transition_refused` */
export function moveRuleVersion(
  version: RuleVersionRow,
  to: Status,
  mover: Mover,
  now: Date,
): RuleVersionRow {
  const moved = moveVersion(lifecycle, version, to, mover);
  return to === "live" ? { ...moved, publishedAt: now } : moved;
}

const pointersOf = (rule: RuleRow): Pointers => ({
  live: rule.liveVersion,
  shadow: rule.shadowVersion,
  history: rule.history,
});

const withPointers = (rule: RuleRow, { live, shadow: watching, history }: Pointers): RuleRow => ({
  ...rule,
  liveVersion: live,
  shadowVersion: watching,
  history,
});

/** The rule with this version at work. */
export function ruleAfterPublish(rule: RuleRow, version: number): RuleRow {
  return withPointers(rule, publish(pointersOf(rule), version));
}

/** The rule with this version watching beside the live one, or none. */
export function ruleAfterShadow(rule: RuleRow, version: number | null): RuleRow {
  return withPointers(rule, shadow(pointersOf(rule), version));
}

/** The rule with the version at work that was before. @throws conflict `rules.nothing_to_roll_back` */
export function ruleAfterRollback(rule: RuleRow): RuleRow {
  return withPointers(rule, rollback(pointersOf(rule), "rules"));
}
