import { describe, expect, it } from "vitest";
import { read, refusal } from "../reading.ts";

const config = `
description: 보험 상담
prompts:
  - "다음에 답하세요: {{question}}"
providers: [openai:gpt-4o-mini]
env:
  OPENAI_API_KEY: sk-secret
defaultTest:
  metadata: {team: qa}
  assert:
    - type: not-contains
      value: 모릅니다
tests:
  - description: 만기
    vars:
      question: [만기는 언제인가요?, When does it mature?]
      context: 80세에 만기가 된다.
      expected: 80세
    assert:
      - type: equals
        value: "{{expected}}"
      - type: similar
        value: "{{expected}}"
        threshold: 0.9
      - type: context-faithfulness
        threshold: 0.8
      - type: regex
        value: "\\\\d+"
      - type: latency
        threshold: 500
      - type: assert-set
        threshold: 0.5
        assert:
          - {type: icontains-any, value: "80, 팔십"}
          - {type: llm-rubric, value: 친절하다}
    threshold: 0.6
    options: {prefix: "안녕"}
`;

describe("promptfoo YAML", () => {
  it("gives a case for every combination of vars, with assertions in Maru's words", async () => {
    const { cases, report } = await read(config, { fileName: "promptfooconfig.yaml" });
    expect(report).toMatchObject({ format: "promptfoo-yaml", rows: { total: 1, warned: 1 }, recordCount: 2 });
    expect(cases.map(({ input }) => input)).toEqual(["만기는 언제인가요?", "When does it mature?"]);
    expect(cases[0]).toMatchObject({
      reference: "80세",
      contexts: [{ text: "80세에 만기가 된다." }],
      source: { line: 14 },
      metadata: {
        team: "qa",
        description: "만기",
        assertionThreshold: 0.6,
        vars: { question: "만기는 언제인가요?", context: "80세에 만기가 된다.", expected: "80세" },
        import: { options: { prefix: "안녕" } },
        assertionSets: [{ type: "assert-set", threshold: 0.5, set: 6 }],
      },
    });
    expect(cases[0]?.metadata.assertions).toEqual([
      {
        type: "not-contains",
        value: "모릅니다",
        metric: "contains",
        options: { values: ["모릅니다"], mode: "all", caseSensitive: true },
        negated: true,
        threshold: 1,
      },
      {
        type: "equals",
        value: "80세",
        metric: "exact_match",
        options: { normalize: "nfc" },
        negated: false,
        threshold: 1,
      },
      {
        type: "similar",
        value: "80세",
        threshold: 0.9,
        metric: "semantic_similarity",
        options: {},
        negated: false,
      },
      { type: "context-faithfulness", threshold: 0.8, metric: "faithfulness", options: {}, negated: false },
      {
        type: "regex",
        value: "\\d+",
        metric: "matches_pattern",
        options: { pattern: "\\d+" },
        negated: false,
        threshold: 1,
      },
      { type: "latency", threshold: 500 },
      {
        type: "icontains-any",
        value: "80, 팔십",
        set: 6,
        metric: "contains",
        options: { values: ["80", "팔십"], mode: "any", caseSensitive: false },
        negated: false,
        threshold: 1,
      },
      {
        type: "llm-rubric",
        value: "친절하다",
        set: 6,
        metric: "llm_rubric",
        options: { rubric: "친절하다" },
        negated: false,
      },
    ]);
    expect(report.suggestedMetrics).toContainEqual({
      metric: "faithfulness",
      options: {},
      threshold: 0.8,
      negated: false,
      cases: 2,
    });
    expect(report.problemCounts).toEqual({ assertion_not_mapped: 2, env_not_imported: 1 });
    expect(JSON.stringify(report)).not.toContain("sk-secret");
    expect(report.dataset).toMatchObject({ description: "보험 상담", providers: ["openai:gpt-4o-mini"] });
  });

  it("fills the one prompt when no var is plainly the question, and else takes all vars", async () => {
    const one = await read("prompts: ['{{city}}의 {{what}}?']\ntests:\n - vars: {city: 서울, what: 날씨}\n");
    expect(one.cases[0]?.input).toBe("서울의 날씨?");
    const none = await read("prompts: [a, b]\ntests:\n - vars: {city: 서울, what: 날씨}\n");
    expect(none.cases[0]?.input).toBe('{"city":"서울","what":"날씨"}');
    expect(none.report.problemCounts).toEqual({ input_is_all_vars: 1 });
    const mapped = await read("tests:\n - vars: {city: 서울, what: 날씨}\n", { mapping: { input: "what" } });
    expect(mapped.cases[0]?.input).toBe("날씨");
  });

  it("reads a bare list of tests, JSON, scenarios and YAML merge keys", async () => {
    const list = await read("- vars: {question: a}\n- vars: {question: b}\n", { fileName: "tests.yml" });
    expect(list.cases.map(({ source }) => source.line)).toEqual([1, 2]);
    const json = await read('{"tests": [{"vars": {"question": "q"}}], "providers": ["x"]}');
    expect(json.report.format).toBe("promptfoo-yaml");
    const scenarios = await read(
      "scenarios:\n - config:\n    - vars: {lang: ko}\n    - vars: {lang: en}\n   tests:\n    - vars: {question: q}\n    - vars: {question: p}\n",
    );
    expect(scenarios.cases.map(({ metadata }) => metadata.vars)).toEqual([
      { lang: "ko", question: "q" },
      { lang: "ko", question: "p" },
      { lang: "en", question: "q" },
      { lang: "en", question: "p" },
    ]);
    const merged = await read(
      "base: &b {type: equals}\ntests:\n - vars: {question: q}\n   assert: [{<<: *b, value: x}]\n",
    );
    expect(merged.cases[0]?.reference).toBe("x");
  });

  it.each([
    ["assert: [{type: javascript, value: 'process.exit()'}]", "/assert/0/type", "executable_refused"],
    ["assert: [{type: not-python, value: 'import os'}]", "/assert/0/type", "executable_refused"],
    ["assert: [{type: ruby, value: '1'}]", "/assert/0/type", "executable_refused"],
    ["assert: [{type: equals, value: 'file://check.js'}]", "/assert/0/value", "executable_refused"],
    ["assert: [{type: equals, value: 'file://answers.txt'}]", "/assert/0/value", "file_reference_refused"],
    [
      "assert: [{type: equals, value: x, transform: 'output.trim()'}]",
      "/assert/0/transform",
      "executable_refused",
    ],
    [
      "assert: [{type: llm-rubric, value: x, provider: 'exec: rm'}]",
      "/assert/0/provider",
      "executable_refused",
    ],
    [
      "assert: [{type: assert-set, assert: [{type: python, value: x}]}]",
      "/assert/0/assert/0/type",
      "executable_refused",
    ],
    ["options: {transform: 'file://t.js'}", "/options/transform", "executable_refused"],
    ["provider: 'python:run.py'", "/provider", "executable_refused"],
    ["metadata: {}\n   vars: {question: 'file://q.txt'}", "/vars/question", "file_reference_refused"],
  ])("rejects a test with %s", async (part, pointer, code) => {
    const vars = part.includes("vars:") ? "" : "   vars: {question: q}\n";
    const { cases, report } = await read(
      `tests:\n - description: bad\n${vars}   ${part}\n - vars: {question: fine}\n`,
    );
    expect(cases).toHaveLength(1);
    expect(report.rows).toEqual({ total: 2, accepted: 1, warned: 0, rejected: 1 });
    expect(report.problems).toMatchObject([{ line: 2, pointer, code, severity: "error" }]);
  });

  it("leaves out providers that run code and still reads the tests", async () => {
    const { report } = await read(
      "providers:\n - openai:gpt-4o\n - file://provider.js\n - 'exec: python run.py'\n - {id: 'python:x.py'}\nextensions: ['file://hook.js:all']\ntests:\n - vars: {question: q}\n",
    );
    expect(report.dataset.providers).toEqual(["openai:gpt-4o"]);
    expect(report.problems.map(({ line, pointer, code }) => [line, pointer, code])).toEqual([
      [3, "/providers/1", "executable_refused"],
      [4, "/providers/2", "executable_refused"],
      [5, "/providers/3", "executable_refused"],
      [6, "/extensions", "executable_refused"],
    ]);
  });

  it("refuses the file when what every test inherits would run code", async () => {
    const { code, errors } = await refusal(
      "defaultTest:\n  assert:\n    - {type: javascript, value: '1'}\ntests:\n - vars: {question: q}\n",
    );
    expect(code).toBe("datasets.executable_refused");
    expect(errors?.[0]?.pointer).toBe("/defaultTest/assert/0/type");
  });

  it("refuses tests that are in other files, and says which", async () => {
    const { code, errors } = await refusal("prompts: [a]\ntests: file://tests.csv\n");
    expect(code).toBe("datasets.no_usable_row");
    expect(errors?.[0]).toMatchObject({ pointer: "/tests", code: "file_reference_refused" });
  });

  it("reads text that only looks a little like a program", async () => {
    const { cases } = await read(
      "tests:\n - vars: {question: 'Python: what is a list?'}\n - vars: {question: 'file a claim: how?'}\n",
    );
    expect(cases).toHaveLength(2);
  });

  it("refuses more combinations than allowed", async () => {
    const list = JSON.stringify(Array.from({ length: 50 }, (_, i) => `v${i}`));
    const { errors } = await refusal(`tests:\n - vars: {question: ${list}, a: ${list}, b: ${list}}\n`);
    expect(errors?.[0]?.code).toBe("too_many_combinations");
  });

  it("keeps an assertion whose value cannot be the reference, unscored", async () => {
    const { cases, report } = await read(
      "tests:\n - vars: {question: q}\n   assert: [{type: equals, value: a}, {type: equals, value: b}, {type: not-equals, value: c}]\n",
    );
    expect(cases[0]?.reference).toBe("a");
    expect(report.problemCounts).toEqual({ assertion_not_mapped: 2 });
  });
});

