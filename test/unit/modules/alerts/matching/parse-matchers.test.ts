import { describe, expect, it } from "vitest";
import { parseMatchers } from "../../../../../src/modules/alerts/matching/parse-matchers.rules.ts";

const read = (text: string) => parseMatchers(text).map(({ name, op, value }) => `${name}|${op}|${value}`);

describe("matchers as text", () => {
  it.each([
    ['severity="critical"', ["severity|=|critical"]],
    ['{severity="critical", host=~"db-.*"}', ["severity|=|critical", "host|=~|db-.*"]],
    ["host!=a,team!~ops.*", ["host|!=|a", "team|!~|ops.*"]],
    ['"my label"="a,b=\\"c\\""', ['my label|=|a,b="c"']],
    ["host=", ["host|=|"]],
    ["호스트=가 나", ["호스트|=|가 나"]],
    ["", []],
    ["{}", []],
  ])("are read from %s", (text, expected) => {
    expect(read(text)).toEqual(expected);
  });

  it.each(["host", "=a", 'host="a', 'host="a"b', "host==a~,,", 'a="\\x"'])("are not read from %s", (text) => {
    expect(() => read(text)).toThrow(SyntaxError);
  });

  it("are 32 at most", () => {
    expect(() => read(Array.from({ length: 33 }, (_, n) => `l${n}=1`).join(","))).toThrow("32 matchers");
  });
});
