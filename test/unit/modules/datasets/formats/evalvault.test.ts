import { strToU8, zipSync } from "fflate";
import { describe, expect, it } from "vitest";
import { toXlsx } from "../../../../../src/modules/datasets/export/to-xlsx.ts";
import { serialDate } from "../../../../../src/modules/datasets/formats/sheet-rows.ts";
import { bytesOf, read, refusal } from "../reading.ts";

const dataset = {
  name: "보험 질의",
  version: "1.0.0",
  thresholds: { faithfulness: 0.7, answer_relevancy: 2 },
  metadata: { owner: "QA" },
  metrics: ["faithfulness", "recall@5", "mrr"],
  test_cases: [
    {
      id: "t1",
      question: "만기는?",
      answer: "80세입니다.",
      contexts: ["80세 만기"],
      ground_truth: "80세",
      keywords: ["만기"],
    },
    { id: "t2", question: "What is it?", answer: "A rider.", contexts: [], metadata: { team: "en" } },
  ],
};

async function bytesFrom(stream: ReadableStream<Uint8Array>): Promise<Uint8Array> {
  return new Uint8Array(await new Response(stream as ReadableStream).arrayBuffer());
}

describe("EvalVault JSON", () => {
  it("reads cases, thresholds, suggested metrics and what describes the data set, with a byte order mark", async () => {
    const { cases, report } = await read(`\ufeff${JSON.stringify(dataset, null, 2)}`);
    expect(cases[0]).toMatchObject({
      caseId: "t1",
      input: "만기는?",
      output: "80세입니다.",
      reference: "80세",
      contexts: [{ text: "80세 만기", rank: 1 }],
      metadata: { import: { keywords: ["만기"] } },
      source: { format: "evalvault-json", line: 17 },
    });
    expect(cases[1]).toMatchObject({ caseId: "t2", metadata: { team: "en" } });
    expect(report).toMatchObject({
      format: "evalvault-json",
      encoding: "utf-8-sig",
      thresholds: { faithfulness: 0.7 },
      problemCounts: { threshold_invalid: 1 },
      dataset: { name: "보험 질의", version: "1.0.0", metadata: { owner: "QA" } },
    });
    expect(report.suggestedMetrics).toEqual([
      { metric: "faithfulness", options: {}, threshold: 0.7, negated: false, cases: 0 },
      { metric: "recall_at_k", options: { k: 5 }, negated: false, cases: 0 },
      { metric: "reciprocal_rank", options: {}, negated: false, cases: 0 },
    ]);
  });

  it("reads conversations from an object or from a list", async () => {
    const conversation = {
      conversation_id: "c1",
      drift_tolerance: 0.1,
      expected_final_answer: "가능합니다",
      turns: [
        { turn_id: "1", role: "user", content: "해지할 수 있나요?" },
        {
          role: "assistant",
          content: "네, 가능합니다.",
          contexts: ["해지는 언제나 가능하다."],
          ground_truth: "가능",
        },
      ],
    };
    const expected = {
      caseId: "c1",
      input: [
        { role: "user", content: "해지할 수 있나요?" },
        {
          role: "assistant",
          content: "네, 가능합니다.",
          contexts: ["해지는 언제나 가능하다."],
          reference: "가능",
        },
      ],
      output: "네, 가능합니다.",
      reference: "가능합니다",
      contexts: [{ text: "해지는 언제나 가능하다.", rank: 1 }],
      metadata: { driftTolerance: 0.1, messages: [{ index: 0, turn_id: "1" }] },
    };
    const inObject = await read(JSON.stringify({ name: "m", conversations: [conversation] }));
    const inList = await read(JSON.stringify([conversation]));
    expect(inObject.cases[0]).toMatchObject(expected);
    expect(inList.cases[0]).toMatchObject(expected);
    expect(inList.report.format).toBe("evalvault-json");
  });

  it("rejects a turn of an unknown role", async () => {
    const { errors, code } = await refusal(
      JSON.stringify([{ id: "c", turns: [{ role: "narrator", content: "x" }] }]),
    );
    expect(code).toBe("datasets.no_usable_row");
    expect(errors).toEqual([
      {
        pointer: "/turns/0",
        code: "unknown_role",
        message: "Line 1: A turn needs the role user or assistant.",
      },
    ]);
  });

  it("finds the texts of relevant documents that the file holds before its cases", async () => {
    const { cases, report } = await read(
      JSON.stringify({
        documents: [{ doc_id: "d1", content: "보험료는 15만원" }],
        test_cases: [{ test_id: "r1", query: "보험료", relevant_docs: ["d1", "d9"] }],
      }),
    );
    expect(cases[0]).toMatchObject({
      caseId: "r1",
      input: "보험료",
      referenceContexts: [
        { text: "보험료는 15만원", id: "d1" },
        { text: "", id: "d9" },
      ],
    });
    expect(report.problemCounts).toEqual({ unknown_document: 1 });
  });

  it("leaves out of the report what is too large for one, and says so", async () => {
    const { report } = await read(
      JSON.stringify({ big: "x".repeat(40_000), small: 1, test_cases: dataset.test_cases }),
    );
    expect(report.dataset).toEqual({ small: 1 });
    expect(report.problemCounts).toEqual({ member_not_reported: 1 });
  });
});