describe("YAML that is meant to harm", () => {
  it("refuses a bomb of aliases", async () => {
    const levels = Array.from({ length: 12 }, (_, i) => {
      const inner = i === 0 ? '"lol"' : `*l${i - 1}`;
      return `l${i}: &l${i} [${Array.from({ length: 9 }, () => inner).join(", ")}]`;
    });
    const { code, data } = await refusal(`${levels.join("\n")}\ntests:\n - vars: {question: *l11}\n`);
    expect(code).toBe("datasets.yaml_bomb");
    expect(data?.line).toBeGreaterThan(1);
  });

  it("refuses a large text repeated by many aliases, and too many aliases", async () => {
    const large = `big: &big "${"x".repeat(100_000)}"\ntests:\n${" - vars: {question: *big}\n".repeat(300)}`;
    expect((await refusal(large)).code).toBe("datasets.yaml_bomb");
    const many = `s: &s a\ntests:\n${" - vars: {question: *s}\n".repeat(1_100)}`;
    expect((await refusal(many)).code).toBe("datasets.yaml_bomb");
  });

  it.each([
    ["tests:\n - vars: {question: !!js/function 'function(){}'}\n", "datasets.yaml_tag"],
    ["tests:\n - vars: {question: !python/object:os.system x}\n", "datasets.yaml_tag"],
    ["tests:\n - vars: {question: !!binary aGk=}\n", "datasets.yaml_tag"],
    ["tests:\n - vars: {question: a, question: b}\n", "datasets.yaml_duplicate_key"],
    ["tests: &t [*t]\n", "datasets.yaml_alias"],
    ["tests:\n - vars: {question: *nothing}\n", "datasets.yaml_alias"],
    ["tests:\n - vars: {question: [a\n", "datasets.malformed_yaml"],
    ["tests:\n - vars: {question: a}\n---\ntests: []\n", "datasets.malformed_yaml"],
    [`tests:\n - vars: {question: ${"[".repeat(90)}${"]".repeat(90)}}\n`, "datasets.yaml_too_deep"],
  ])("refuses %j", async (text, code) => {
    const failure = await refusal(text, { fileName: "x.yaml" });
    expect(failure.code).toBe(code);
    expect(failure.errors?.[0]?.message).toMatch(/line \d+/);
  });

  it("refuses, before it is parsed, what would take the parser's stack or memory", async () => {
    const deep = await refusal(`tests: ${"[".repeat(100_000)}\n`, { fileName: "x.yaml" });
    expect(deep.code).toBe("datasets.yaml_too_deep");
    const dense = await refusal(`tests: [${"a,".repeat(200_000)}]\n`, { fileName: "x.yaml" });
    expect(dense.code).toBe("datasets.yaml_too_dense");
    const dashes = await refusal(`tests:\n  ${"- ".repeat(20_000)}a\n`, { fileName: "x.yaml" });
    expect(["datasets.yaml_too_deep", "datasets.malformed_yaml"]).toContain(dashes.code);
  });

  it("refuses YAML beyond its size", async () => {
    const { kind, code } = await refusal(`tests:\n - vars: {question: "${"x".repeat(2_000)}"}\n`, {
      limits: { maxYamlBytes: 1_000 },
    });
    expect([kind, code]).toEqual(["too_large", "datasets.too_large"]);
  });
});
