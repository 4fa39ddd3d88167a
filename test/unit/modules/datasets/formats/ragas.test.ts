import { describe, expect, it } from "vitest";
import { lines, read } from "../reading.ts";

describe("Ragas and Hugging Face rows", () => {
  it("reads the present names", async () => {
    const { cases, report } = await read(
      lines({
        user_input: "보험료는 얼마인가요?",
        response: "월 3만원입니다.",
        retrieved_contexts: ["보험료는 월 3만원이다.", "납입은 자동이체다."],
        retrieved_context_ids: ["d1", 2],
        reference: "월 3만원",
        reference_contexts: ["보험료는 월 3만원이다."],
        reference_context_ids: ["d1"],
        multi_responses: ["3만원", "삼만원"],
        rubrics: { "1": "wrong", "5": "right" },
        persona_name: "상담원",
        query_style: "PERFECT_GRAMMAR",
        synthesizer_name: "single_hop",
        reference_topics: ["보험"],
        latency: 1.5,
        nothing: null,
      }),
    );
    expect(cases[0]).toMatchObject({
      input: "보험료는 얼마인가요?",
      output: "월 3만원입니다.",
      reference: "월 3만원",
      contexts: [
        { text: "보험료는 월 3만원이다.", id: "d1", rank: 1 },
        { text: "납입은 자동이체다.", id: "2", rank: 2 },
      ],
      referenceContexts: [{ text: "보험료는 월 3만원이다.", id: "d1" }],
      rubric: { "1": "wrong", "5": "right" },
      tags: ["persona_name:상담원", "query_style:PERFECT_GRAMMAR", "synthesizer_name:single_hop"],
      metadata: {
        alternatives: ["3만원", "삼만원"],
        personaName: "상담원",
        queryStyle: "PERFECT_GRAMMAR",
        topics: ["보험"],
        import: { latency: 1.5 },
      },
    });
    expect(cases[0]?.caseId).toMatch(/^case_[0-9a-f]{24}$/);
    expect(report).toMatchObject({
      format: "ragas-jsonl",
      detection: { by: "content" },
      rows: { total: 1, accepted: 1, warned: 0, rejected: 0 },
      recordCount: 1,
    });
  });

  it("reads the old names, the first of several ground truths and rows of a JSON array", async () => {
    const rows = [
      { question: "Q1", answer: "A1", contexts: ["c"], ground_truth: "G1" },
      { question: "Q2", answer: "A2", contexts: ["c"], ground_truths: ["G2", "G2b"] },
    ];
    const { cases, report } = await read(JSON.stringify(rows, null, 1));
    expect(report.format).toBe("ragas-json");
    expect(cases.map(({ input, output, reference }) => [input, output, reference])).toEqual([
      ["Q1", "A1", "G1"],
      ["Q2", "A2", "G2"],
    ]);
    expect(cases[1]?.metadata).toEqual({ otherReferences: ["G2b"] });
    expect(cases.map(({ source }) => source.line)).toEqual([2, 10]);
    expect(report.mapping).toContainEqual({ field: "reference", from: "ground_truths", rows: 1 });
  });

  it("reads a conversation with tool calls; its last answer is the output", async () => {
    const { cases } = await read(
      lines({
        user_input: [
          { type: "human", content: "서울 날씨는?" },
          {
            type: "ai",
            content: "찾아볼게요.",
            tool_calls: [{ name: "weather", args: { city: "서울" } }],
            metadata: { ms: 3 },
          },
          { type: "tool", content: "맑음" },
          { type: "ai", content: "맑습니다." },
        ],
        reference_tool_calls: [{ name: "weather", args: { city: "서울" } }],
        reference: "맑음",
      }),
    );
    expect(cases[0]).toMatchObject({
      input: [
        { role: "user", content: "서울 날씨는?" },
        { role: "assistant", toolCalls: [{ name: "weather", args: { city: "서울" } }] },
        { role: "tool", content: "맑음" },
        { role: "assistant", content: "맑습니다." },
      ],
      output: "맑습니다.",
      toolCalls: [{ name: "weather", args: { city: "서울" } }],
      referenceToolCalls: [{ name: "weather", args: { city: "서울" } }],
      metadata: { messages: [{ index: 1, metadata: { ms: 3 } }] },
    });
  });

  it("reads CSV with lists as JSON, as Python literals and as NumPy prints them", async () => {
    const csv = [
      "user_input,response,retrieved_contexts,reference",
      `q1,a1,"[""가, 나"", ""b""]",r1`,
      `q2,a2,"['it\\'s', ""x""]",r2`,
      `"q3","a3","['a' 'b']","r3"`,
      "q4,a4,just text,r4",
      `q5,a5,[broken,"[1] as cited"`,
    ].join("\n");
    const { cases, report } = await read(csv, { fileName: "rows.csv" });
    expect(report.format).toBe("ragas-csv");
    expect(cases.map(({ contexts }) => contexts.map(({ text }) => text))).toEqual([
      ["가, 나", "b"],
      ["it's", "x"],
      ["a", "b"],
      ["just text"],
      ["[broken"],
    ]);
    expect(cases[4]?.reference).toBe("[1] as cited");
    expect(report.problemCounts).toEqual({ spaced_list: 1, not_a_list: 1, list_not_readable: 1 });
    expect(report.rows).toEqual({ total: 5, accepted: 2, warned: 3, rejected: 0 });
    expect(report.problems.map(({ line, code }) => [line, code])).toEqual([
      [4, "spaced_list"],
      [5, "not_a_list"],
      [6, "list_not_readable"],
    ]);
  });

  it("gives ids without texts to the metrics that compare ids, and tells ids that do not match", async () => {
    const { cases, report } = await read(
      lines(
        { user_input: "q1", retrieved_context_ids: ["a", "b"], reference_context_ids: ["b"] },
        { user_input: "q2", response: "x", retrieved_contexts: ["t"], retrieved_context_ids: ["a", "b"] },
      ),
    );
    expect(cases[0]?.contexts).toEqual([
      { text: "", id: "a", rank: 1 },
      { text: "", id: "b", rank: 2 },
    ]);
    expect(cases[1]?.contexts).toEqual([{ text: "t", id: "a", rank: 1 }]);
    expect(cases[1]?.metadata.import).toEqual({ retrieved_context_ids: ["a", "b"] });
    expect(report.problemCounts).toEqual({ ids_do_not_match: 1 });
  });

  it("reads other names by mapping, also from inside a column, and keeps the column", async () => {
    const row = { payload: { ask: "질문", extra: 1 }, gold: "정답", got: "답" };
    const { cases, report } = await read(lines(row), {
      mapping: { input: "/payload/ask", reference: "gold", output: "got" },
    });
    expect(cases[0]).toMatchObject({ input: "질문", reference: "정답", output: "답" });
    expect(cases[0]?.metadata.import).toEqual({ payload: { ask: "질문", extra: 1 } });
    expect(report.mapping).toContainEqual({ field: "input", from: "/payload/ask", rows: 1 });
  });

  it("keeps what it does not use of a context", async () => {
    const contexts = [{ page_content: "문서", doc_id: 7, score: 0.5, metadata: { page: 3 } }];
    const { cases } = await read(lines({ question: "q", answer: "a", contexts }));
    expect(cases[0]?.contexts).toEqual([{ text: "문서", id: "7", score: 0.5, rank: 1 }]);
    expect(cases[0]?.metadata.import).toEqual({ contexts });
  });

  it("converts numbers with a warning and prints objects as JSON", async () => {
    const { cases, report } = await read(
      lines({ user_input: 42, response: { b: 1, a: 2 }, reference: true }),
    );
    expect(cases[0]).toMatchObject({ input: "42", output: '{"a":2,"b":1}', reference: "true" });
    expect(report.problemCounts).toEqual({ converted_to_text: 3 });
    expect(report.rows.warned).toBe(1);
  });
});

