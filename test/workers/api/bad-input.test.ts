import { createExecutionContext, waitOnExecutionContext } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { strToU8, zipSync } from "fflate";
import { beforeAll, describe, expect, it } from "vitest";
import worker from "../../../src/worker.ts";
import { lineOf, optionsOf } from "../guards/fixture.ts";
import { fixtureOf, guarded, tenants } from "../guards/guarded.ts";
import { type Answer, problemOf } from "../support/tenant.ts";
import { bindings, jsonLines, newWorld, sampleCase, type World } from "../support/world.ts";

let world: World;
beforeAll(async () => {
  world = await newWorld();
});

const raw = (line: string, file: string | Uint8Array<ArrayBuffer>, type = "application/json") =>
  world.call(line, { file, type });

/** Everything that is stored for the world's data sets. */
async function storedObjects(): Promise<string[]> {
  const { objects } = await bindings.BLOBS.list({ prefix: "" });
  return objects.map(({ key }) => key).filter((key) => key.includes(world.tenantId));
}

describe("a body", () => {
  it("that isn't JSON is refused with 400", async () => {
    for (const text of ["{", '{"name":}', "{'name':'x'}", "\u0000", '{"a":1}x', "NaN"]) {
      const answer = await raw("POST /v1/projects", text);
      expect(problemOf(answer), text).toEqual({
        status: 400,
        code: "http.malformed_json",
        fields: [" malformed_json"],
      });
    }
    const broken = await raw("POST /v1/projects", new Uint8Array([0x7b, 0x22, 0xff, 0xfe, 0x22, 0x7d]));
    expect([broken.status, broken.body.code]).toEqual([400, "http.malformed_text"]);
  });

  it("that is no object is refused with 422 at the root", async () => {
    for (const text of ["[]", "null", '"text"', "12", "true"]) {
      expect(problemOf(await raw("POST /v1/projects", text)), text).toMatchObject({
        status: 422,
        fields: [" invalid_type"],
      });
    }
  });

  it("of another media type is refused with 415", async () => {
    for (const type of [
      "text/plain",
      "application/x-www-form-urlencoded",
      "multipart/form-data",
      "text/json+x",
    ]) {
      expect((await raw("POST /v1/projects", '{"name":"x"}', type)).status, type).toBe(415);
    }
    expect((await raw("POST /v1/projects", '{"name":"merge"}', "application/merge-patch+json")).status).toBe(
      201,
    );
    expect((await raw("POST /v1/datasets?name=x", "x", "image/png")).status).toBe(415);
  });

  it("in another coding or character set is refused with 415", async () => {
    const send = (headers: Record<string, string>, type?: string) =>
      world.call("POST /v1/projects", {
        file: '{"name":"x"}',
        type: type ?? "application/json",
        headers,
      });
    expect(problemOf(await send({ "content-encoding": "gzip" }))).toEqual({
      status: 415,
      code: "http.content_encoding",
      fields: ["/header/Content-Encoding content_encoding"],
    });
    expect(problemOf(await send({}, "application/json; charset=euc-kr"))).toMatchObject({
      status: 415,
      code: "http.charset",
    });
    expect((await send({}, 'application/json; charset="UTF-8"')).status).toBe(201);
  });

  it("that lacks a field says so at its place", async () => {
    expect(problemOf(await world.call("POST /v1/projects", { json: {} }))).toMatchObject({
      status: 422,
      fields: ["/name required"],
    });
  });

  it("that nests without end is refused, not choked on", async () => {
    const deep = `${"[".repeat(60_000)}${"]".repeat(60_000)}`;
    const { id } = await world.submit({
      dataset: (await world.dataset(1)).id,
      runAt: new Date(Date.now() + 3_600_000).toISOString(),
    });
    const bodies: [string, string][] = [
      ["POST /v1/projects", `{"name":"x","settings":{"a":${deep}}}`],
      [`PATCH /v1/jobs/${id}`, `{"payload":${deep}}`],
      ["POST /v1/runs:submit", `{"dataset":"x","metrics":[{"name":"rouge_l","options":{"a":${deep}}}]}`],
    ];
    for (const [line, text] of bodies) {
      const answer = await world.call(line, {
        file: text,
        type: "application/json",
        headers: { "idempotency-key": crypto.randomUUID() },
      });
      expect([line, answer.status], answer.text).toEqual([line, 422]);
    }
  });

  it("may not hold half a character", async () => {
    const text = '{"name":"a\\ud800"}';
    expect(problemOf(await raw("POST /v1/projects", text)).fields).toEqual(["/name lone_surrogate"]);
    expect((await raw("POST /v1/projects", '{"name":"\\ud83d\\ude00"}')).status).toBe(201);
  });

  it("may not hold what a database can't: the character NUL", async () => {
    for (const json of [
      { name: "a\0b" },
      { name: "a", settings: { x: "\0" } },
      { name: "a", description: "\0" },
    ]) {
      const answer = await world.call("POST /v1/projects", { json });
      expect([answer.status, answer.body.errors[0]?.code], answer.text).toEqual([422, "nul_character"]);
    }
    const found = await world.call("GET /v1/datasets?name=a%00b");
    expect(problemOf(found)).toMatchObject({ status: 422, fields: ["/query/name nul_character"] });
    const path = await world.call("GET /v1/datasets/a%00b");
    expect(problemOf(path)).toMatchObject({ status: 422, fields: ["/path/id nul_character"] });
  });
});

