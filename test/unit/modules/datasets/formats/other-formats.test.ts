import { describe, expect, it } from "vitest";
import { lines, read, refusal } from "../reading.ts";

const item = {
  id: "item-1",
  status: "ACTIVE",
  input: { question: "만기는?", context: ["80세"], locale: "ko" },
  expectedOutput: { answer: "80세", sources: [1] },
  metadata: { team: "a" },
  datasetId: "ds",
  sourceTraceId: null,
};

describe("a Langfuse export", () => {
  it("maps inputs that are objects, shows how, and keeps the rest", async () => {
    const { cases, report } = await read(JSON.stringify([item]));
    expect(report.format).toBe("langfuse-export");
    expect(cases[0]).toMatchObject({
      caseId: "item-1",
      input: "만기는?",
      contexts: [{ text: "80세", rank: 1 }],
      reference: "80세",
      metadata: {
        team: "a",
        status: "ACTIVE",
        import: { input: item.input, expectedOutput: item.expectedOutput, datasetId: "ds" },
      },
    });
    expect(report.mapping).toEqual(
      expect.arrayContaining([
        { field: "input", from: "/input/question", rows: 1 },
        { field: "contexts", from: "/input/context", rows: 1 },
        { field: "reference", from: "/expectedOutput/answer", rows: 1 },
      ]),
    );
  });

  it("keeps archived items, marked as such", async () => {
    const { cases } = await read(lines({ ...item, status: "ARCHIVED" }));
    expect(cases[0]).toMatchObject({ tags: ["archived"], metadata: { status: "ARCHIVED" } });
  });

  it("reads text, messages, other objects, API pages and CSV", async () => {
    const messages = [
      {
        role: "user",
        content: [
          { type: "text", text: "그림은?" },
          { type: "image_url", image_url: {} },
        ],
      },
      { role: "assistant", content: "고양이" },
    ];
    const page = {
      data: [
        { ...item, input: "plain" },
        { ...item, id: "2", input: { messages } },
        { ...item, id: "3", input: { b: 1, a: 2 } },
      ],
      meta: { page: 1 },
    };
    const { cases, report } = await read(JSON.stringify(page));
    expect(cases[0]?.input).toBe("plain");
    expect(cases[1]).toMatchObject({
      input: [
        { role: "user", content: "그림은?" },
        { role: "assistant", content: "고양이" },
      ],
      output: "고양이",
    });
    expect(cases[2]?.input).toBe('{"a":2,"b":1}');
    expect(report.problemCounts).toEqual({ parts_without_text: 1, converted_to_text: 1 });
    expect(report.dataset).toEqual({ meta: { page: 1 } });
    const csv = `id,status,input,expected_output,metadata,dataset_id\n1,ACTIVE,"{""query"":""질문""}","""답""","{""k"":1}",ds\n2,ACTIVE,plain,text,,ds\n`;
    const fromCsv = await read(csv);
    expect(fromCsv.report.format).toBe("langfuse-export");
    expect(fromCsv.cases).toMatchObject([
      { input: "질문", reference: "답", metadata: { k: 1 } },
      { input: "plain", reference: "text" },
    ]);
  });

  it("takes text that looks like a list of something else as text", async () => {
    const { cases } = await read(
      lines({ ...item, input: "[1, 2] 무엇인가요?" }, { ...item, id: "b", input: "[1, 2]" }),
    );
    expect(cases.map(({ input }) => input)).toEqual(["[1, 2] 무엇인가요?", "[1, 2]"]);
  });
});

describe("OpenAI evals", () => {
  it("reads messages and one or several ideals", async () => {
    const { cases, report } = await read(
      lines(
        {
          input: [
            { role: "system", content: "Be brief." },
            { role: "user", content: "수도는?", name: "example_user" },
          ],
          ideal: ["서울", "서울특별시"],
        },
        { input: "2+2=", ideal: "4", note: "easy" },
      ),
    );
    expect(report.format).toBe("openai-evals-jsonl");
    expect(cases).toMatchObject([
      {
        input: [
          { role: "system", content: "Be brief." },
          { role: "user", content: "수도는?" },
        ],
        reference: "서울",
        metadata: { otherReferences: ["서울특별시"], messages: [{ index: 1, name: "example_user" }] },
      },
      { input: "2+2=", reference: "4", metadata: { import: { note: "easy" } } },
    ]);
  });

  it("rejects messages without a role", async () => {
    const { errors } = await refusal(
      lines({ input: [{ content: "x" }], ideal: "y" }, { input: ["text"], ideal: "y" }),
    );
    expect(errors?.map(({ pointer, code }) => [pointer, code])).toEqual([
      ["/input/0", "unknown_role"],
      ["/input/0", "not_a_message"],
    ]);
  });
});

describe("Maru's own cases", () => {
  it("are read back as they are", async () => {
    const own = {
      caseId: "m1",
      input: [{ role: "user", content: "안녕", contexts: ["c"], reference: "r" }],
      output: "o",
      contexts: [{ text: "t", id: "1", score: 0.5, rank: 1 }],
      referenceToolCalls: [{ name: "f", args: { a: [1] }, kind: "mcp" }],
      rubric: { "1": "bad" },
      tags: ["x"],
      metadata: { import: { a: 1 } },
      source: { format: "ragas-csv", line: 3, rawHash: "h" },
      unknown: true,
    };
    const { cases, report } = await read(lines(own), { fileName: "가.jsonl" });
    expect(report.format).toBe("maru-jsonl");
    const { source, unknown, metadata, ...same } = own;
    expect(cases[0]).toMatchObject(same);
    expect(cases[0]?.metadata).toEqual({ import: { a: 1, source, unknown } });
    expect(cases[0]?.source).toMatchObject({ format: "maru-jsonl", line: 1, file: "가.jsonl" });
    expect(metadata).toEqual({ import: { a: 1 } });
  });

  it("are rejected with a pointer to what is wrong", async () => {
    const { errors } = await refusal(
      lines({ caseId: "m", input: "q", contexts: [{ txt: "x" }], tags: "no" }),
    );
    expect(errors?.map(({ pointer }) => pointer).sort()).toEqual([
      "/contexts/0",
      "/contexts/0/text",
      "/tags",
    ]);
  });
});
