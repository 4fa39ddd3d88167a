import { describe, expect, it } from "vitest";
import { contains } from "../../../../../src/modules/evaluation/metrics/contains.ts";
import { isJson } from "../../../../../src/modules/evaluation/metrics/is-json.ts";
import { isRefusal } from "../../../../../src/modules/evaluation/metrics/is-refusal.ts";
import { matchesPattern } from "../../../../../src/modules/evaluation/metrics/matches-pattern.ts";
import { startsWith } from "../../../../../src/modules/evaluation/metrics/starts-with.ts";
import { scoreOf } from "./score-of.ts";

describe("contains", () => {
  const output = "사망보험금은 1억원, 진단비는 3천만원입니다. OK";

  it("looks for all or any of the texts", async () => {
    expect(await scoreOf(contains, { output }, { values: ["1억원", "ok"] })).toBe(1);
    expect(await scoreOf(contains, { output }, { values: ["1억원", "2억원"] })).toBe(0);
    expect(await scoreOf(contains, { output }, { values: ["1억원", "2억원"], mode: "any" })).toBe(1);
    expect(await scoreOf(contains, { output }, { values: ["ok"], caseSensitive: true })).toBe(0);
  });

  it("looks for the reference when no text is given", async () => {
    expect(await scoreOf(contains, { output, reference: "1억원" })).toBe(1);
    expect(await scoreOf(contains, { output })).toBe("no_reference");
    expect(await scoreOf(contains, { reference: "1억원" })).toBe("no_output");
  });
});

describe("starts_with", () => {
  it("looks at the start of the output", async () => {
    expect(await scoreOf(startsWith, { output: "네, 보장됩니다" }, { value: "네" })).toBe(1);
    expect(await scoreOf(startsWith, { output: "아니오" }, { value: "네" })).toBe(0);
    expect(await scoreOf(startsWith, { output: "네", reference: "네" })).toBe(1);
    expect(await scoreOf(startsWith, { output: "네" })).toBe("no_reference");
  });
});

describe("is_json", () => {
  it("reads the whole output", async () => {
    expect(await scoreOf(isJson, { output: '{"금액": 1}' })).toBe(1);
    expect(await scoreOf(isJson, { output: "{금액: 1}" })).toBe(0);
    expect(await scoreOf(isJson, { output: 'Here: {"a":1}' })).toBe(0);
  });

  it("finds a fenced block and asks for members", async () => {
    const output = 'Here you are:\n```json\n{"a": 1}\n```\n';
    expect(await scoreOf(isJson, { output }, { where: "fenced" })).toBe(1);
    expect(await scoreOf(isJson, { output }, { where: "fenced", requiredKeys: ["a", "b"] })).toBe(0);
    expect(await scoreOf(isJson, { output: "12" }, { where: "fenced" })).toBe(0);
  });
});

describe("is_refusal", () => {
  it.each([
    "I'm sorry, but I can't help with that.",
    "죄송하지만 도와드릴 수 없습니다.",
    "정보 없음",
    "As an AI model I am not able to do so.",
  ])("finds that %s refuses", async (output) => {
    expect(await scoreOf(isRefusal, { output })).toBe(1);
  });

  it.each([
    "This treatment is not covered.",
    "가입할 수 없는 나이입니다.",
    "면책기간에는 지급되지 않습니다.",
  ])("finds that %s answers", async (output) => {
    expect(await scoreOf(isRefusal, { output })).toBe(0);
  });
});

describe("matches_pattern", () => {
  it("matches anywhere, with flags", async () => {
    expect(
      await scoreOf(matchesPattern, { output: "총 1,000,000원" }, { pattern: "\\d{1,3}(,\\d{3})+원$" }),
    ).toBe(1);
    expect(await scoreOf(matchesPattern, { output: "HELLO" }, { pattern: "^hello$" })).toBe(0);
    expect(await scoreOf(matchesPattern, { output: "HELLO" }, { pattern: "^hello$", flags: "i" })).toBe(1);
  });

  it("does not apply without a pattern or to a text beyond its bound", async () => {
    expect(await scoreOf(matchesPattern, { output: "a" })).toBe("no_pattern");
    expect(await scoreOf(matchesPattern, { output: "a".repeat(100_000) }, { pattern: "(?:ab?){300}$" })).toBe(
      "text_too_long",
    );
  });

  it("refuses look-around and back-references when the options are read", () => {
    for (const pattern of ["(?=a)", "(a)\\1", "("]) {
      const parsed = matchesPattern.options.safeParse({ pattern });
      expect(parsed.error?.issues[0]?.path).toEqual(["pattern"]);
    }
  });
});
