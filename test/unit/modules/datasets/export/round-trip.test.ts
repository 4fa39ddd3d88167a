import { strFromU8, unzipSync } from "fflate";
import { describe, expect, it } from "vitest";
import type { EvaluationCase } from "../../../../../contracts/evaluation-case.ts";
import { caseColumns, caseRow } from "../../../../../src/modules/datasets/export/case-row.rules.ts";
import { toCsv } from "../../../../../src/modules/datasets/export/to-csv.ts";
import { toJsonl } from "../../../../../src/modules/datasets/export/to-jsonl.ts";
import { toXlsx } from "../../../../../src/modules/datasets/export/to-xlsx.ts";
import { read } from "../reading.ts";

const source = { format: "maru-jsonl", line: 1, rawHash: "h" };
const cases: EvaluationCase[] = [
  {
    caseId: "c1",
    input: "보험료는, 얼마인가요?",
    output: '월 "3만원"\n입니다.',
    reference: "월 3만원",
    contexts: [
      { text: "가 | 나", id: "d1", rank: 1 },
      { text: "다", rank: 2 },
    ],
    referenceContexts: [{ text: "가", id: "d1" }],
    rubric: { "1": "나쁨" },
    tags: ["보험", "en"],
    metadata: { team: "a", import: { n: 1 } },
    source,
  },
  {
    caseId: "c2",
    input: [
      { role: "user", content: "날씨?" },
      { role: "assistant", content: "맑음", toolCalls: [{ name: "weather", args: { city: "서울" } }] },
    ],
    output: "맑음",
    toolCalls: [{ name: "weather", args: { city: "서울" } }],
    referenceToolCalls: [{ name: "weather", args: { city: "서울" } }],
    contexts: [],
    referenceContexts: [],
    tags: [],
    metadata: {},
    source,
  },
];

async function bytesFrom(stream: ReadableStream): Promise<Uint8Array> {
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

function withoutSource(list: readonly EvaluationCase[]) {
  return list.map(({ source: _source, ...rest }) => rest);
}

describe("an exported data set", () => {
  it("is read back from CSV as it was", async () => {
    const { cases: back, report } = await read(
      await bytesFrom(toCsv(caseColumns, cases.map(caseRow), { byteOrderMark: true })),
    );
    expect(report).toMatchObject({ format: "ragas-csv", encoding: "utf-8-sig", problemCounts: {} });
    expect(withoutSource(back)).toEqual(withoutSource(cases));
  });

  it("is read back from JSONL as it was, its old source kept", async () => {
    const { cases: back, report } = await read(await bytesFrom(toJsonl(cases)));
    expect(report.format).toBe("maru-jsonl");
    expect(back.map(({ metadata }) => metadata.import)).toEqual([{ n: 1, source }, { source }]);
    expect(back.map(({ metadata, source, ...rest }) => rest)).toEqual(
      cases.map(({ metadata, source, ...rest }) => rest),
    );
  });
});

describe("an exported workbook", () => {
  it("holds texts that look like formulas as plain strings, and numbers as numbers", async () => {
    const bytes = await bytesFrom(
      toXlsx(
        ["id", "question", "answer"],
        [
          ["=1+1", "＝2", -5],
          ["_x0041_", "a\u0001b", true],
        ],
        { sheetName: "결과/1" },
      ),
    );
    const files = unzipSync(bytes);
    const sheet = strFromU8(files["xl/worksheets/sheet1.xml"] ?? new Uint8Array());
    expect(sheet).toContain('<c r="A2" t="inlineStr"><is><t xml:space="preserve">=1+1</t></is></c>');
    expect(sheet).toContain('<c r="C2"><v>-5</v></c>');
    expect(sheet).not.toContain("<f>");
    expect(strFromU8(files["xl/workbook.xml"] ?? new Uint8Array())).toContain('name="결과 1"');
    const { cases: back } = await read(bytes);
    expect(back.map(({ caseId, input, output }) => [caseId, input, output])).toEqual([
      ["=1+1", "＝2", "-5"],
      ["_x0041_", "a\ufffdb", "true"],
    ]);
  });

  it("is the same file for the same rows", async () => {
    const make = () => bytesFrom(toXlsx(["a"], [["1"], ["2"]]));
    expect(await make()).toEqual(await make());
  });

  it("refuses a cell that Excel cannot hold", async () => {
    await expect(bytesFrom(toXlsx(["a"], [["x".repeat(40_000)]]))).rejects.toThrow("datasets.cell_too_long");
  });

  it("streams many rows", async () => {
    function* rows() {
      for (let i = 0; i < 5_000; i++) yield [`id${i}`, `질문 ${i}`, "답"];
    }
    const { report, cases: back } = await read(await bytesFrom(toXlsx(["id", "question", "answer"], rows())));
    expect(report.recordCount).toBe(5_000);
    expect(back.at(-1)).toMatchObject({ caseId: "id4999", source: { line: 5_001 } });
  });
});