describe("EvalVault CSV", () => {
  const header =
    "id,question,answer,contexts,ground_truth,metadata,summary_tags,summary_intent,threshold_faithfulness";

  it("reads contexts as a JSON array or with bars between, tags, intent and the first threshold", async () => {
    const csv = [
      header,
      `1,질문,답,"[""가"",""나""]",정답,"{""k"":1}",면책|한도,요약,`,
      "2,Q,A,first | second|third,T,not json,,,0.8",
      "3,Q3,A3,,T3,,,,0.9",
      "4,Q4,A4,,T4,,,,high",
      "",
    ].join("\r\n");
    const { cases, report } = await read(csv);
    expect(report).toMatchObject({ format: "evalvault-csv", thresholds: { faithfulness: 0.8 } });
    expect(cases[0]).toMatchObject({
      contexts: [{ text: "가" }, { text: "나" }],
      tags: ["면책", "한도"],
      metadata: { k: 1, summary_tags: ["면책", "한도"], summary_intent: "요약" },
    });
    expect(cases[1]?.contexts.map(({ text }) => text)).toEqual(["first", "second", "third"]);
    expect(cases[1]?.metadata).toEqual({ import: { metadata: "not json" } });
    expect(cases[2]?.metadata).toEqual({ import: { threshold_faithfulness: "0.9" } });
    expect(cases[3]?.metadata).toEqual({ import: { threshold_faithfulness: "high" } });
    expect(report.problemCounts).toEqual({ not_an_object: 1, threshold_of_row: 1, threshold_invalid: 1 });
  });

  it("takes no threshold from beyond the first 50 rows", async () => {
    const rows = Array.from({ length: 52 }, (_, i) => `${i},q${i},a,c,t,,,,${i === 50 ? "0.5" : ""}`);
    const { report, cases } = await read([header, ...rows].join("\n"));
    expect(report.thresholds).toEqual({});
    expect(cases[50]?.metadata.import).toEqual({ threshold_faithfulness: "0.5" });
    const early = rows.map((row, i) => (i === 49 ? `${row}0.5` : row));
    expect((await read([header, ...early].join("\n"))).report.thresholds).toEqual({ faithfulness: 0.5 });
  });

  it("reads code page 949 and tells it", async () => {
    const head = bytesOf("id,question,answer,contexts\n1,");
    const question = [0x8c, 0x63, 0xb9, 0xe6, 0xb0, 0xa2, 0xc7, 0xcf];
    const { cases, report } = await read(Uint8Array.of(...head, ...question, ...bytesOf(",a,c\n")));
    expect(cases[0]?.input).toBe("똠방각하");
    expect(report.encoding).toBe("cp949");
  });

  it("tells rows with too many and too few cells, and keeps the cells beyond the header", async () => {
    const { cases, report } = await read("id,question,answer,contexts\n1,q,a,c,more,still\n2,q2\n");
    expect(cases[0]?.metadata).toEqual({ import: { extra_cells: ["more", "still"] } });
    expect(report.problems.map(({ line, code }) => [line, code])).toEqual([
      [2, "extra_cells"],
      [3, "missing_cells"],
    ]);
  });

  it("names columns that are empty or twice there", async () => {
    const { cases } = await read("id,question,question,,answer,contexts\n1,q,q2,x,a,c\n");
    expect(cases[0]).toMatchObject({ input: "q", metadata: { import: { question_2: "q2", column_4: "x" } } });
  });
});

