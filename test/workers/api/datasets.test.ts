import { env } from "cloudflare:workers";
import { beforeAll, expect, it } from "vitest";
import { newTenant, problemOf } from "../support/tenant.ts";

const lines = (count: number) =>
  Array.from({ length: count }, (_, i) =>
    JSON.stringify({ id: `q${i}`, user_input: `질문 ${i}`, response: `답 ${i}` }),
  ).join("\n");

let tenant: Awaited<ReturnType<typeof newTenant>>;
beforeAll(async () => {
  tenant = await newTenant();
});

const upload = (name: string, file: string, query = "", headers: Record<string, string> = {}) =>
  tenant.call(`POST /v1/datasets?name=${encodeURIComponent(name)}${query}`, { file, headers });

it("takes a file, gives a data set with its report and an ETag, and edits it by If-Match", async () => {
  const made = await upload(
    "보험 QA",
    lines(30),
    `&projectId=${tenant.projectId}&description=${encodeURIComponent("설명")}`,
  );
  expect(made.status, made.text).toBe(201);
  expect(made.headers.get("etag")).toBe('"v1"');
  expect(made.body).toMatchObject({
    name: "보험 QA",
    description: "설명",
    projectId: tenant.projectId,
    recordCount: 30,
    report: { format: "ragas-jsonl", rows: { accepted: 30 } },
  });
  const path = `/v1/datasets/${made.body.id}`;
  const read = await tenant.call(`GET ${path}`);
  expect(read.headers.get("etag")).toBe('"v1"');
  expect((await tenant.call(`GET ${path}`, { headers: { "if-none-match": '"v1"' } })).status).toBe(304);
  const renamed = await tenant.call(`PATCH ${path}`, {
    json: { name: "새 이름" },
    headers: { "if-match": '"v1"' },
  });
  expect(renamed).toMatchObject({ status: 200, body: { name: "새 이름", version: 2 } });
  expect(await tenant.call(`PATCH ${path}`, { json: {}, headers: { "if-match": '"v1"' } })).toMatchObject({
    status: 412,
  });
  const deprecated = await tenant.call(`POST ${path}:deprecate`, { headers: { "if-match": '"v2"' } });
  expect(deprecated).toMatchObject({ status: 200, body: { status: "deprecated" } });
  expect(problemOf(await tenant.call(`POST ${path}:deprecate`))).toMatchObject({
    status: 409,
    code: "datasets.transition_refused",
  });
  expect((await tenant.call(`POST ${path}:archive`)).body.status).toBe("archived");
  expect((await tenant.call(`POST ${path}:activate`)).body.status).toBe("active");
  expect((await tenant.call("GET /v1/datasets?status=archived")).body.items).toEqual([]);
  expect((await tenant.call("GET /v1/datasets?status=active")).body.items).toHaveLength(1);
});

it("adds versions, pages their cases and downloads them", async () => {
  const { body } = await upload("버전", lines(3));
  const path = `/v1/datasets/${body.id}/versions`;
  const csv = 'question,answer,contexts\n질문 하나,=1+1,"[""문맥""]"\n';
  const added = await tenant.call(`POST ${path}?fileName=two.csv`, {
    file: csv,
    type: "text/csv; charset=utf-8",
  });
  expect(added, added.text).toMatchObject({
    status: 201,
    body: { version: 2, container: "csv", fileName: "two.csv", added: true },
  });
  expect(
    (await tenant.call(`GET ${path}`)).body.items.map((item: { version: number }) => item.version),
  ).toEqual([2, 1]);
  expect((await tenant.call(`GET ${path}/latest`)).body).toMatchObject({ version: 2, recordCount: 1 });
  const page = await tenant.call(`GET ${path}/1/cases?limit=2`);
  expect(page.body.items.map((item: { caseId: string }) => item.caseId)).toEqual(["q0", "q1"]);
  const rest = await tenant.call(`GET ${path}/1/cases?limit=2&cursor=${page.body.nextCursor}`);
  expect(rest.body).toMatchObject({ items: [{ caseId: "q2" }], nextCursor: null });
  const download = await tenant.call(`GET ${path}/2:download?format=csv`);
  expect(download.headers.get("content-type")).toBe("text/csv; charset=utf-8");
  expect(download.headers.get("content-disposition")).toBe(`attachment; filename="${body.id}-v2.csv"`);
  expect(download.text).toContain("'=1+1");
  expect((await tenant.call(`GET ${path}/1:download`)).text.trimEnd().split("\n")).toHaveLength(3);
});