describe("every case", () => {
  it("is in NFC, names and metadata included, and Hangul written as jamo gets the id of its syllables", async () => {
    const decomposed = "보험".normalize("NFD");
    const { cases, report } = await read(
      lines(
        { user_input: decomposed, response: "cafe\u0301", [decomposed]: { [decomposed]: [decomposed] } },
        { user_input: "보험", response: "b" },
      ),
    );
    expect(cases[0]).toMatchObject({
      input: "보험",
      output: "café",
      metadata: { import: { 보험: { 보험: ["보험"] } } },
    });
    expect(cases[1]?.caseId).toBe(`${cases[0]?.caseId}#2`);
    expect(report.problemCounts).toEqual({ duplicate_input: 1 });
  });

  it("has the id of the file, made unique by a suffix that does not depend on chance", async () => {
    const rows = ["a", "a", "a#2", "a"].map((id, index) => ({ id, user_input: `q${index}`, response: "r" }));
    const { cases, report } = await read(lines(...rows));
    expect(cases.map(({ caseId }) => caseId)).toEqual(["a", "a#2", "a#2#2", "a#3"]);
    expect(report.problemCounts).toEqual({ duplicate_id: 3 });
    expect(report.rows).toEqual({ total: 4, accepted: 1, warned: 3, rejected: 0 });
  });

  it("gets its suffix in constant time, also when every row is the same", async () => {
    const { cases } = await read(lines({ user_input: "q", response: "a" }).repeat(20_000));
    expect(cases.at(-1)?.caseId).toBe(`${cases[0]?.caseId}#20000`);
    expect(new Set(cases.map(({ caseId }) => caseId)).size).toBe(20_000);
  });

  it("has the same id for the same input in another file, and the hash of its own record", async () => {
    const one = await read(lines({ user_input: "같은 질문", response: "a" }));
    const other = await read('[{"user_input": "같은 질문", "response": "b"}]');
    expect(one.cases[0]?.caseId).toBe(other.cases[0]?.caseId);
    expect(one.cases[0]?.source.rawHash).not.toBe(other.cases[0]?.source.rawHash);
  });

  it("holds no lone surrogate and no NUL", async () => {
    const { cases, report } = await read('{"user_input": "a\\ud800b\\u0000c", "response": "r"}\n');
    expect(cases[0]?.input).toBe("a\ufffdb\ufffdc");
    expect(report.problemCounts).toEqual({ unusable_character: 1 });
  });

  it("is rejected without an input or with nesting beyond the limit", async () => {
    const deep = `${"[".repeat(100)}${"]".repeat(100)}`;
    const { cases, report } = await read(
      `{"user_input": "  ", "response": "r"}\n{"response": "r"}\n{"user_input": "q", "response": "r", "x": ${deep}}\n{"user_input": "q", "response": "r"}\n`,
    );
    expect(cases).toHaveLength(1);
    expect(report.problemCounts).toEqual({ missing_input: 2, too_deep: 1 });
    expect(report.rows).toEqual({ total: 4, accepted: 1, warned: 0, rejected: 3 });
  });

  it("keeps a column named __proto__ and pollutes nothing", async () => {
    const { cases } = await read(
      '{"user_input": "q", "response": "r", "__proto__": {"polluted": 1}, "constructor": 2}\n',
    );
    expect(Object.keys(cases[0]?.metadata.import ?? {}).sort()).toEqual(["__proto__", "constructor"]);
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
  });
});