const relations = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";

function workbook(sheets: Record<string, string>, extra: Record<string, string> = {}): Uint8Array {
  const names = Object.keys(sheets);
  const files: Record<string, string> = {
    "xl/workbook.xml": `<workbook xmlns:r="${relations}"><sheets>${names
      .map((name, i) => `<sheet name="${name}" sheetId="${i + 1}" r:id="rId${i + 1}"/>`)
      .join("")}</sheets></workbook>`,
    "xl/_rels/workbook.xml.rels": `<Relationships>${names
      .map((_, i) => `<Relationship Id="rId${i + 1}" Target="worksheets/sheet${i + 1}.xml"/>`)
      .join("")}</Relationships>`,
    ...extra,
  };
  for (const [i, name] of names.entries()) {
    files[`xl/worksheets/sheet${i + 1}.xml`] =
      `<worksheet><sheetData>${sheets[name]}</sheetData></worksheet>`;
  }
  return zipSync(Object.fromEntries(Object.entries(files).map(([name, text]) => [name, strToU8(text)])));
}

const header =
  '<row r="1"><c r="A1" t="inlineStr"><is><t>id</t></is></c><c r="B1" t="inlineStr"><is><t>question</t></is></c><c r="C1" t="inlineStr"><is><t>answer</t></is></c><c r="D1" t="inlineStr"><is><t>contexts</t></is></c></row>';

