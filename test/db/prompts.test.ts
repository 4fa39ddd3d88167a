import { afterEach, beforeEach, expect, it } from "vitest";
import type { Db } from "../../src/db/db.ts";
import { createProject } from "../../src/modules/access/projects/create-project.ts";
import { mustFindPromptVersion } from "../../src/modules/prompts/index.ts";
import { addPromptVersion } from "../../src/modules/prompts/operations/add-prompt-version.ts";
import { approvePromptVersion } from "../../src/modules/prompts/operations/approve-prompt-version.ts";
import { createPrompt } from "../../src/modules/prompts/operations/create-prompt.ts";
import { deprecatePromptVersion } from "../../src/modules/prompts/operations/deprecate-prompt-version.ts";
import { getPrompt } from "../../src/modules/prompts/operations/get-prompt.ts";
import { getPromptVersion } from "../../src/modules/prompts/operations/get-prompt-version.ts";
import { listPromptVersions } from "../../src/modules/prompts/operations/list-prompt-versions.ts";
import { listPrompts } from "../../src/modules/prompts/operations/list-prompts.ts";
import { renderPrompt } from "../../src/modules/prompts/operations/render-prompt.ts";
import { caller, refusalOf } from "../workers/support/caller.ts";
import { describeOnEachDatabase } from "../workers/support/databases.ts";

const boss = { actor: { id: "usr_boss" } };

