import { describe, expect, it } from "vitest";
import { readPythonLiteral } from "../../../../../src/modules/datasets/formats/python-literal.rules.ts";

describe("a Python literal", () => {
  it("reads lists of strings with either quote and with escapes", () => {
    expect(
      readPythonLiteral(`['it\\'s', "a \\"b\\"", '줄\\n바꿈', '\\xe9\\uac00\\U0001F600']`)?.value,
    ).toEqual(["it's", 'a "b"', "줄\n바꿈", "é가😀"]);
  });

  it("reads nested lists, tuples, dicts, None, booleans and numbers", () => {
    expect(
      readPythonLiteral("[{'name': 'search', 'args': {'k': 3, 'deep': (1, 2.5, -1e3)}}, None, True, False]")
        ?.value,
    ).toEqual([{ name: "search", args: { k: 3, deep: [1, 2.5, -1000] } }, null, true, false]);
  });

  it("reads items without commas, as NumPy prints them, and says so", () => {
    expect(readPythonLiteral("['첫째'\n 'second']")).toEqual({ value: ["첫째", "second"], spaced: true });
    expect(readPythonLiteral("['a', 'b']")?.spaced).toBe(false);
  });

  it("reads nothing that is not a literal, and never calls anything", () => {
    for (const text of [
      "[__import__('os')]",
      "[1, 2",
      "['a' + 'b']",
      "['a]",
      "[1] trailing",
      "",
      "[,]",
      "{'a'}",
      "['\\xzz']",
    ]) {
      expect(readPythonLiteral(text), text).toBeUndefined();
    }
    expect(readPythonLiteral("[".repeat(100) + "]".repeat(100))).toBeUndefined();
  });

  it("keeps a key named __proto__ as a key", () => {
    const value = readPythonLiteral("{'__proto__': 1}")?.value;
    expect(value && Object.keys(value)).toEqual(["__proto__"]);
  });
});
