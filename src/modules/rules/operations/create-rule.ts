import * as z from "zod";
import { RuleDefinition } from "../../../../contracts/rules.ts";
import { sha256Json } from "../../../kernel/hash.ts";
import { orNameTaken } from "../../../kernel/name-taken.ts";
import { defineOperation } from "../../../kernel/operation.ts";
import { mustChangeWithin } from "../../../kernel/project-reach.ts";
import { moverOf } from "../../../kernel/versioning/lifecycle.rules.ts";
import { mustFindProject } from "../../access/index.ts";
import { mustAllowActions } from "../actions/must-allow-actions.ts";
import { checkTrigger } from "../check-trigger.ts";
import { ruleOf, ruleVersionOf } from "../find-rule.ts";
import { mustCompile } from "../must-compile.ts";
import { Rule, RuleVersion } from "../schemas.ts";
import { insertRule, insertRuleVersion } from "../store.ts";
import type { RuleRow, RuleVersionRow } from "../tables.ts";
import { withDataSchema } from "../with-data-schema.ts";

export const createRule = defineOperation({
  action: "rules.rule.create",
  effect: "write",
  scope: "rules:write",
  summary: "Make a rule with its first version, a draft that has been checked but watches nothing yet",
  input: z.strictObject({
    definition: RuleDefinition,
    projectId: z.string().optional(),
    reason: z.string().max(1000).default(""),
  }),
  output: z.strictObject({ ...Rule.shape, current: RuleVersion }).meta({ id: "CreatedRule" }),
  raises: ["not_found", "conflict", "forbidden"],
  version: (rule) => rule.version,
  async run(ctx, { definition: given, projectId = null, reason }) {
    mustChangeWithin(ctx.actor, projectId);
    if (projectId !== null) await mustFindProject(ctx, projectId);
    const definition = await withDataSchema(ctx, given);
    mustCompile(definition);
    checkTrigger(ctx, definition);
    await mustAllowActions(ctx, definition);
    const { name: createdBy, person: authorId } = moverOf(ctx.actor);
    const id = ctx.newId("rul");
    const writeId = ctx.newId("wr");
    const made = { tenantId: ctx.tenantId, createdBy, createdAt: ctx.now, writeId };
    const rule: RuleRow = {
      ...made,
      id,
      projectId,
      name: definition.name,
      description: definition.description,
      latestVersion: 1,
      liveVersion: null,
      shadowVersion: null,
      history: [],
      lineage: `${id}.1`,
      stateEpoch: 0,
      enabled: true,
      updatedAt: ctx.now,
      version: 1,
    };
    const version: RuleVersionRow = {
      ...made,
      ruleId: id,
      version: 1,
      definition,
      checksum: await sha256Json(definition),
      reason,
      status: "draft",
      authorId,
      publishedAt: null,
    };
    const current = ruleVersionOf(version);
    await orNameTaken(
      ctx.write(
        {
          entity: `rule:${id}`,
          after: { ...ruleOf(rule), current },
          ...(projectId === null ? {} : { projectId }),
        },
        (q) => [insertRule(q, rule), insertRuleVersion(q, version)],
      ),
      { code: "rules.name_taken", noun: "rule", name: definition.name, pointer: "/definition/name" },
    );
    return { ...ruleOf(rule), current };
  },
});