it("answers a repeated Idempotency-Key with the same data set and refuses it with another file", async () => {
  const headers = { "idempotency-key": "upload-1" };
  const first = await upload("열쇠", lines(2), "", headers);
  const again = await upload("열쇠", lines(2), "", headers);
  expect(again).toMatchObject({ status: 201, body: { id: first.body.id } });
  expect(problemOf(await upload("열쇠", lines(3), "", headers))).toEqual({
    status: 422,
    code: "idempotency.other_body",
    fields: ["/header/Idempotency-Key reused"],
  });
  expect(problemOf(await upload("다른 열쇠", lines(2), "", headers))).toMatchObject({ status: 422 });
});

it("points at what is wrong with a refused upload and leaves nothing behind", async () => {
  const before = await blobCount();
  const refusals = [
    [await upload("", lines(1)), 422, "http.invalid_input", ["/query/name too_small"]],
    [await upload("a@1", lines(1)), 422, "http.invalid_input", ["/query/name invalid_format"]],
    [await upload("x", lines(1), "&colour=red"), 422, "http.invalid_input", ["/query/colour unknown_field"]],
    [await upload("x", lines(1), "&format=word"), 422, "http.invalid_input", ["/query/format invalid_value"]],
    [await upload("x", lines(1), "&mapping=%7B"), 422, "http.invalid_input", ["/query/mapping custom"]],
    [await upload("x", '{"response":"질문이 없다"}'), 422, "datasets.no_usable_row", [" missing_input"]],
    [await upload("버전", lines(1)), 409, "datasets.name_taken", ["/query/name taken"]],
  ] as const;
  for (const [answer, status, code, fields] of refusals) {
    expect(problemOf(answer), answer.text).toMatchObject({ status, code });
    for (const field of fields) expect(problemOf(answer).fields.join(), answer.text).toContain(field.trim());
  }
  const media = await tenant.call("POST /v1/datasets?name=x", { file: "x", type: "image/png" });
  expect(media.status).toBe(415);
  expect(await blobCount()).toBe(before);
  expect((await tenant.call("GET /v1/datasets?name=x")).body.items).toEqual([]);
});

async function blobCount(): Promise<number> {
  const { objects } = await (env as unknown as { BLOBS: R2Bucket }).BLOBS.list({
    prefix: `${tenant.tenantId}/`,
  });
  return objects.length;
}

it("is closed to nobody, to those without the scope, to other tenants and other projects", async () => {
  const { body } = await upload("닫힘", lines(1), `&projectId=${tenant.projectId}`);
  const path = `/v1/datasets/${body.id}`;
  const reader = await tenant.key(["registry:read"]);
  const stranger = await newTenant();
  const other = await tenant.call("POST /v1/projects", { json: { name: "다른 프로젝트" } });
  const held = await tenant.key(["registry:*"], [other.body.id]);
  for (const call of [
    `GET ${path}`,
    `POST ${path}:archive`,
    `GET ${path}/versions/1/cases`,
    `GET ${path}/versions/1:download`,
  ]) {
    expect((await tenant.call(call, { as: null })).status, call).toBe(401);
    expect((await stranger.call(call)).status, call).toBe(404);
    expect((await tenant.call(call, { as: held })).status, call).toBe(404);
  }
  expect((await tenant.call(`GET ${path}`, { as: reader })).status).toBe(200);
  expect((await tenant.call(`POST ${path}:archive`, { as: reader })).status).toBe(403);
  expect((await tenant.call("POST /v1/datasets?name=y", { as: reader, file: lines(1) })).status).toBe(403);
  expect((await tenant.call("POST /v1/datasets?name=y", { as: held, file: lines(1) })).status).toBe(403);
});