describe("a query", () => {
  it("that gives a field twice is refused at that field", async () => {
    expect(problemOf(await world.call("GET /v1/jobs?limit=1&limit=2"))).toMatchObject({
      status: 422,
      fields: ["/query/limit repeated_field"],
    });
  });
});

describe("a run of what there isn't", () => {
  it("is refused at the field that names it", async () => {
    const dataset = (await world.dataset(1)).id;
    const refusals: [object, number, string][] = [
      [{ dataset: "nothing" }, 404, "/dataset unknown"],
      [{ dataset: `${dataset}@9` }, 404, "/dataset unknown"],
      [{ dataset, projectId: "prj_none" }, 404, "/projectId unknown"],
      [{ dataset, metrics: ["chrf", "none"] }, 422, "/metrics/1 unknown_metric"],
      [{ dataset, metrics: ["faithfulness"], profile: "none" }, 422, "/profile unknown_profile"],
    ];
    for (const [json, status, field] of refusals) {
      const answer = problemOf(await world.call("POST /v1/runs:submit", { json }));
      expect([answer.status, answer.fields], JSON.stringify(json)).toEqual([status, [field]]);
    }
  });
});

const withJson = guarded.filter(({ route }) => route.rest === "body");
const withQuery = guarded.filter(({ route }) => route.rest === "query" && route.operation.scope !== "public");

