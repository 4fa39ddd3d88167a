import { describe, expect, it } from "vitest";
import { RuleDefinition, type RuleDefinitionInput } from "../../../../contracts/rules.ts";
import { AppError } from "../../../../src/kernel/problem.ts";
import { mustCompile } from "../../../../src/modules/rules/must-compile.ts";

const refusals = (definition: RuleDefinitionInput) => {
  try {
    mustCompile(RuleDefinition.parse(definition));
  } catch (error) {
    if (error instanceof AppError) return error.failure.errors;
    throw error;
  }
  return [];
};

describe("a definition that does not compile", () => {
  it("names the place in each expression that is wrong", () => {
    expect(
      refusals({
        name: "wrong",
        trigger: { kind: "filter" },
        condition: { kind: "expression", open: "data.cpu > 80 &&\n  data.load >> 2" },
        annotations: { summary: "on {{ data.host }}: {{ nope }}" },
      }),
    ).toEqual([
      {
        pointer: "/definition/condition/open",
        code: "bad_syntax",
        message: "Line 2, column 14: Unexpected token: GT",
      },
      {
        pointer: "/definition/annotations/summary",
        code: "unknown_name",
        message: expect.stringMatching(/^Line 1, column 24: There is no "nope" here/),
      },
    ]);
  });

  it("names the place in the steps of a pattern", () => {
    const steps = [{ kind: "event" as const, var: "a", where: "event.type == nope" }];
    expect(refusals({ name: "wrong", trigger: { kind: "pattern", pattern: { steps } } })).toEqual([
      {
        pointer: "/definition/trigger/pattern/steps/0/where",
        code: "unknown_name",
        message: expect.stringMatching(/^Line 1, column 15: /),
      },
    ]);
  });
});
