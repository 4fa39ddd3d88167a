import { describe, expect, it } from "vitest";
import { AppError } from "../../../../src/kernel/problem.ts";
import {
  checkedVariables,
  renderTemplate,
  variablesOf,
} from "../../../../src/modules/prompts/template.rules.ts";

function refusal(run: () => unknown) {
  try {
    run();
  } catch (error) {
    if (error instanceof AppError) {
      const { kind, code, errors = [] } = error.failure;
      return { kind, code, fields: errors.map((field) => `${field.pointer} ${field.code}`) };
    }
  }
  throw new Error("it was not refused");
}

describe("variablesOf", () => {
  it("finds each placeholder once, in order, in any script and with spaces", () => {
    expect(variablesOf("{{b}} {{ 질문 }} {{a_1.x-y}} {{b}}")).toEqual(["b", "질문", "a_1.x-y"]);
  });

  it("takes nothing else for a placeholder", () => {
    for (const text of [
      '{{"a": 1}}',
      "{a}",
      "{{}}",
      "{{ }}",
      "{{1a}}",
      "{{a b}}",
      "{{a}",
      "\\{{a}}",
      "{{a\n}}",
    ]) {
      expect(variablesOf(text), text).toEqual([]);
    }
    expect(variablesOf("{{{a}}}")).toEqual(["a"]);
  });

  it("takes time in proportion to the text, however many braces it has", () => {
    expect(variablesOf(`${"{{".repeat(50_000)}${" ".repeat(50_000)}${"{{a".repeat(50_000)}`)).toEqual([]);
  });
});

describe("checkedVariables", () => {
  it("reads them from the text, or keeps the declared order", () => {
    expect(checkedVariables("{{a}}{{b}}", undefined)).toEqual(["a", "b"]);
    expect(checkedVariables("{{a}}{{b}}", ["b", "a"])).toEqual(["b", "a"]);
    expect(checkedVariables("none", [])).toEqual([]);
  });

  it("points at each name that is unused, undeclared or declared twice", () => {
    expect(refusal(() => checkedVariables("{{a}}{{c}}", ["a", "b", "a"]))).toEqual({
      kind: "invalid_input",
      code: "prompts.variables_differ",
      fields: ["/variables/1 unused", "/variables/2 duplicate", "/content undeclared"],
    });
  });
});

describe("renderTemplate", () => {
  it("replaces every placeholder once and never reads a value again", () => {
    const text = renderTemplate("{{a}}-{{ b }}-{{a}}", ["a", "b"], { a: "{{b}}$&", b: 3 });
    expect(text).toBe("{{b}}$&-3-{{b}}$&");
    expect(renderTemplate("{{x}}", ["x"], { x: false })).toBe("false");
    expect(renderTemplate("{{x}}", ["x"], { x: "" })).toBe("");
  });

  it("leaves an escaped placeholder as text, without the backslash", () => {
    expect(renderTemplate("\\{{a}} {{b}}", ["b"], { b: "B" })).toBe("{{a}} B");
  });

  it("points at every missing and every unknown name", () => {
    expect(refusal(() => renderTemplate("{{a}}{{b}}", ["a", "b"], { b: 1, "c/d~": 2 }))).toEqual({
      kind: "invalid_input",
      code: "prompts.variables_missing",
      fields: ["/variables/a missing", "/variables/c~1d~0 unknown_field"],
    });
    expect(refusal(() => renderTemplate("{{toString}}", ["toString"], {})).fields).toEqual([
      "/variables/toString missing",
    ]);
  });

  it("refuses a text that would grow too long before it is made", () => {
    const content = "{{a}}".repeat(20_000);
    expect(refusal(() => renderTemplate(content, ["a"], { a: "x".repeat(100_000) }))).toMatchObject({
      code: "prompts.text_too_long",
      fields: ["/variables too_big"],
    });
    expect(renderTemplate(content, ["a"], { a: "x".repeat(50) })).toHaveLength(1_000_000);
    expect(refusal(() => renderTemplate(`${content}!`, ["a"], { a: "x".repeat(50) })).code).toBe(
      "prompts.text_too_long",
    );
  });
});