describe("a field that there isn't", () => {
  it.each(withJson)(
    "is refused with 422 and a pointer to it, in the body of $action",
    async ({ action, route }) => {
      const { mine } = await tenants();
      const wrong = { surprise: 1, "a/b~c": 2 };
      const fields = ["/surprise unknown_field", "/a~1b~0c unknown_field"];
      // Where a kind decides which fields there are, only a body that is right otherwise tells.
      const bare = await mine.call(lineOf(route, {}), { json: wrong });
      const toldAtOnce =
        bare.status === 422 && fields.every((field) => problemOf(bare).fields.includes(field));
      if (toldAtOnce) return;
      const call = await fixtureOf(action).prepare(mine);
      const answer = await mine.call(lineOf(route, call), {
        ...optionsOf(call),
        json: { ...call.json, ...wrong },
      });
      expect(answer.status, answer.text).toBe(422);
      expect(problemOf(answer).fields).toEqual(expect.arrayContaining(fields));
    },
  );

  it("is refused with 422 and a pointer to it, in every query", async () => {
    const { mine } = await tenants();
    for (const { action, route } of withQuery) {
      const call = { params: { id: "x", name: "x", version: "1" }, query: { surprise: "1" } };
      const answer = await mine.call(lineOf(route, call), route.operation.takes ? { file: "x" } : {});
      expect([action, answer.status], answer.text).toEqual([action, 422]);
      expect(problemOf(answer).fields, action).toContain("/query/surprise unknown_field");
    }
  });

  it("is found inside a field too, and a prototype is a field like any other", async () => {
    const nested = await world.call("POST /v1/runs:submit", {
      json: { dataset: "x", options: { retries: 3 } },
    });
    expect(problemOf(nested)).toMatchObject({ status: 422, fields: ["/options/retries unknown_field"] });
    const polluted = await raw("POST /v1/projects", '{"name":"x","__proto__":{"isAdmin":true}}');
    expect(problemOf(polluted)).toMatchObject({ status: 422, fields: ["/__proto__ unknown_field"] });
    const inPath = await world.call("PATCH /v1/projects/x", { json: { id: "y" } });
    expect(problemOf(inPath)).toMatchObject({ status: 422, fields: ["/id unknown_field"] });
  });

  it("points at every field that is wrong at once", async () => {
    const answer = await world.call("POST /v1/users", {
      json: { email: "nobody", name: "", role: "king", password: "short", grants: ["all"], projectIds: [] },
    });
    const pointers = answer.body.errors.map(({ pointer }: { pointer: string }) => pointer);
    expect(answer.status).toBe(422);
    expect(pointers).toEqual(
      expect.arrayContaining(["/email", "/name", "/role", "/password", "/grants/0", "/projectIds"]),
    );
  });
});

describe("a run", () => {
  const submit = async (json: object) => problemOf(await world.call("POST /v1/runs:submit", { json }));
  let dataset: string;
  beforeAll(async () => {
    dataset = (await world.dataset(3)).id;
  });

  it("of metrics that there aren't, that are named twice or have wrong options is refused", async () => {
    expect(await submit({ dataset, metrics: ["exact_match", "vibes", { name: "magic" }] })).toEqual({
      status: 422,
      code: "evaluation.metrics",
      fields: ["/metrics/1 unknown_metric", "/metrics/2/name unknown_metric"],
    });
    expect((await submit({ dataset, metrics: ["bleu", "bleu"] })).fields).toEqual([
      "/metrics/1 repeated_metric",
    ]);
    const options = await submit({
      dataset,
      metrics: [{ name: "rouge_l", options: { variant: "x", y: 1 } }],
    });
    expect(options.fields).toEqual([
      "/metrics/0/options/variant invalid_value",
      "/metrics/0/options/y unknown_field",
    ]);
  });

  it("of a judge without a profile, with an unknown one or one without embeddings is refused", async () => {
    expect(await submit({ dataset, metrics: ["faithfulness"] })).toMatchObject({
      status: 422,
      fields: ["/profile required"],
    });
    expect(await submit({ dataset, metrics: ["faithfulness"], profile: "none" })).toMatchObject({
      status: 422,
      fields: ["/profile unknown_profile"],
    });
    const profile = await world.profile({ embeddingModel: null });
    expect(await submit({ dataset, metrics: ["answer_relevancy"], profile })).toMatchObject({
      status: 422,
      fields: ["/profile no_embedding_model"],
    });
  });

  it("of a data set that isn't there, isn't in use or has too many cases is refused", async () => {
    expect((await submit({ dataset: "none" })).status).toBe(404);
    expect((await submit({ dataset: `${dataset}@9` })).status).toBe(404);
    const archived = (await world.dataset(1)).id;
    await world.ok(`POST /v1/datasets/${archived}:archive`);
    expect((await submit({ dataset: archived })).status).toBe(409);
  });

  it("out of bounds is refused at each bound", async () => {
    const wrong = await submit({
      dataset,
      priority: 10,
      runAt: "tomorrow",
      options: { concurrency: 0, repeats: 11, maxCases: 0, seed: -1 },
    });
    expect(wrong.status).toBe(422);
    expect(wrong.fields.map((field) => field.split(" ")[0]).sort()).toEqual([
      "/options/concurrency",
      "/options/maxCases",
      "/options/repeats",
      "/options/seed",
      "/priority",
      "/runAt",
    ]);
    const late = { dataset, runAt: new Date(Date.now() + 400 * 86_400_000).toISOString() };
    expect(await submit(late)).toMatchObject({ status: 422, fields: ["/runAt out_of_range"] });
    const over = { dataset, expiresAt: new Date(Date.now() - 1000).toISOString() };
    expect(await submit(over)).toMatchObject({ status: 422, fields: ["/expiresAt out_of_range"] });
  });

  it("leaves nothing behind when it is refused", async () => {
    const { body } = await world.ok("GET /v1/jobs?limit=200");
    const before = body.items.length;
    await submit({ dataset, metrics: ["vibes"] });
    await submit({ dataset, expiresAt: new Date(0).toISOString() });
    expect((await world.ok("GET /v1/jobs?limit=200")).body.items).toHaveLength(before);
  });
});