describeOnEachDatabase("the prompt registry", (open) => {
  let db: Db;
  let me: ReturnType<typeof caller>;
  beforeEach(() => {
    db = open();
    me = caller(db);
  });
  afterEach(() => db.close());

  const make = (name = "요약", content = "{{문서}}를 {{lang}}로 요약") =>
    me.call(createPrompt, { name, content });

  it("registers a prompt whose first version is a draft with its variables and checksum", async () => {
    const made = await make();
    expect(made).toMatchObject({
      name: "요약",
      projectId: null,
      latestVersion: 1,
      approvedVersion: null,
      version: 1,
    });
    expect(made.current).toMatchObject({
      version: 1,
      status: "draft",
      variables: ["문서", "lang"],
      createdBy: "user:usr_author",
    });
    expect(made.current.checksum).toMatch(/^[0-9a-f]{64}$/);
    expect(await me.call(getPrompt, { id: made.id })).toMatchObject({ id: made.id, name: "요약" });
    const [event] = await me.events();
    expect(event).toMatchObject({
      action: "prompts.prompt.create",
      resource: `prompt:${made.id}`,
      before: null,
    });
    expect(JSON.stringify(event?.after)).not.toContain("로 요약");
  });

  it("refuses a name that is taken and leaves nothing of the second", async () => {
    await make();
    expect(await refusalOf(make())).toMatchObject({ kind: "conflict", code: "write.exists" });
    expect((await me.call(listPrompts, {})).items).toHaveLength(1);
    expect(await me.events()).toHaveLength(1);
  });

  it("adds versions, answers the latest for the same text, and lists them by page", async () => {
    const { id } = await make();
    const second = await me.call(addPromptVersion, { id, content: "둘 {{x}}" });
    expect(second).toMatchObject({ version: 2, status: "draft" });
    expect(await me.call(addPromptVersion, { id, content: "둘 {{x}}" })).toEqual(second);
    await me.call(addPromptVersion, { id, content: "셋" });
    const first = await me.call(listPromptVersions, { id, limit: 2 });
    expect(first.items.map(({ version }) => version)).toEqual([3, 2]);
    const rest = await me.call(listPromptVersions, { id, limit: 2, cursor: first.nextCursor ?? "" });
    expect(rest).toMatchObject({ items: [{ version: 1 }], nextCursor: null });
    expect(await me.call(getPrompt, { id })).toMatchObject({ latestVersion: 3, version: 3 });
  });

  it("lets somebody else approve, never the author, and only a draft", async () => {
    const { id } = await make();
    expect(await refusalOf(me.call(approvePromptVersion, { id, version: 1 }))).toMatchObject({
      kind: "forbidden",
      code: "prompts.approver_is_author",
    });
    const approved = await me.call(approvePromptVersion, { id, version: 1 }, boss);
    expect(approved).toMatchObject({ status: "approved", approvedBy: "user:usr_boss" });
    expect(approved.approvedAt).not.toBeNull();
    expect(await me.call(getPrompt, { id })).toMatchObject({ approvedVersion: 1, version: 2 });
    expect(await refusalOf(me.call(approvePromptVersion, { id, version: 1 }, boss))).toMatchObject({
      kind: "conflict",
      code: "prompts.transition_refused",
    });
    expect((await me.events()).map(({ action }) => action).sort()).toEqual([
      "prompts.prompt.create",
      "prompts.version.approve",
    ]);
  });

  it("gives exactly one of two approvals made at once", async () => {
    const { id } = await make();
    const outcomes = await Promise.allSettled([
      me.call(approvePromptVersion, { id, version: 1 }, boss),
      me.call(approvePromptVersion, { id, version: 1 }, { actor: { id: "usr_other" } }),
    ]);
    expect(outcomes.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
    expect((await me.events()).filter(({ action }) => action === "prompts.version.approve")).toHaveLength(1);
  });

  it("falls back to the highest version still approved when one is deprecated", async () => {
    const { id } = await make();
    await me.call(addPromptVersion, { id, content: "둘" });
    await me.call(approvePromptVersion, { id, version: 2 }, boss);
    await me.call(approvePromptVersion, { id, version: 1 }, boss);
    expect(await me.call(getPrompt, { id })).toMatchObject({ approvedVersion: 2 });
    await me.call(deprecatePromptVersion, { id, version: 2 });
    expect(await me.call(getPrompt, { id })).toMatchObject({ approvedVersion: 1 });
    await me.call(deprecatePromptVersion, { id, version: 1 });
    expect(await me.call(getPrompt, { id })).toMatchObject({ approvedVersion: null });
    expect(await me.call(getPromptVersion, { id, version: 2 })).toMatchObject({ status: "deprecated" });
  });

  it("finds a version by id and by name, with and without a number", async () => {
    const { id } = await make();
    await me.call(addPromptVersion, { id, content: "둘" });
    const ctx = me.ctxOf("test");
    expect(await refusalOf(mustFindPromptVersion(ctx, "요약"))).toMatchObject({
      code: "prompts.none_approved",
    });
    await me.call(approvePromptVersion, { id, version: 1 }, boss);
    expect((await mustFindPromptVersion(ctx, "요약")).version.version).toBe(1);
    expect((await mustFindPromptVersion(ctx, id)).version.version).toBe(1);
    expect((await mustFindPromptVersion(ctx, "요약@2")).version.content).toBe("둘");
    expect((await mustFindPromptVersion(ctx, `${id}@2`)).version.version).toBe(2);
    for (const ref of ["요약@3", "없음", "요약@x", ""]) {
      expect(await refusalOf(mustFindPromptVersion(ctx, ref)), ref).toMatchObject({ kind: "not_found" });
    }
  });

  it("renders a stored version", async () => {
    const { id, current } = await make();
    const rendered = await me.call(renderPrompt, {
      id,
      version: 1,
      variables: { 문서: "{{lang}}", lang: "한국어" },
    });
    expect(rendered).toEqual({
      promptId: id,
      version: 1,
      checksum: current.checksum,
      text: "{{lang}}를 한국어로 요약",
    });
    expect(
      await refusalOf(me.call(renderPrompt, { id, version: 1, variables: { x: 1, lang: "en" } })),
    ).toEqual({
      kind: "invalid_input",
      code: "prompts.variables_missing",
      fields: ["/variables/문서 missing", "/variables/x unknown_field"],
    });
  });

  it("hides another tenant's prompt and those of projects one is not held to", async () => {
    const a = await me.call(createProject, { name: "a" });
    const b = await me.call(createProject, { name: "b" });
    const { id } = await make();
    const inA = await me.call(createPrompt, { name: "a", content: "a", projectId: a.id });
    const other = caller(db);
    expect(await refusalOf(other.call(getPrompt, { id }))).toMatchObject({ kind: "not_found" });
    expect(await refusalOf(other.call(addPromptVersion, { id, content: "x" }))).toMatchObject({
      kind: "not_found",
    });
    expect((await other.call(listPrompts, {})).items).toEqual([]);
    const held = { actor: { projectIds: [b.id] } };
    expect(await refusalOf(me.call(getPrompt, { id: inA.id }, held))).toMatchObject({ kind: "not_found" });
    expect((await me.call(listPrompts, {}, held)).items.map((item) => item.id)).toEqual([id]);
    expect(await refusalOf(me.call(addPromptVersion, { id, content: "x" }, held))).toMatchObject({
      kind: "forbidden",
      code: "access.project_refused",
    });
    expect(await refusalOf(me.call(createPrompt, { name: "b", content: "b" }, held))).toMatchObject({
      code: "access.project_refused",
    });
  });

  it("pages prompts, newest first, stable while others are added", async () => {
    for (const [index, name] of ["하나", "둘", "셋"].entries()) {
      await me.call(createPrompt, { name, content: "x" }, { now: new Date(1_767_000_000_000 + index) });
    }
    const first = await me.call(listPrompts, { limit: 2 });
    expect(first.items.map(({ name }) => name)).toEqual(["셋", "둘"]);
    await me.call(createPrompt, { name: "넷", content: "x" }, { now: new Date(1_767_000_000_009) });
    const rest = await me.call(listPrompts, { limit: 2, cursor: first.nextCursor ?? "" });
    expect(rest.items.map(({ name }) => name)).toEqual(["하나"]);
    expect(rest.nextCursor).toBeNull();
  });
});
