import { describe, expect, it } from "vitest";
import type { Matcher } from "../../../../../contracts/alerts.ts";
import { LabelIndex } from "../../../../../src/modules/alerts/matching/label-index.rules.ts";
import {
  compileMatchers,
  matcherProblems,
  matchersText,
} from "../../../../../src/modules/alerts/matching/matchers.rules.ts";

const is = (name: string, op: Matcher["op"], value: string): Matcher => ({ name, op, value });
const holds = (matcher: Matcher, labels: Record<string, string>) => compileMatchers([matcher])(labels);

describe("compileMatchers", () => {
  it.each([
    [is("env", "=", "prod"), { env: "prod" }, true],
    [is("env", "=", "prod"), { env: "product" }, false],
    [is("env", "=", ""), {}, true],
    [is("env", "!=", "prod"), {}, true],
    [is("env", "!=", "prod"), { env: "prod" }, false],
    [is("env", "=~", "produ.*"), { env: "production" }, true],
    [is("env", "=~", "produ.*"), { env: "a production" }, false],
    [is("env", "=~", "a|ab"), { env: "ab" }, true],
    [is("env", "=~", "a|ab"), { env: "abc" }, false],
    [is("env", "=~", "(?:a|ab)c?"), { env: "abc" }, true],
    [is("env", "=~", ".*"), {}, true],
    [is("env", "=~", ".+"), {}, false],
    [is("env", "!~", ".*quux"), { env: "my quux" }, false],
    [is("env", "!~", ".*quux"), {}, true],
    [is("env", "=~", "a.b"), { env: "a\nb" }, false],
    [is("지역", "=~", "서울|부산"), { 지역: "부산" }, true],
    [is("toString", "=", ""), {}, true],
  ])("%j on %j is %s", (matcher, labels, expected) => {
    expect(holds(matcher, labels)).toBe(expected);
  });

  it("asks for all of several, and for nothing when there are none", () => {
    const both = compileMatchers([is("a", "=", "1"), is("b", "!=", "2")]);
    expect([both({ a: "1" }), both({ a: "1", b: "2" }), both({})]).toEqual([true, false, false]);
    expect(compileMatchers([])({})).toBe(true);
  });

  it("answers a pattern that would stall a back-tracking engine at once", () => {
    const test = compileMatchers([is("a", "=~", "(a+)+$")]);
    const before = performance.now();
    expect(test({ a: `${"a".repeat(1000)}!` })).toBe(false);
    expect(performance.now() - before).toBeLessThan(500);
  });

  it("points at patterns that it can't read", () => {
    const problems = matcherProblems([is("a", "=~", "ok"), is("b", "!~", "(")], "/matchers");
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatchObject({ pointer: "/matchers/1/value", code: "bad_pattern" });
    expect(matcherProblems([is("a", "=~", "a)(b")], "")).toHaveLength(1);
    expect(matcherProblems([is("a", "=~", "(?=a)b")], "")).toHaveLength(1);
  });

  it("writes matchers in the order of their names", () => {
    expect(matchersText([is("owner", "=", "team-A"), is("level", "!=", "critical")])).toBe(
      '{level!="critical",owner="team-A"}',
    );
  });
});

describe("LabelIndex", () => {
  it("finds the same as trying every entry", () => {
    const lists = [
      [is("host", "=", "a"), is("env", "=~", "p.*")],
      [is("host", "=", "b")],
      [is("env", "!=", "prod")],
      [is("host", "=", "")],
      [is("host", "=~", "a|b"), is("job", "=", "x")],
      [],
    ];
    const index = new LabelIndex<number>();
    lists.forEach((list, number) => {
      index.add(list, number);
    });
    const values = [undefined, "a", "b", "prod", "x"];
    for (const host of values) {
      for (const env of values) {
        for (const job of values) {
          const pairs = Object.entries({ host, env, job }).filter(([, value]) => value !== undefined);
          const labels = Object.fromEntries(pairs) as Record<string, string>;
          const expected = lists.flatMap((list, number) => (compileMatchers(list)(labels) ? [number] : []));
          expect(index.matching(labels).sort()).toEqual(expected);
        }
      }
    }
  });
});
