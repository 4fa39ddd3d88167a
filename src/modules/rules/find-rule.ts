import type { Ctx } from "../../kernel/context.ts";
import { problem } from "../../kernel/problem.ts";
import { reaches } from "../../kernel/project-reach.ts";
import type { Rule, RuleVersion } from "./schemas.ts";
import { findRule, findRuleVersion } from "./store.ts";
import type { RuleRow, RuleVersionRow } from "./tables.ts";

/** A rule of the tenant that the caller may see. @throws not_found `rules.unknown` */
export async function mustFindRule(ctx: Ctx, id: string): Promise<RuleRow> {
  const row = await findRule(ctx.db, ctx.tenantId, id);
  if (row !== undefined && reaches(ctx.actor, row.projectId)) return row;
  throw problem("not_found", "rules.unknown", `There is no rule ${id}.`);
}

/** @throws not_found `rules.version_unknown` */
export async function mustFindRuleVersion(ctx: Ctx, rule: RuleRow, version: number): Promise<RuleVersionRow> {
  const row = await findRuleVersion(ctx.db, ctx.tenantId, rule.id, version);
  if (row !== undefined) return row;
  throw problem("not_found", "rules.version_unknown", `Rule "${rule.name}" has no version ${version}.`);
}

/** A rule as it goes over the wire. */
export function ruleOf(row: RuleRow): Rule {
  const { tenantId: _, writeId: __, history: ___, createdAt, updatedAt, ...rest } = row;
  return { ...rest, createdAt: createdAt.toISOString(), updatedAt: updatedAt.toISOString() };
}

/** A version as it goes over the wire. */
export function ruleVersionOf(row: RuleVersionRow): RuleVersion {
  const { tenantId: _, writeId: __, authorId: ___, createdAt, publishedAt, ...rest } = row;
  return { ...rest, createdAt: createdAt.toISOString(), publishedAt: publishedAt?.toISOString() ?? null };
}
