import * as z from "zod";
import { RuleDefinition } from "../../../../../contracts/rules.ts";
import { sha256Json } from "../../../../kernel/hash.ts";
import { orNameTaken } from "../../../../kernel/name-taken.ts";
import { defineOperation, expectVersion } from "../../../../kernel/operation.ts";
import { mustChangeWithin } from "../../../../kernel/project-reach.ts";
import { moverOf } from "../../../../kernel/versioning/lifecycle.rules.ts";
import { mustAllowActions } from "../../actions/must-allow-actions.ts";
import { checkTrigger } from "../../check-trigger.ts";
import { mustFindRule, ruleVersionOf } from "../../find-rule.ts";
import { mustCompile } from "../../must-compile.ts";
import { RuleVersion } from "../../schemas.ts";
import { insertRuleVersion, replaceRule } from "../../store.ts";
import type { RuleRow, RuleVersionRow } from "../../tables.ts";
import { withDataSchema } from "../../with-data-schema.ts";

export const addRuleVersion = defineOperation({
  action: "rules.version.create",
  effect: "write",
  scope: "rules:write",
  summary: "Add a version to a rule: a draft; the version at work stays",
  input: z.strictObject({
    id: z.string(),
    definition: RuleDefinition,
    reason: z.string().max(1000).default(""),
  }),
  output: RuleVersion,
  raises: ["not_found", "conflict", "forbidden", "precondition_failed"],
  resource: ({ id }) => `rule:${id}`,
  async run(ctx, { id, definition: given, reason }) {
    const rule = await mustFindRule(ctx, id);
    mustChangeWithin(ctx.actor, rule.projectId);
    expectVersion(ctx, rule.version);
    const definition = await withDataSchema(ctx, given);
    mustCompile(definition);
    checkTrigger(ctx, definition);
    await mustAllowActions(ctx, definition);
    const { name: createdBy, person: authorId } = moverOf(ctx.actor);
    const writeId = ctx.newId("wr");
    const next: RuleRow = {
      ...rule,
      name: definition.name,
      description: definition.description,
      latestVersion: rule.latestVersion + 1,
      updatedAt: ctx.now,
      version: rule.version + 1,
      writeId,
    };
    const version: RuleVersionRow = {
      tenantId: ctx.tenantId,
      ruleId: id,
      version: next.latestVersion,
      definition,
      checksum: await sha256Json(definition),
      reason,
      status: "draft",
      createdBy,
      authorId,
      createdAt: ctx.now,
      publishedAt: null,
      writeId,
    };
    await orNameTaken(
      ctx.write(
        {
          entity: `rule:${id}`,
          after: ruleVersionOf(version),
          ...(rule.projectId === null ? {} : { projectId: rule.projectId }),
        },
        (q) => [...replaceRule(q, next, rule.version), insertRuleVersion(q, version)],
      ),
      { code: "rules.name_taken", noun: "rule", name: definition.name, pointer: "/definition/name" },
    );
    return ruleVersionOf(version);
  },
});
