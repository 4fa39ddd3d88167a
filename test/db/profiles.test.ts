import { afterEach, beforeEach, expect, it } from "vitest";
import type { Db } from "../../src/db/db.ts";
import { mustFindProfile } from "../../src/modules/profiles/index.ts";
import { deleteProfile } from "../../src/modules/profiles/operations/delete-profile.ts";
import { getProfile } from "../../src/modules/profiles/operations/get-profile.ts";
import { listProfiles } from "../../src/modules/profiles/operations/list-profiles.ts";
import { putProfile } from "../../src/modules/profiles/operations/put-profile.ts";
import { caller, refusalOf } from "../workers/support/caller.ts";
import { describeOnEachDatabase } from "../workers/support/databases.ts";

const openai = { name: "prod", provider: "openai", model: "gpt-5-mini", secretName: "openai-key" } as const;

describeOnEachDatabase("model profiles", (open) => {
  let db: Db;
  let me: ReturnType<typeof caller>;
  beforeEach(() => {
    db = open();
    me = caller(db);
  });
  afterEach(() => db.close());

  it("creates, replaces and reads a profile, with every field kept", async () => {
    const full = {
      ...openai,
      description: "심사용",
      baseUrl: "https://api.example.com/v1",
      embeddingModel: "text-embedding-3-small",
      params: { temperature: 0, maxTokens: 800, seed: -7 },
      limits: { requestsPerMinute: 60, maxConcurrent: 4 },
      prices: [{ model: "gpt-5-mini", inputMicrosPerMillion: 1, outputMicrosPerMillion: 2 }],
      quirks: { maxTokensField: "max_tokens" as const },
    };
    const made = await me.call(putProfile, full);
    expect(made).toMatchObject({ ...full, version: 1, prices: [{ from: "1970-01-01" }] });
    expect(await me.call(getProfile, { name: "prod" })).toEqual(made);
    const replaced = await me.call(putProfile, openai, { expectedVersion: 1 });
    expect(replaced).toMatchObject({ version: 2, baseUrl: null, params: {}, limits: {}, prices: [] });
    expect(replaced.createdAt).toBe(made.createdAt);
    expect(await mustFindProfile(me.ctxOf("test"), "prod")).toEqual(replaced);
    const events = await me.events();
    expect(events.map(({ before }) => before === null)).toEqual([true, false]);
    expect((await me.outbox()).map(({ topic }) => topic)).toEqual(["limits.changed", "limits.changed"]);
  });

  it("refuses stale edits and deletions, and deletes once", async () => {
    await me.call(putProfile, openai);
    await me.call(putProfile, openai);
    for (const stale of [
      me.call(putProfile, openai, { expectedVersion: 1 }),
      me.call(deleteProfile, { name: "prod" }, { expectedVersion: 1 }),
    ]) {
      expect(await refusalOf(stale)).toMatchObject({ kind: "precondition_failed" });
    }
    expect(
      await refusalOf(me.call(putProfile, { ...openai, name: "new" }, { expectedVersion: 3 })),
    ).toMatchObject({
      kind: "precondition_failed",
    });
    expect(await me.call(deleteProfile, { name: "prod" }, { expectedVersion: 2 })).toMatchObject({
      name: "prod",
    });
    expect(await refusalOf(me.call(deleteProfile, { name: "prod" }))).toMatchObject({ kind: "not_found" });
    expect(await refusalOf(me.call(getProfile, { name: "prod" }))).toMatchObject({
      code: "profiles.unknown",
    });
    expect((await me.events()).map(({ action }) => action)).toContain("profiles.profile.delete");
  });

  it("deletes nothing when the profile changed meanwhile", async () => {
    await me.call(putProfile, openai);
    const outcomes = await Promise.allSettled([
      me.call(deleteProfile, { name: "prod" }),
      me.call(deleteProfile, { name: "prod" }),
    ]);
    expect(outcomes.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
    expect((await me.events()).filter(({ action }) => action === "profiles.profile.delete")).toHaveLength(1);
  });

  it("refuses addresses that must not be reached, and allows those of the operator's list", async () => {
    const at = (baseUrl: string) => me.call(putProfile, { name: "x", provider: "vllm", model: "m", baseUrl });
    for (const baseUrl of [
      "http://models.example.com/v1",
      "https://10.0.0.8/v1",
      "https://db.internal/v1",
      "https://[::1]/v1",
      "https://metadata/v1",
    ]) {
      expect(await refusalOf(at(baseUrl)), baseUrl).toEqual({
        kind: "forbidden",
        code: "llm.host_refused",
        fields: ["/baseUrl host_refused"],
      });
    }
    for (const baseUrl of [
      "https://me:pw@models.example.com/v1",
      "ftp://models.example.com",
      "models.example.com",
      "https://models.example.com/v1?key=1",
    ]) {
      expect(await refusalOf(at(baseUrl)), baseUrl).toMatchObject({
        kind: "invalid_input",
        code: "llm.base_url_invalid",
      });
    }
    expect(await me.events()).toEqual([]);
    expect(await at("http://127.0.0.1:11434/v1")).toMatchObject({ baseUrl: "http://127.0.0.1:11434/v1" });
  });

  it("lists by page, and keeps tenants apart", async () => {
    for (const [index, name] of ["a", "b", "c"].entries()) {
      await me.call(
        putProfile,
        { ...openai, name },
        { now: new Date(1_767_000_000_000 + Math.floor(index / 2)) },
      );
    }
    const first = await me.call(listProfiles, { limit: 2 });
    expect(first.items.map(({ name }) => name)).toEqual(["c", "b"]);
    const rest = await me.call(listProfiles, { limit: 2, cursor: first.nextCursor ?? "" });
    expect(rest).toMatchObject({ items: [{ name: "a" }], nextCursor: null });
    const other = caller(db);
    expect((await other.call(listProfiles, {})).items).toEqual([]);
    expect(await refusalOf(other.call(deleteProfile, { name: "a" }))).toMatchObject({ kind: "not_found" });
  });
});
