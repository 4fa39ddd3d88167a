import { env } from "cloudflare:workers";
import { afterEach, beforeEach, expect, it } from "vitest";
import type { Db } from "../../src/db/db.ts";
import type { BlobPort } from "../../src/kernel/ports/blob.ts";
import { createProject } from "../../src/modules/access/projects/create-project.ts";
import {
  datasetReader,
  mustBeUsable,
  mustFindDatasetVersion,
  readCases,
  sweepUploads,
} from "../../src/modules/datasets/index.ts";
import { activateDataset } from "../../src/modules/datasets/operations/activate-dataset.ts";
import { addDatasetVersion } from "../../src/modules/datasets/operations/add-dataset-version.ts";
import { archiveDataset } from "../../src/modules/datasets/operations/archive-dataset.ts";
import { createDataset } from "../../src/modules/datasets/operations/create-dataset.ts";
import { deprecateDataset } from "../../src/modules/datasets/operations/deprecate-dataset.ts";
import { downloadDatasetVersion } from "../../src/modules/datasets/operations/download-dataset-version.ts";
import { getDataset } from "../../src/modules/datasets/operations/get-dataset.ts";
import { getDatasetVersion } from "../../src/modules/datasets/operations/get-dataset-version.ts";
import { listDatasetCases } from "../../src/modules/datasets/operations/list-dataset-cases.ts";
import { listDatasetVersions } from "../../src/modules/datasets/operations/list-dataset-versions.ts";
import { listDatasets } from "../../src/modules/datasets/operations/list-datasets.ts";
import { updateDataset } from "../../src/modules/datasets/operations/update-dataset.ts";
import { r2Blobs } from "../../src/platform/blob/r2.ts";
import type { Env } from "../../src/platform/env.ts";
import { type CallOptions, caller, fileBody, refusalOf } from "../workers/support/caller.ts";
import { describeOnEachDatabase } from "../workers/support/databases.ts";

const blobs = r2Blobs((env as unknown as Env).BLOBS);

const ragas = (count: number, from = 0) =>
  Array.from({ length: count }, (_, index) =>
    JSON.stringify({
      id: `case-${from + index}`,
      user_input: `질문 ${from + index}?`,
      response: index === 1 ? '=HYPERLINK("http://x")' : `답 ${from + index}`,
      retrieved_contexts: ["문맥 하나", "문맥 둘"],
      reference: `답 ${from + index}`,
    }),
  ).join("\n");

async function objectsOf(tenantId: string) {
  const { items } = await blobs.list(`${tenantId}/`);
  return items.map(({ key }) => key);
}

