import { describe, expect, it } from "vitest";
import { compileTemplate } from "../../../../../src/modules/rules/expr/compile-template.ts";
import { celTypes } from "../../../../../src/modules/rules/expr/values/type.ts";

const types = { labels: celTypes.dyn, value: celTypes.double };

describe("a template", () => {
  it("puts values into text and leaves out what is missing", () => {
    const outcome = compileTemplate("{{ labels.host }} at {{value}}% {{ labels.zone }}!", types);
    expect(outcome.ok && outcome.template.render({ labels: { host: "web-1" }, value: 93.5 })).toBe(
      "web-1 at 93.5% !",
    );
  });

  it("writes lists and maps as JSON", () => {
    const outcome = compileTemplate("{{ [1, 2].map(x, {'n': x}) }}", types);
    expect(outcome.ok && outcome.template.render({})).toBe('[{"n":1},{"n":2}]');
  });

  it("says where an expression is wrong in the whole text", () => {
    const outcome = compileTemplate("first\nhost {{ lables.host }}", types);
    expect(!outcome.ok && outcome.issues.map(({ code, line, column }) => [code, line, column])).toEqual([
      ["unknown_name", 2, 9],
    ]);
    const open = compileTemplate("a {{ value", types);
    expect(!open.ok && open.issues.map(({ column }) => column)).toEqual([3]);
  });
});