describe("a data set", () => {
  const upload = async (file: string | Uint8Array<ArrayBuffer>, type: string, query = "") =>
    world.call(`POST /v1/datasets?name=${world.name("bad")}${query}`, { file, type });
  const refused: [string, string | Uint8Array<ArrayBuffer>, string, string, string?][] = [
    ["without a row", "", "application/x-ndjson", "datasets."],
    ["whose rows can't be used", '{"x":1}\n{"x":2}\n', "application/x-ndjson", "datasets."],
    ["of another format than it says", '{"a":1}', "application/json", "datasets.", "&format=evalvault-xlsx"],
    [
      "with a bomb of YAML aliases",
      `${Array.from({ length: 12 }, (_, i) => `l${i}: &l${i} [${Array.from({ length: 9 }, () => (i === 0 ? '"lol"' : `*l${i - 1}`)).join(", ")}]`).join("\n")}\ntests:\n - vars: {question: *l11}\n`,
      "application/yaml",
      "datasets.yaml_bomb",
      "&fileName=x.yaml",
    ],
    [
      "with a YAML tag",
      "tests:\n - vars: {question: !!js/function 'function(){}'}\n",
      "application/yaml",
      "datasets.yaml_tag",
      "&fileName=x.yaml",
    ],
    [
      "with YAML without end",
      `tests: ${"[".repeat(100_000)}\n`,
      "application/yaml",
      "datasets.yaml_too_deep",
      "&fileName=x.yaml",
    ],
    [
      "that is a ZIP but no workbook",
      zipped({ "a.txt": strToU8("hi") }),
      "application/octet-stream",
      "datasets.not_a_workbook",
    ],
    ["that is a ZIP bomb", zipBomb(), "application/octet-stream", "datasets.zip_bomb", "&fileName=x.xlsx"],
    ["of a workbook with a document type", doctype(), "application/octet-stream", "datasets.malformed_xlsx"],
  ];

  it.each(refused)("%s is refused, and nothing of it is kept", async (_, file, type, code, query) => {
    const before = await storedObjects();
    const answer = await upload(file, type, query);
    expect([400, 413, 415, 422], answer.text).toContain(answer.status);
    expect(answer.body.code).toContain(code);
    expect(answer.body.errors.length, answer.text).toBeGreaterThan(0);
    expect(await storedObjects()).toEqual(before);
  });

  it("over the operator's limit is refused with 413, and nothing of it is kept", async () => {
    const ctx = createExecutionContext();
    const key = await world.key(["*"]);
    const before = await storedObjects();
    const file = jsonLines(Array.from({ length: 200 }, (_, n) => sampleCase(n)));
    const request = new Request("https://maru.test/v1/datasets?name=large", {
      method: "POST",
      headers: { authorization: `Bearer ${key}`, "content-type": "application/x-ndjson" },
      body: file,
    }) as Parameters<typeof worker.fetch>[0];
    const vars = { ...env, MARU_DATASET_MAX_BYTES: "5000" } as unknown as typeof bindings;
    const answer = await worker.fetch(request, vars, ctx);
    await waitOnExecutionContext(ctx);
    expect(answer.status).toBe(413);
    expect(await storedObjects()).toEqual(before);
  });

  it("with some bad rows tells each by its line and keeps the good", async () => {
    const file = `${jsonLines([sampleCase(0)])}\nnot json\n${jsonLines([sampleCase(2)])}\n{"x":1}\n`;
    const { body } = await world.ok(`POST /v1/datasets?name=${world.name("mixed")}`, { file });
    expect(body.recordCount).toBe(2);
    expect(body.report.rows).toMatchObject({ total: 4, rejected: 2 });
    expect(body.report.problems.map(({ line }: { line: number }) => line)).toEqual([2, 4]);
  });
});

