import { describe, expect, it } from "vitest";
import { compilePattern } from "../../../../../src/modules/evaluation/text/linear-pattern.ts";
import { PatternError } from "../../../../../src/modules/evaluation/text/linear-pattern-syntax.ts";

const plain = { ignoreCase: false, multiline: false, dotAll: false };

describe("compilePattern", () => {
  const patterns = [
    "abc",
    "a|bc|d",
    "^a.c$",
    "a*b+c?",
    "(?:ab){2,3}",
    "(ab|c)+d",
    "[a-c]+\\d",
    "[^a-z]",
    "\\bcat\\b",
    "\\Bat",
    "x{2}",
    "x{2,}",
    "x{0}y",
    "\\d{1,3}(,\\d{3})*원",
    "[가-힣]+",
    "\\p{L}+\\s\\p{N}",
    "(a*)*b",
    "(?<year>\\d{4})",
    "a??b",
    "[\\w.-]+@[\\w-]+\\.com",
    "\\u{1F44D}",
    "[]-]",
    "\\$\\{",
    "^$",
    "(|a)b",
    "(a|b|c|d)*e",
    "(?:)",
    "\\x41",
  ];
  const texts = [
    "",
    "abc",
    "aXc",
    "bc",
    "b",
    "ababab",
    "cabd",
    "b7",
    "ABC",
    "a cat sat",
    "xx",
    "xxxx",
    "y",
    "1,000,000원",
    "보험금 지급",
    "가 1",
    "aaaaaac",
    "2024년",
    "me@site.com",
    "👍",
    "]",
    "${",
    "e",
    "abcde",
    "A",
  ];

  it.each(patterns)("agrees with the built-in engine on %s", (source) => {
    const pattern = compilePattern(source, plain);
    const builtIn = new RegExp(source, /\\p|\\u\{/.test(source) ? "u" : "");
    for (const text of texts)
      expect(`${text} ${pattern.matches(text)}`).toBe(`${text} ${builtIn.test(text)}`);
  });

  it("obeys the flags", () => {
    expect(compilePattern("^HELLO$", { ...plain, ignoreCase: true }).matches("hello")).toBe(true);
    expect(compilePattern("^b$", plain).matches("a\nb")).toBe(false);
    expect(compilePattern("^b$", { ...plain, multiline: true }).matches("a\nb")).toBe(true);
    expect(compilePattern("a.b", { ...plain, dotAll: true }).matches("a\nb")).toBe(true);
  });

  it.each([
    "(?=a)",
    "(?<!a)b",
    "(a)\\1",
    "(",
    ")",
    "[a",
    "*a",
    "a**",
    "a{3,2}",
    "a{9999}",
    "\\",
    "(?i)a",
    "[z-a]",
    "\\p{Nonsense}",
    "((((a{1000}){1000}){1000}){1000})",
  ])("refuses %s", (source) => {
    expect(() => compilePattern(source, plain)).toThrow(PatternError);
  });

  it("is not stalled by patterns that make a back-tracking engine explode", () => {
    const explosive = ["(a+)+$", "(a|a)*$", "(.*a){12}", "(?:(?:(?:){1000}){1000}){1000}$"];
    const matched = explosive.map((source) => compilePattern(`${source}!`, plain).matches("a".repeat(5000)));
    expect(matched).toEqual([false, false, false, false]);
  });
});
