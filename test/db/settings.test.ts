import { afterEach, beforeEach, expect, it } from "vitest";
import type { Db } from "../../src/db/db.ts";
import { findPublished, findSettings } from "../../src/modules/settings/index.ts";
import { listSettings } from "../../src/modules/settings/operations/list-settings.ts";
import { putSetting } from "../../src/modules/settings/operations/put-setting.ts";
import { resetSetting } from "../../src/modules/settings/operations/reset-setting.ts";
import { caller, refusalOf } from "../workers/support/caller.ts";
import { describeOnEachDatabase } from "../workers/support/databases.ts";

describeOnEachDatabase("settings", (open) => {
  let db: Db;
  let me: ReturnType<typeof caller>;
  beforeEach(() => {
    db = open();
    me = caller(db);
  });
  afterEach(() => db.close());
  const key = "polling.concurrency";

  it("hold as published before the operator's variable before the default", async () => {
    const ctx = me.ctxOf("test");
    const operator = { settings: { ...ctx.ports.settings, operator: { [key]: 5 } } };
    const itemOf = async (ports: object) =>
      (await me.call(listSettings, {}, { ports })).items.find((one) => one.key === key);
    expect(await itemOf({})).toMatchObject({ value: 10, from: "default", envValue: null, version: 0 });
    expect(await itemOf(operator)).toMatchObject({ value: 5, from: "env", envValue: 5 });
    await me.call(putSetting, { key, value: 3 });
    expect(await itemOf(operator)).toMatchObject({ value: 3, from: "published", envValue: 5, version: 1 });
    expect((await findSettings(me.ctxOf("test")))[key]).toBe(3);
    await me.call(resetSetting, { key }, { ports: operator });
    expect(await itemOf(operator)).toMatchObject({ value: 5, from: "env", publishedBy: null, version: 2 });
  });

  it("tell the tenant's scheduler in the same write, and keep what others published", async () => {
    await me.call(putSetting, { key, value: 3 });
    await me.call(putSetting, { key: "notifications.enabled", value: false });
    expect(await findPublished(me.ctxOf("test"))).toEqual({
      version: 2,
      values: { [key]: 3, "notifications.enabled": false },
    });
    expect((await me.outbox()).map(({ topic }) => topic)).toEqual(["settings.changed", "settings.changed"]);
    expect((await me.events()).map(({ action, resource }) => `${action} ${resource}`).sort()).toEqual([
      "settings.setting.update setting:notifications.enabled",
      `settings.setting.update setting:${key}`,
    ]);
  });

  it("leave one winner of two edits at once, without a trace of the other", async () => {
    await me.call(putSetting, { key, value: 3 });
    const edits = [4, 5].map((value) => me.call(putSetting, { key, value }, { expectedVersion: 1 }));
    const outcomes = await Promise.allSettled(edits);
    expect(outcomes.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
    expect((await findPublished(me.ctxOf("test"))).version).toBe(2);
    expect(await me.events()).toHaveLength(2);
  });

  it("are refused to a credential held to a project", async () => {
    const held = { actor: { projectIds: ["prj_1"] } };
    expect(await refusalOf(me.call(putSetting, { key, value: 3 }, held))).toMatchObject({
      kind: "forbidden",
    });
  });
});