describe("a formula", () => {
  const formulas = ["=1+1", "+1+2", "-1+2", "@SUM(A1)", "\t=1", '=HYPERLINK("http://evil.example","x")'];

  /** Cells of a CSV that a spreadsheet would take for a formula. */
  const liveCells = (csv: string): string[] =>
    [...csv.matchAll(/(?:^|[,\n])"?(?:[=@\t]|\r(?!\n)|[+-](?![\d.]+(?:["\r\n,]|$)))/g)].map(([text]) => text);

  it("is written as text in every CSV that a spreadsheet may open", async () => {
    const rows = formulas.map((formula, n) => ({
      ...sampleCase(n),
      id: formula,
      user_input: formula,
      response: formula,
    }));
    const data = await world.dataset(rows);
    await world.ok(`PATCH /v1/datasets/${data.id}`, { json: { description: "=cmd|' /C calc'!A0" } });
    const run = await world.run({ dataset: data.id, metrics: ["exact_match"] });
    const exports: Answer[] = [
      await world.ok(`GET /v1/datasets/${data.id}/versions/1:download?format=csv`),
      await world.ok(`GET /v1/runs/${run.id}:export?format=csv`),
      await world.ok("GET /v1/audit/events:export?format=csv"),
    ];
    for (const { text } of exports) {
      expect(text.split("\n").length).toBeGreaterThan(3);
      expect(liveCells(text.replace(/^\uFEFF/, ""))).toEqual([]);
    }
    const jsonl = await world.ok(`GET /v1/runs/${run.id}:export`);
    const ids = jsonl.text
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line).caseId);
    expect(ids).toEqual(formulas.map((formula) => formula.trim()));
  });
});

function zipped(files: Record<string, Uint8Array>): Uint8Array<ArrayBuffer> {
  return new Uint8Array(zipSync(files));
}

const relations = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
function workbook(sheet: string): Uint8Array<ArrayBuffer> {
  return zipped({
    "xl/workbook.xml": strToU8(
      `<workbook xmlns:r="${relations}"><sheets><sheet name="A" r:id="r1"/></sheets></workbook>`,
    ),
    "xl/_rels/workbook.xml.rels": strToU8(
      '<Relationships><Relationship Id="r1" Target="s.xml"/></Relationships>',
    ),
    "xl/s.xml": strToU8(sheet),
  });
}

function zipBomb(): Uint8Array<ArrayBuffer> {
  const cells = '<row r="1"><c r="A1" t="inlineStr"><is><t>question</t></is></c></row>';
  return workbook(`<worksheet><sheetData>${cells}${" ".repeat(30_000_000)}</sheetData></worksheet>`);
}

function doctype(): Uint8Array<ArrayBuffer> {
  return workbook('<!DOCTYPE x [<!ENTITY a "aaaa">]><worksheet><sheetData></sheetData></worksheet>');
}
