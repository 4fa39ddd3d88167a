import { afterEach, beforeEach, expect, it } from "vitest";
import type { RuleDefinition } from "../../contracts/rules.ts";
import type { Db } from "../../src/db/db.ts";
import { listRulesAtWork } from "../../src/modules/rules/index.ts";
import { createRule } from "../../src/modules/rules/operations/create-rule.ts";
import { getRule } from "../../src/modules/rules/operations/get-rule.ts";
import { listRules } from "../../src/modules/rules/operations/list-rules.ts";
import { rollbackRule } from "../../src/modules/rules/operations/rollback-rule.ts";
import { updateRule } from "../../src/modules/rules/operations/update-rule.ts";
import { addRuleVersion } from "../../src/modules/rules/operations/versions/add-rule-version.ts";
import { publishRuleVersion } from "../../src/modules/rules/operations/versions/publish-rule-version.ts";
import { shadowRuleVersion } from "../../src/modules/rules/operations/versions/shadow-rule-version.ts";
import { validateRuleVersion } from "../../src/modules/rules/operations/versions/validate-rule-version.ts";
import { caller, refusalOf } from "../workers/support/caller.ts";
import { describeOnEachDatabase } from "../workers/support/databases.ts";

const definition = (more: Partial<RuleDefinition> = {}) => ({
  name: "cpu",
  key: ["data.host"],
  keyLabels: ["host"],
  trigger: { kind: "filter" as const, value: "data.cpu" },
  condition: { kind: "static" as const, of: "value", open: { op: ">" as const, value: 80 } },
  ...more,
});

describeOnEachDatabase("rules", (open) => {
  let db: Db;
  let me: ReturnType<typeof caller>;
  beforeEach(() => {
    db = open();
    me = caller(db);
  });
  afterEach(() => db.close());

  /** A rule whose versions differ by these changes, all validated, the first one live. */
  const made = async (...changes: readonly Partial<RuleDefinition>[]) => {
    const { id } = await me.call(createRule, { definition: definition() });
    for (const change of changes) await me.call(addRuleVersion, { id, definition: definition(change) });
    for (let version = 1; version <= changes.length + 1; version++)
      await me.call(validateRuleVersion, { id, version });
    return me.call(publishRuleVersion, { id, version: 1 });
  };
  const atWork = async () =>
    (await listRulesAtWork(db, me.tenantId)).map(({ rule, version }) => [
      version.version,
      rule.lineage,
      rule.stateEpoch,
    ]);

  it("carries, resets and leaves the state as the edit asks for or the author chose", async () => {
    const { id, lineage } = await made({ forMs: 60_000 }, { forMs: 90_000 }, { keyLabels: ["node"] });
    expect(await me.call(publishRuleVersion, { id, version: 2 })).toMatchObject({ lineage, stateEpoch: 0 });
    expect(await me.call(publishRuleVersion, { id, version: 3, state: "reset" })).toMatchObject({
      lineage,
      stateEpoch: 1,
    });
    expect(await refusalOf(me.call(publishRuleVersion, { id, version: 4, state: "reset" }))).toEqual({
      kind: "invalid_input",
      code: "rules.state_refused",
      fields: ["/state not_allowed"],
    });
    expect(await atWork()).toEqual([[3, lineage, 1]]);
    const other = await me.call(publishRuleVersion, { id, version: 4 });
    expect(other.lineage).not.toBe(lineage);
    expect(await refusalOf(me.call(rollbackRule, { id, state: "carry" }))).toMatchObject({
      code: "rules.state_refused",
    });
    const back = await me.call(rollbackRule, { id });
    expect(back).toMatchObject({ liveVersion: 3, stateEpoch: 0 });
    expect([lineage, other.lineage]).not.toContain(back.lineage);
    const told = (await me.outbox()).filter(({ topic }) => topic === "rules.changed");
    expect(told.length).toBeGreaterThanOrEqual(5);
  });

  it("lets one of two that publish at once win, and leaves nothing of the other", async () => {
    const { id } = await made({ forMs: 60_000 }, { forMs: 90_000 });
    const outcomes = await Promise.allSettled([
      me.call(publishRuleVersion, { id, version: 2 }),
      me.call(publishRuleVersion, { id, version: 3 }),
    ]);
    expect(outcomes.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
    const published = (await me.events()).filter(({ action }) => action === "rules.version.publish");
    expect(published).toHaveLength(2);
    const { liveVersion } = await me.call(getRule, { id });
    expect((await atWork()).map(([version]) => version)).toEqual([liveVersion]);
  });

  it("has the live version and the shadow at work, and neither while it is off", async () => {
    const { id } = await made({ forMs: 60_000 });
    await me.call(shadowRuleVersion, { id, version: 2 });
    expect((await atWork()).map(([version]) => version).sort()).toEqual([1, 2]);
    await me.call(updateRule, { id, enabled: false });
    expect(await atWork()).toEqual([]);
    expect(await listRulesAtWork(db, "ten_other")).toEqual([]);
  });

  it("lists the rules of a tenant by page, the latest first", async () => {
    for (const [n, name] of ["one", "two", "three"].entries()) {
      await me.call(
        createRule,
        { definition: definition({ name }) },
        { now: new Date(Date.UTC(2026, 0, 1 + n)) },
      );
    }
    const first = await me.call(listRules, { limit: 2 });
    expect(first.items.map(({ name }) => name)).toEqual(["three", "two"]);
    const rest = await me.call(listRules, { limit: 2, cursor: first.nextCursor ?? "" });
    expect(rest.items.map(({ name }) => name)).toEqual(["one"]);
    expect((await caller(db).call(listRules, {})).items).toEqual([]);
    expect(await refusalOf(me.call(createRule, { definition: definition({ name: "one" }) }))).toMatchObject({
      kind: "conflict",
      code: "rules.name_taken",
    });
  });
});
