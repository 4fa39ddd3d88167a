import { describe, expect, it } from "vitest";
import { RuleTestFile } from "../../../../../contracts/rule-tests.ts";
import {
  definitionOf,
  mustFindTemplate,
  parametersOf,
  templates,
} from "../../../../../src/modules/rules/templates/catalogue.ts";
import { runRuleTests } from "../../../../../src/modules/rules/testing/run-rule-tests.ts";

describe.each(templates.map((template) => [template.id, template] as const))(
  "the template %s",
  (_, template) => {
    it("makes a rule whose own tests pass", () => {
      const rules = [definitionOf(template, {})];
      const report = runRuleTests(RuleTestFile.parse({ rules, tests: template.tests }));
      expect(report.tests.flatMap(({ failures, problems }) => [...failures, ...problems])).toEqual([]);
      expect(report.passed).toBe(template.tests.length);
    });

    it("has tests that would see a rule that never fires", () => {
      const { trigger, condition, ...rest } = definitionOf(template, {});
      const never =
        trigger.kind === "pattern"
          ? { ...rest, trigger, sources: { ...rest.sources, where: "false" } }
          : { ...rest, trigger, condition: { kind: "expression", open: "false" }, noData: {} };
      const report = runRuleTests(RuleTestFile.parse({ rules: [never], tests: template.tests }));
      expect(report.ok).toBe(false);
    });

    it("is described in English and Korean, with parameters that all have defaults", () => {
      for (const text of [template.title, template.description]) {
        expect(text.en).toMatch(/^[\x20-\x7e]+$/);
        expect(text.ko).toMatch(/[가-힣]/);
      }
      const { properties, required = [] } = parametersOf(template) as {
        properties: Record<string, { description?: string }>;
        required?: string[];
      };
      expect(required).toEqual([]);
      for (const { description } of Object.values(properties)) expect(description).toMatch(/\.$/);
    });
  },
);

describe("templates", () => {
  it("have ids of their own", () => {
    expect(new Set(templates.map(({ id }) => id)).size).toBe(templates.length);
    expect(templates.length).toBeGreaterThanOrEqual(20);
  });

  it("take parameters", () => {
    const rule = definitionOf(
      mustFindTemplate("cpu-high"),
      { open: 95, close: 90, groupBy: "node" },
      "busy nodes",
    );
    expect(rule).toMatchObject({
      name: "busy nodes",
      key: ["data.node"],
      keyLabels: ["node"],
      condition: { open: { value: 95 }, close: { value: 90 } },
    });
  });

  it("refuse parameters that are wrong, with pointers to them", () => {
    const attempt = () => definitionOf(mustFindTemplate("cpu-high"), { open: "high", groupBy: "a b", x: 1 });
    expect(attempt).toThrow(
      expect.objectContaining({ failure: expect.objectContaining({ code: "rules.template_parameters" }) }),
    );
    try {
      attempt();
    } catch (error) {
      const { errors } = (error as { failure: { errors: { pointer: string }[] } }).failure;
      expect(errors.map(({ pointer }) => pointer).sort()).toEqual([
        "/parameters/groupBy",
        "/parameters/open",
        "/parameters/x",
      ]);
    }
  });

  it("are not found by a name that nobody gave", () => {
    expect(() => mustFindTemplate("nothing")).toThrow(/There is no template "nothing"/);
  });
});