describe("EvalVault XLSX", () => {
  it("reads a workbook, with the row numbers Excel shows", async () => {
    const bytes = await bytesFrom(
      toXlsx(
        ["id", "question", "answer", "contexts", "threshold_context_recall"],
        [
          ["1", '질문 <1> & "2"', "줄\n바꿈", '["가","나"]', 0.6],
          [2, "Q", true, "a|b", null],
        ],
        { sheetName: "test_cases" },
      ),
    );
    const { cases, report } = await read(bytes, { fileName: "set.xlsx" });
    expect(report).toMatchObject({
      format: "evalvault-xlsx",
      container: "xlsx",
      thresholds: { context_recall: 0.6 },
      dataset: { sheet: "test_cases" },
    });
    expect(cases).toMatchObject([
      {
        caseId: "1",
        input: '질문 <1> & "2"',
        output: "줄\n바꿈",
        contexts: [{ text: "가" }, { text: "나" }],
        source: { line: 2 },
      },
      {
        caseId: "2",
        input: "Q",
        output: "true",
        contexts: [{ text: "a" }, { text: "b" }],
        source: { line: 3 },
      },
    ]);
  });

  it("reads shared strings without their phonetic parts, dates, formulas, errors and gaps", async () => {
    const shared = `<sst><si><t>첫</t></si><si><r><t>rich </t></r><r><t xml:space="preserve">text_x000D_</t></r><rPh sb="0" eb="1"><t>읽기</t></rPh></si></sst>`;
    const styles = `<styleSheet><numFmts><numFmt numFmtId="164" formatCode="yyyy\\-mm\\-dd &quot;d&quot;"/><numFmt numFmtId="165" formatCode="0.0 &quot;days&quot;"/></numFmts><cellStyleXfs><xf numFmtId="14"/></cellStyleXfs><cellXfs><xf numFmtId="0"/><xf numFmtId="164"/><xf numFmtId="165"/></cellXfs></styleSheet>`;
    const rows = `${header}<row r="4"><c r="A4"><v>7</v></c><c r="B4" t="s"><v>1</v></c><c r="C4" s="1"><v>45658</v></c></row><row r="9"><c r="B9" t="str"><f>A4&amp;"x"</f><v>7x</v></c><c r="C9" s="2"><v>1.5</v></c><c r="D9" t="e"><v>#N/A</v></c></row><row r="10"><c r="A10"><f>A9</f></c><c r="B10" t="s"><v>0</v></c></row>`;
    const { cases, report } = await read(
      workbook({ Data: rows }, { "xl/sharedStrings.xml": shared, "xl/styles.xml": styles }),
    );
    expect(cases.map(({ input, output, source }) => [source.line, input, output])).toEqual([
      [4, "rich text\r", "2025-01-01"],
      [9, "7x", "1.5"],
      [10, "첫", undefined],
    ]);
    expect(report.problems.map(({ line, code, message }) => [line, code, message.slice(-4)])).toEqual([
      [9, "cell_without_value", " D9."],
      [10, "cell_without_value", "A10."],
    ]);
  });

  it("counts dates as Excel does", () => {
    expect(serialDate(1, false)).toBe("1900-01-01");
    expect(serialDate(61, false)).toBe("1900-03-01");
    expect(serialDate(45658.5, false)).toBe("2025-01-01T12:00:00");
    expect(serialDate(0.75, false)).toBe("18:00:00");
    expect(serialDate(0, true)).toBe("00:00:00");
    expect(serialDate(44196, true)).toBe("2025-01-01");
  });

  it("prefers the sheet test_cases, takes the one asked for, and tells the others", async () => {
    const row = (text: string) =>
      `${header}<row r="2"><c r="B2" t="inlineStr"><is><t>${text}</t></is></c></row>`;
    const book = workbook({ Notes: row("notes"), test_cases: row("cases") });
    const { cases, report } = await read(book);
    expect(cases[0]?.input).toBe("cases");
    expect(report.problemCounts).toEqual({ sheets_not_read: 1 });
    expect((await read(book, { sheet: "Notes" })).cases[0]?.input).toBe("notes");
    expect((await refusal(book, { sheet: "없음" })).code).toBe("datasets.unknown_sheet");
  });

  it("refuses a document type, damaged XML and a ZIP that is no workbook", async () => {
    const bomb = `<!DOCTYPE x [<!ENTITY a "aaaa">]><worksheet><sheetData>${header}</sheetData></worksheet>`;
    const withDoctype = workbook({ A: header }, {});
    expect(
      (await read(workbook({ A: `${header}<row r="2"><c r="B2"><v>1</v></c></row>` }))).cases,
    ).toHaveLength(1);
    const files = {
      "xl/workbook.xml": `<workbook xmlns:r="${relations}"><sheets><sheet name="A" r:id="r1"/></sheets></workbook>`,
      "xl/_rels/workbook.xml.rels": '<Relationships><Relationship Id="r1" Target="s.xml"/></Relationships>',
      "xl/s.xml": bomb,
    };
    const zipped = zipSync(
      Object.fromEntries(Object.entries(files).map(([name, text]) => [name, strToU8(text)])),
    );
    expect((await refusal(zipped)).detail).toContain("document type");
    expect((await refusal(workbook({ A: "<row><c></row>" }))).code).toBe("datasets.malformed_xlsx");
    expect((await refusal(zipSync({ "a.txt": strToU8("hi") }))).code).toBe("datasets.not_a_workbook");
    expect((await refusal(withDoctype.slice(0, withDoctype.length - 30))).code).toBe(
      "datasets.malformed_xlsx",
    );
    expect((await refusal(withDoctype)).code).toBe("datasets.no_usable_row");
  });
});
