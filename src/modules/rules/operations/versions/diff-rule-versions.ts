import * as z from "zod";
import { defineOperation } from "../../../../kernel/operation.ts";
import { differences } from "../../../../kernel/versioning/diff.rules.ts";
import { compatibility } from "../../engine/compatibility.rules.ts";
import { mustFindRule, mustFindRuleVersion } from "../../find-rule.ts";
import { Compatibility, Difference, RuleVersionRef } from "../../schemas.ts";

export const diffRuleVersions = defineOperation({
  action: "rules.version.diff",
  effect: "read",
  scope: "rules:read",
  summary:
    "Show what a version changes against the live one, or another, and what that means for the rule's state",
  input: z.strictObject({ ...RuleVersionRef.shape, from: z.coerce.number().int().min(1).optional() }),
  output: z
    .strictObject({
      from: z.int().nullable(),
      to: z.int(),
      compatibility: Compatibility,
      differences: z.array(Difference),
    })
    .meta({ id: "RuleDiff" }),
  raises: ["not_found"],
  resource: ({ id, version }) => `rule:${id}@${version}`,
  async run(ctx, { id, version, from }) {
    const rule = await mustFindRule(ctx, id);
    const after = await mustFindRuleVersion(ctx, rule, version);
    const base = from ?? rule.liveVersion;
    const before = base === null ? null : (await mustFindRuleVersion(ctx, rule, base)).definition;
    const { effect, allowed, changes } = compatibility(before, after.definition);
    return {
      from: base,
      to: version,
      compatibility: { effect, allowed: [...allowed], changes: [...changes] },
      differences: differences(before ?? {}, after.definition),
    };
  },
});
