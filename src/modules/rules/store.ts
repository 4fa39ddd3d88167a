import { and, desc, eq, isNotNull, or, sql } from "drizzle-orm";
import type { ReadDb, Statement, WriteDb } from "../../db/db.ts";
import { olderThan } from "../../db/older-than.ts";
import { changeRow, replaceRow } from "../../db/races.ts";
import type { Place } from "../../kernel/page.ts";
import { type RuleRow, type RuleVersionRow, ruleTables } from "./tables.ts";

export async function findRule(db: ReadDb, tenantId: string, id: string): Promise<RuleRow | undefined> {
  const { rules } = ruleTables.of(db);
  const [row] = await db
    .select()
    .from(rules)
    .where(and(eq(rules.tenantId, tenantId), eq(rules.id, id)));
  return row;
}

export function listRuleRows(db: ReadDb, tenantId: string, limit: number, after?: Place): Promise<RuleRow[]> {
  const { rules } = ruleTables.of(db);
  return db
    .select()
    .from(rules)
    .where(and(eq(rules.tenantId, tenantId), olderThan(rules.createdAt, rules.id, after)))
    .orderBy(desc(rules.createdAt), desc(rules.id))
    .limit(limit);
}

export async function findRuleVersion(
  db: ReadDb,
  tenantId: string,
  ruleId: string,
  version: number,
): Promise<RuleVersionRow | undefined> {
  const { ruleVersions: t } = ruleTables.of(db);
  const [row] = await db
    .select()
    .from(t)
    .where(and(eq(t.tenantId, tenantId), eq(t.ruleId, ruleId), eq(t.version, version)));
  return row;
}

export function listRuleVersionRows(db: ReadDb, tenantId: string, ruleId: string): Promise<RuleVersionRow[]> {
  const { ruleVersions: t } = ruleTables.of(db);
  return db
    .select()
    .from(t)
    .where(and(eq(t.tenantId, tenantId), eq(t.ruleId, ruleId)))
    .orderBy(desc(t.version))
    .limit(200);
}

/** How often rules of a tenant were changed: each change of any makes it greater. */
export async function ruleGeneration(db: ReadDb, tenantId: string): Promise<number> {
  const { rules } = ruleTables.of(db);
  const [row] = await db
    .select({ changes: sql`coalesce(sum(${rules.version}), 0)`.mapWith(Number) })
    .from(rules)
    .where(eq(rules.tenantId, tenantId));
  return row?.changes ?? 0;
}

/** Tenants that have a rule at work: whose engines and schedulers the watchdog looks after. */
export async function listTenantsWithRules(db: ReadDb, limit: number): Promise<string[]> {
  const { rules: t } = ruleTables.of(db);
  const atWork = or(isNotNull(t.liveVersion), isNotNull(t.shadowVersion));
  const rows = await db
    .selectDistinct({ tenantId: t.tenantId })
    .from(t)
    .where(and(eq(t.enabled, true), atWork))
    .limit(limit);
  return rows.map(({ tenantId }) => tenantId);
}

/** Every rule of a tenant that is at work, with the definitions of its live and its shadow version. */
export async function listRulesAtWork(
  db: ReadDb,
  tenantId: string,
): Promise<{ readonly rule: RuleRow; readonly version: RuleVersionRow }[]> {
  const { rules, ruleVersions } = ruleTables.of(db);
  return db
    .select({ rule: rules, version: ruleVersions })
    .from(rules)
    .innerJoin(
      ruleVersions,
      and(
        eq(ruleVersions.ruleId, rules.id),
        eq(ruleVersions.tenantId, rules.tenantId),
        or(eq(ruleVersions.version, rules.liveVersion), eq(ruleVersions.version, rules.shadowVersion)),
      ),
    )
    .where(
      and(
        eq(rules.tenantId, tenantId),
        eq(rules.enabled, true),
        or(isNotNull(rules.liveVersion), isNotNull(rules.shadowVersion)),
      ),
    );
}

export function insertRule(q: WriteDb, row: RuleRow): Statement {
  return q.insert(ruleTables.of(q).rules).values(row);
}

export function insertRuleVersion(q: WriteDb, row: RuleVersionRow): Statement {
  return q.insert(ruleTables.of(q).ruleVersions).values(row);
}

/** Replaces a rule whose row is still at `expected`; the whole unit fails as a lost race when it isn't. */
export function replaceRule(q: WriteDb, row: RuleRow, expected: number): readonly Statement[] {
  const { rules: t } = ruleTables.of(q);
  const { tenantId, id, ...rest } = row;
  return replaceRow(q, t, and(eq(t.tenantId, tenantId), eq(t.id, id)), expected, rest);
}

/** Gives a version its next status, unless somebody else did. */
export function replaceRuleVersion(
  q: WriteDb,
  row: RuleVersionRow,
  before: RuleVersionRow["status"],
): readonly Statement[] {
  const { ruleVersions: t } = ruleTables.of(q);
  const { tenantId, ruleId, version, status, publishedAt, writeId } = row;
  const mine = and(eq(t.tenantId, tenantId), eq(t.ruleId, ruleId), eq(t.version, version));
  return changeRow(q, t, mine, eq(t.status, before), { status, publishedAt, writeId });
}
