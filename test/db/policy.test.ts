import { afterEach, beforeEach, expect, it } from "vitest";
import type { Db } from "../../src/db/db.ts";
import { findPolicy, PolicyChanged } from "../../src/modules/policy/index.ts";
import { getPolicy } from "../../src/modules/policy/operations/get-policy.ts";
import { putPolicy } from "../../src/modules/policy/operations/put-policy.ts";
import { caller, refusalOf } from "../workers/support/caller.ts";
import { describeOnEachDatabase } from "../workers/support/databases.ts";

describeOnEachDatabase("the usage policy", (open) => {
  let db: Db;
  let me: ReturnType<typeof caller>;
  beforeEach(() => {
    db = open();
    me = caller(db);
  });
  afterEach(() => db.close());

  it("answers the defaults at version 0 until one is set", async () => {
    expect(await me.call(getPolicy, {})).toEqual({
      allowedModels: null,
      allowedMetrics: null,
      dailyCostLimitMicros: null,
      monthlyCostLimitMicros: null,
      maxConcurrentRuns: 10,
      maxDailyRuns: 1000,
      dataRetentionDays: 90,
      timeZone: "UTC",
      updatedBy: null,
      updatedAt: null,
      version: 0,
    });
  });

  it("replaces the whole policy and tells the job engine in the same write", async () => {
    const set = await me.call(putPolicy, {
      allowedModels: ["gpt-5-mini"],
      allowedMetrics: [],
      dailyCostLimitMicros: 5_000_000,
      timeZone: "Asia/Seoul",
      maxConcurrentRuns: 3,
    });
    expect(set).toMatchObject({
      version: 1,
      updatedBy: "user:usr_author",
      maxDailyRuns: 1000,
      monthlyCostLimitMicros: null,
    });
    const reread = await findPolicy(me.ctxOf("test"));
    expect(reread).toEqual(set);
    expect(reread.allowedMetrics).toEqual([]);
    const [message] = await me.outbox();
    expect(message?.topic).toBe("policy.changed");
    expect(PolicyChanged.parse(message?.payload)).toEqual({
      tenantId: me.tenantId,
      version: 1,
      maxConcurrentRuns: 3,
      maxDailyRuns: 1000,
      dailyCostLimitMicros: 5_000_000,
      monthlyCostLimitMicros: null,
      dataRetentionDays: 90,
      timeZone: "Asia/Seoul",
    });
    const again = await me.call(putPolicy, {}, { expectedVersion: 1 });
    expect(again).toMatchObject({
      version: 2,
      allowedModels: null,
      dailyCostLimitMicros: null,
      timeZone: "UTC",
    });
    const events = await me.events();
    expect(events.map(({ action }) => action)).toEqual(["policy.policy.update", "policy.policy.update"]);
  });

  it("refuses an edit of another version and leaves neither row, event nor message", async () => {
    await me.call(putPolicy, {}, { expectedVersion: 0 });
    expect(await refusalOf(me.call(putPolicy, { maxDailyRuns: 1 }, { expectedVersion: 0 }))).toMatchObject({
      kind: "precondition_failed",
    });
    expect(await me.call(getPolicy, {})).toMatchObject({ version: 1, maxDailyRuns: 1000 });
    expect(await me.events()).toHaveLength(1);
    expect(await me.outbox()).toHaveLength(1);
  });

  it("gives exactly one of two edits made at once, first and later", async () => {
    for (const version of [1, 2]) {
      const edits = await Promise.allSettled(
        [1, 2, 3].map((runs) => me.call(putPolicy, { maxConcurrentRuns: runs })),
      );
      const won = edits.filter(({ status }) => status === "fulfilled").length;
      const policy = await me.call(getPolicy, {});
      expect(policy.version).toBe((await me.events()).length);
      expect(won).toBeGreaterThanOrEqual(1);
      expect(policy.version).toBeGreaterThanOrEqual(version);
    }
  });

  it("is one for each tenant, and closed to credentials held to a project", async () => {
    await me.call(putPolicy, { maxDailyRuns: 7 });
    expect(await caller(db).call(getPolicy, {})).toMatchObject({ maxDailyRuns: 1000 });
    expect(await refusalOf(me.call(putPolicy, {}, { actor: { projectIds: ["prj_a"] } }))).toMatchObject({
      kind: "forbidden",
    });
  });
});