describeOnEachDatabase("the data set registry", (open) => {
  let db: Db;
  let me: ReturnType<typeof caller>;
  beforeEach(() => {
    db = open();
    me = caller(db);
  });
  afterEach(() => db.close());

  const upload = (text: string, name = "보험 QA", options: CallOptions = {}) =>
    me.call(createDataset, { name }, { body: fileBody(text), ...options });
  const idsOf = async (cases: AsyncIterable<{ caseId: string }>) => {
    const ids: string[] = [];
    for await (const { caseId } of cases) ids.push(caseId);
    return ids;
  };

  it("stores a file as an immutable version with its report, hash and count", async () => {
    const text = ragas(60);
    const made = await upload(text);
    expect(made).toMatchObject({
      name: "보험 QA",
      status: "active",
      latestVersion: 1,
      version: 1,
      recordCount: 60,
    });
    expect(made.bytes).toBe(new TextEncoder().encode(text).byteLength);
    const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
    expect(made.sha256).toBe(
      Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, "0")).join(""),
    );
    expect(made.report).toMatchObject({
      format: "ragas-jsonl",
      rows: { total: 60, accepted: 60, rejected: 0 },
    });
    const version = await me.call(getDatasetVersion, { id: made.id, version: "latest" });
    expect(version).toMatchObject({ version: 1, sha256: made.sha256, recordCount: 60, report: made.report });
    expect(await me.call(getDataset, { id: made.id })).toMatchObject({ id: made.id, latestVersion: 1 });
    expect(await objectsOf(me.tenantId)).toHaveLength(4);
    const [event, ...others] = await me.events();
    expect(others).toEqual([]);
    expect(event).toMatchObject({
      action: "datasets.dataset.create",
      resource: `dataset:${made.id}`,
      before: null,
    });
  });

  it("reads any part of the cases by the index", async () => {
    const { id } = await upload(ragas(60));
    const ctx = me.ctxOf("test");
    const name = (from: number, to: number) =>
      Array.from({ length: to - from }, (_, i) => `case-${from + i}`);
    for (const [from, to] of [
      [0, 60],
      [0, 1],
      [24, 26],
      [25, 50],
      [49, 51],
      [59, 60],
      [30, 99],
      [60, 70],
      [7, 7],
    ] as const) {
      const ids = await idsOf(readCases(ctx, { datasetId: id, version: 1, from, to }));
      expect(ids, `${from} to ${to}`).toEqual(name(from, Math.max(from, Math.min(to, 60))));
    }
    const { version } = await mustFindDatasetVersion(ctx, id);
    expect(await idsOf(datasetReader(ctx, version).read(58))).toEqual(["case-58", "case-59"]);
    const page = await me.call(listDatasetCases, { id, version: 1, limit: 27 });
    const first = page.items.at(26);
    expect(first).toMatchObject({
      input: "질문 26?",
      reference: "답 26",
      source: { format: "ragas-jsonl", line: 27 },
    });
    expect(first?.contexts.map(({ text }) => text)).toEqual(["문맥 하나", "문맥 둘"]);
  });

  it("fetches only about the part that is read", async () => {
    const { id } = await upload(ragas(500));
    let fetched = 0;
    const counting: BlobPort = {
      ...blobs,
      async get(key, range) {
        const object = await blobs.get(key, range);
        if (!object) return null;
        const body = object.body.pipeThrough(
          new TransformStream<Uint8Array, Uint8Array>({
            transform(piece, controller) {
              fetched += piece.byteLength;
              controller.enqueue(piece);
            },
          }),
        );
        return { ...object, body };
      },
    };
    const ctx = me.ctxOf("test", { ports: { blobs: counting } });
    expect(await idsOf(readCases(ctx, { datasetId: id, version: 1, from: 470, to: 480 }))).toHaveLength(10);
    const [object] = (await blobs.list(`${me.tenantId}/`)).items.filter(({ key }) =>
      key.endsWith("cases.jsonl"),
    );
    expect(fetched).toBeLessThan((object?.size ?? 0) / 6);
  });

  it("pages cases in the order of the file and refuses another list's cursor", async () => {
    const { id } = await upload(ragas(7));
    const first = await me.call(listDatasetCases, { id, version: "latest", limit: 3 });
    expect(first.items.map(({ caseId }) => caseId)).toEqual(["case-0", "case-1", "case-2"]);
    const second = await me.call(listDatasetCases, {
      id,
      version: 1,
      limit: 3,
      cursor: first.nextCursor ?? "",
    });
    const third = await me.call(listDatasetCases, {
      id,
      version: 1,
      limit: 3,
      cursor: second.nextCursor ?? "",
    });
    expect(third).toMatchObject({ items: [{ caseId: "case-6" }], nextCursor: null });
    const other = await upload(ragas(3, 100), "다른 것");
    expect(
      await refusalOf(
        me.call(listDatasetCases, { id: other.id, version: 1, cursor: first.nextCursor ?? "" }),
      ),
    ).toEqual({ kind: "invalid_input", code: "page.cursor", fields: ["/query/cursor invalid_cursor"] });
  });

  it("ends a page of cases early when they are long", async () => {
    const long = [1, 2, 3].map((n) => JSON.stringify({ user_input: `${n}${"a".repeat(1_900_000)}` }));
    const { id } = await upload(long.join("\n"));
    const page = await me.call(listDatasetCases, { id, version: 1, limit: 3 });
    expect(page.items).toHaveLength(2);
    const rest = await me.call(listDatasetCases, { id, version: 1, limit: 3, cursor: page.nextCursor ?? "" });
    expect(rest.items.map(({ input }) => String(input).charAt(0))).toEqual(["3"]);
    expect(rest.nextCursor).toBeNull();
  });

  it("adds a version for another file or another reading, and none for the same", async () => {
    const { id } = await upload(ragas(3));
    const add = (text: string, input: object = {}) =>
      me.call(addDatasetVersion, { id, ...input }, { body: fileBody(text) });
    expect(await add(ragas(3))).toMatchObject({ version: 1, added: false, recordCount: 3 });
    expect(await objectsOf(me.tenantId)).toHaveLength(4);
    expect(await add(ragas(4))).toMatchObject({ version: 2, added: true, recordCount: 4 });
    expect(await add(ragas(4), { mapping: '{"reference":"response"}' })).toMatchObject({
      version: 3,
      added: true,
    });
    expect(await add(ragas(3))).toMatchObject({ version: 4, added: true });
    expect(await me.call(getDataset, { id })).toMatchObject({ latestVersion: 4, version: 4 });
    const listed = await me.call(listDatasetVersions, { id, limit: 3 });
    expect(listed.items.map(({ version }) => version)).toEqual([4, 3, 2]);
    expect(await me.call(getDatasetVersion, { id, version: 2 })).toMatchObject({
      recordCount: 4,
      version: 2,
    });
    expect((await me.events()).map(({ action }) => action)).toHaveLength(4);
  });

  it("numbers versions that are uploaded at once without a gap and without a loss", async () => {
    const { id } = await upload(ragas(2));
    const added = await Promise.all(
      [3, 4, 5].map((count) => me.call(addDatasetVersion, { id }, { body: fileBody(ragas(count)) })),
    );
    expect(added.map(({ version }) => version).sort()).toEqual([2, 3, 4]);
    const listed = await me.call(listDatasetVersions, { id });
    expect(listed.items.map(({ recordCount }) => recordCount).sort()).toEqual([2, 3, 4, 5]);
    expect(await objectsOf(me.tenantId)).toHaveLength(16);
    for (const { version, recordCount } of listed.items) {
      const cases = readCases(me.ctxOf("test"), { datasetId: id, version, from: 0, to: 99 });
      expect(await idsOf(cases)).toHaveLength(recordCount);
    }
  });

  it("leaves nothing behind when a file is refused", async () => {
    const refused = async (text: string, input: object = {}, contentType = "application/x-ndjson") =>
      refusalOf(me.call(createDataset, { name: "나쁨", ...input }, { body: fileBody(text, contentType) }));
    expect(await refused('{"response":"질문이 없다"}\n{"response":"또"}')).toMatchObject({
      kind: "invalid_input",
      code: "datasets.no_usable_row",
    });
    expect(await refused("")).toMatchObject({ code: "datasets.no_usable_row" });
    expect(await refused(`${ragas(3000)}\n`, { format: "promptfoo-yaml" }, "application/yaml")).toMatchObject(
      {
        kind: "invalid_input",
      },
    );
    const late = new ReadableStream<Uint8Array>({
      start(controller) {
        controller.enqueue(new TextEncoder().encode(ragas(50)));
        controller.error(new Error("the line broke"));
      },
    });
    const broken = me.call(
      createDataset,
      { name: "끊김" },
      { body: { stream: late, contentType: "text/plain" } },
    );
    await expect(broken).rejects.toThrow();
    expect(await objectsOf(me.tenantId)).toEqual([]);
    expect(await me.events()).toEqual([]);
    expect((await me.call(listDatasets, {})).items).toEqual([]);
  });

  it("refuses a file over the operator's limit, announced or not", async () => {
    const ports = { settings: { ...me.ctxOf("test").ports.settings, datasetMaxBytes: 1000 } };
    const body = fileBody(ragas(100));
    const code = { kind: "too_large", code: "datasets.too_large" };
    expect(await refusalOf(upload("", "큰 것", { ports, body }))).toMatchObject(code);
    expect(
      await refusalOf(upload("", "큰 것", { ports, body: { ...fileBody("{}"), length: 1001 } })),
    ).toMatchObject(code);
    expect(await refusalOf(me.call(createDataset, { name: "빈 것" }))).toMatchObject({
      code: "datasets.file_missing",
    });
    expect(await objectsOf(me.tenantId)).toEqual([]);
  });

  it("refuses a taken name before and after the file came, and keeps the first", async () => {
    const outcomes = await Promise.allSettled([upload(ragas(2)), upload(ragas(3)), upload(ragas(4))]);
    expect(outcomes.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
    for (const outcome of outcomes) {
      if (outcome.status === "fulfilled") continue;
      expect(await refusalOf(Promise.reject(outcome.reason))).toEqual({
        kind: "conflict",
        code: "datasets.name_taken",
        fields: ["/query/name taken"],
      });
    }
    expect(await refusalOf(upload(ragas(2)))).toMatchObject({ code: "datasets.name_taken" });
    expect(await objectsOf(me.tenantId)).toHaveLength(4);
    expect(await me.events()).toHaveLength(1);
  });

  it("answers a repeated idempotency key again and refuses it with another file or field", async () => {
    const key = { idempotency: { key: "k-1", bodyHash: "fields" } };
    const made = await upload(ragas(3), "한 번", key);
    expect(await upload(ragas(3), "한 번", key)).toEqual(made);
    expect(await refusalOf(upload(ragas(4), "한 번", key))).toEqual({
      kind: "invalid_input",
      code: "idempotency.other_body",
      fields: ["/header/Idempotency-Key reused"],
    });
    expect(
      await refusalOf(upload(ragas(3), "한 번", { idempotency: { key: "k-1", bodyHash: "other" } })),
    ).toMatchObject({ code: "idempotency.other_body" });
    const add = (text: string) =>
      me.call(addDatasetVersion, { id: made.id }, { ...key, body: fileBody(text) });
    const added = await add(ragas(5));
    expect(added).toMatchObject({ version: 2, added: true });
    await me.call(addDatasetVersion, { id: made.id }, { body: fileBody(ragas(6)) });
    expect(await add(ragas(5))).toEqual(added);
    expect(await objectsOf(me.tenantId)).toHaveLength(12);
  });

  it("makes one data set of requests with one key that come at once", async () => {
    const key = { idempotency: { key: "k-2", bodyHash: "fields" } };
    const made = await Promise.all([1, 2, 3].map(() => upload(ragas(3), "동시", key)));
    expect(new Set(made.map(({ id }) => id)).size).toBe(1);
    expect(await me.events()).toHaveLength(1);
    expect(await objectsOf(me.tenantId)).toHaveLength(4);
  });

  it("moves between its states and takes versions only while active", async () => {
    const { id } = await upload(ragas(2));
    const add = () => me.call(addDatasetVersion, { id }, { body: fileBody(ragas(3)) });
    expect(await me.call(deprecateDataset, { id })).toMatchObject({ status: "deprecated", version: 2 });
    expect(await refusalOf(add())).toMatchObject({ kind: "conflict", code: "datasets.not_active" });
    expect(await refusalOf(me.call(deprecateDataset, { id }))).toMatchObject({
      code: "datasets.transition_refused",
    });
    expect(await me.call(archiveDataset, { id }, { expectedVersion: 2 })).toMatchObject({
      status: "archived",
    });
    const { dataset } = await mustFindDatasetVersion(me.ctxOf("test"), "보험 QA");
    expect(() => mustBeUsable(dataset)).toThrow("archived");
    expect(await refusalOf(me.call(updateDataset, { id, name: "x" }))).toMatchObject({
      code: "datasets.archived",
    });
    expect(await refusalOf(me.call(activateDataset, { id }, { expectedVersion: 2 }))).toMatchObject({
      kind: "precondition_failed",
    });
    expect(await me.call(activateDataset, { id })).toMatchObject({ status: "active", version: 4 });
    expect(await add()).toMatchObject({ version: 2 });
    expect(await objectsOf(me.tenantId)).toHaveLength(8);
  });

  it("renames and describes, and refuses a name that is taken", async () => {
    const { id } = await upload(ragas(2));
    await upload(ragas(2), "다른 것");
    const renamed = await me.call(updateDataset, { id, name: " 새  이름 ".trim(), description: "설명" });
    expect(renamed).toMatchObject({ description: "설명", version: 2 });
    expect(await refusalOf(me.call(updateDataset, { id, name: "다른 것" }))).toMatchObject({
      kind: "conflict",
    });
    expect(await me.call(getDataset, { id })).toEqual(renamed);
    const change = (await me.events()).find(({ action }) => action === "datasets.dataset.update");
    expect(change).toMatchObject({ before: { name: "보험 QA" }, after: { description: "설명" } });
  });

  it("finds a version by id and by name", async () => {
    const { id } = await upload(ragas(2));
    await me.call(addDatasetVersion, { id }, { body: fileBody(ragas(3)) });
    const ctx = me.ctxOf("test");
    for (const [ref, version] of [
      [id, 2],
      [`${id}@1`, 1],
      ["보험 QA", 2],
      ["보험 QA@1", 1],
      ["보험 QA@latest", 2],
    ] as const) {
      expect((await mustFindDatasetVersion(ctx, ref)).version.version, ref).toBe(version);
    }
    for (const ref of ["보험 QA@3", "없음", "@1", `${id}@0`]) {
      expect(await refusalOf(mustFindDatasetVersion(ctx, ref)), ref).toMatchObject({ kind: "not_found" });
    }
  });

  it("gives the cases back as JSON lines and as guarded CSV, both of which can be uploaded again", async () => {
    const { id } = await upload(ragas(3));
    const textOf = async (input: { format: "jsonl" | "csv"; byteOrderMark?: "true" }) => {
      const ctx = me.ctxOf("test");
      const query = {
        id,
        version: 1 as const,
        byteOrderMark: input.byteOrderMark === "true",
        format: input.format,
      };
      const file = await downloadDatasetVersion.run(ctx, query);
      const bytes = await new Response(file.stream).arrayBuffer();
      return { file, text: new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes) };
    };
    const lines = await textOf({ format: "jsonl" });
    expect(lines.file).toMatchObject({ contentType: "application/x-ndjson", fileName: `${id}-v1.jsonl` });
    expect(lines.text.trimEnd().split("\n")).toHaveLength(3);
    const csv = await textOf({ format: "csv", byteOrderMark: "true" });
    expect(csv.text.startsWith("\ufeffid,user_input,response")).toBe(true);
    expect(csv.text).toContain("'=HYPERLINK");
    const again = await me.call(addDatasetVersion, { id }, { body: fileBody(lines.text) });
    expect(again).toMatchObject({ format: "maru-jsonl", recordCount: 3 });
    const fromCsv = await me.call(addDatasetVersion, { id }, { body: fileBody(csv.text, "text/csv") });
    expect(fromCsv).toMatchObject({ container: "csv", recordCount: 3 });
  });

  it("hides another tenant's data set and those of projects one is not held to", async () => {
    const a = await me.call(createProject, { name: "a" });
    const b = await me.call(createProject, { name: "b" });
    const { id } = await upload(ragas(2));
    const inA = await me.call(createDataset, { name: "a", projectId: a.id }, { body: fileBody(ragas(1)) });
    const other = caller(db);
    expect(await refusalOf(other.call(getDataset, { id }))).toMatchObject({ kind: "not_found" });
    expect(await refusalOf(other.call(listDatasetCases, { id, version: 1 }))).toMatchObject({
      kind: "not_found",
    });
    expect(
      await refusalOf(other.call(addDatasetVersion, { id }, { body: fileBody(ragas(3)) })),
    ).toMatchObject({ kind: "not_found" });
    expect(
      await refusalOf(idsOf(readCases(other.ctxOf("test"), { datasetId: id, version: 1, from: 0, to: 1 }))),
    ).toMatchObject({ kind: "not_found" });
    expect((await other.call(listDatasets, {})).items).toEqual([]);
    const held = { actor: { projectIds: [b.id] } };
    expect(await refusalOf(me.call(getDataset, { id: inA.id }, held))).toMatchObject({ kind: "not_found" });
    expect((await me.call(listDatasets, {}, held)).items.map((item) => item.id)).toEqual([id]);
    expect(await refusalOf(me.call(archiveDataset, { id }, held))).toMatchObject({
      code: "access.project_refused",
    });
    expect(await refusalOf(upload(ragas(1), "b", held))).toMatchObject({ code: "access.project_refused" });
    const mine = await me.call(
      createDataset,
      { name: "c", projectId: b.id },
      { ...held, body: fileBody(ragas(1)) },
    );
    expect(mine.projectId).toBe(b.id);
  });

  it("keeps the objects when the write was done and only its answer was lost", async () => {
    const ctx = me.ctxOf("datasets.dataset.create", { body: fileBody(ragas(2)) });
    const lossy = {
      ...ctx,
      write: async (...args: Parameters<typeof ctx.write>) => {
        await ctx.write(...args);
        throw new Error("the connection closed");
      },
    };
    const made = await createDataset.run(lossy, {
      name: "잃음",
      description: "",
      format: "auto",
      encoding: "auto",
    });
    expect(await idsOf(readCases(ctx, { datasetId: made.id, version: 1, from: 0, to: 9 }))).toHaveLength(2);
  });

  it("sweeps what an upload left that died half-way, and nothing else", async () => {
    const { id } = await upload(ragas(2));
    await blobs.put(`${me.tenantId}/datasets/${id}/up_dead/source`, "half");
    await blobs.put(`${me.tenantId}/datasets/ds_dead/up_dead2/cases.jsonl`, "half");
    expect(await sweepUploads(me.ctxOf("sweep"))).toBe(0);
    const later = me.ctxOf("sweep", { now: new Date(Date.now() + 25 * 3600_000) });
    expect(await sweepUploads(later)).toBe(2);
    expect(await objectsOf(me.tenantId)).toHaveLength(4);
    expect(await sweepUploads(later)).toBe(0);
  });
});
