import { describe, expect, it } from "vitest";
import { fieldsOf, itemsAt } from "../../../../support/kube/harvester/machines/fields.ts";
import { answerQuery } from "../../../../support/kube/harvester/monitoring/prometheus-answer.ts";
import type { Labels, Series, Source } from "../../../../support/kube/harvester/monitoring/promql-values.ts";

const now = Date.parse("2026-01-05T09:00:00Z");
const series = (name: string, labels: Labels, at: Series["at"]): Series => ({
  labels: { __name__: name, ...labels },
  at,
});

const all: Series[] = [
  series("memory", { node: "a", kind: "total" }, () => 8),
  series("free", { node: "a", kind: "free" }, () => 2),
  series("load", { node: "a", zone: "east" }, () => 3),
  series("load", { node: "b", zone: "east" }, () => 1),
  series("load", { node: "c", zone: "west" }, () => 5),
  // Two a second, and starting over at 09:00:00 less 60 s.
  series("requests_total", { node: "a" }, (ms) =>
    ms < now - 60_000 ? (ms - now + 3_600_000) / 500 : (ms - now + 60_000) / 500,
  ),
  series("young_total", { node: "a" }, (ms) => (ms < now - 30_000 ? undefined : (ms - now + 30_000) / 1000)),
];
const source: Source = (name) =>
  all.filter(({ labels }) => name === undefined || labels["__name__"] === name);

function ask(query: string) {
  const { status, body } = answerQuery("query", new URLSearchParams({ query }), source, now);
  if (status !== 200) return fieldsOf(body)["error"];
  const data = fieldsOf(fieldsOf(body)["data"]);
  const { result } = data;
  if (data["resultType"] !== "vector") return Array.isArray(result) ? Number(result[1]) : result;
  return Object.fromEntries(
    itemsAt(data, "result").map(({ metric, value }) => [
      Object.values(fieldsOf(metric)).join(" "),
      Array.isArray(value) ? Number(value[1]) : value,
    ]),
  );
}

describe("PromQL", () => {
  it("selects by labels and patterns", () => {
    expect(ask("load{zone='east'}")).toEqual({ "load a east": 3, "load b east": 1 });
    expect(ask('{__name__="load",node=~"a|c"}')).toEqual({ "load a east": 3, "load c west": 5 });
    expect(ask('load{node!~"a|c"}')).toEqual({ "load b east": 1 });
    expect(ask("unknown_metric")).toEqual({});
  });

  it("keeps the order of its operators", () => {
    expect(ask("2 + 3 * 4 ^ 2 ^ 0.5 / 2")).toBeCloseTo(2 + (3 * 4 ** (2 ** 0.5)) / 2);
    expect(ask("-2 ^ 2")).toBe(-4);
    expect(ask("1 > bool 2")).toBe(0);
  });

  it("compares, and lets through what holds", () => {
    expect(ask("load > 2")).toEqual({ "load a east": 3, "load c west": 5 });
    expect(ask("load == bool 1")).toEqual({ "a east": 0, "b east": 1, "c west": 0 });
  });

  it("pairs series by the labels that it is told", () => {
    expect(ask("(memory - ignoring(kind) free) / ignoring(kind) memory")).toEqual({ a: 0.75 });
    expect(ask("load * on(node) group_left free")).toEqual({ "a east": 6 });
    expect(ask("memory - free")).toEqual({});
  });

  it("puts together by labels", () => {
    expect(ask("sum by (zone) (load)")).toEqual({ east: 4, west: 5 });
    expect(ask("avg(load) without (node)")).toEqual({ east: 2, west: 5 });
    expect(ask("topk(1, load)")).toEqual({ "load c west": 5 });
    expect(ask("count(load)")).toEqual({ "": 3 });
    expect(ask("quantile(0.5, load)")).toEqual({ "": 3 });
  });

  it("takes the rate of a counter, through its reset", () => {
    expect(ask("rate(requests_total[30s])")).toEqual({ a: 2 });
    const over = ask("rate(requests_total[2m])");
    expect(fieldsOf(over)["a"]).toBeCloseTo(1.75, 1);
    expect(ask("irate(requests_total[5m]) * 8")).toEqual({ a: 16 });
    expect(ask("rate(young_total[5m])")).toEqual({ a: 1 });
    expect(ask("requests_total offset 30s")).toEqual({ "requests_total a": 60 });
  });

  it("knows sets", () => {
    expect(ask("load and load{zone='west'}")).toEqual({ "load c west": 5 });
    expect(ask("load unless load{zone='west'}")).toEqual({ "load a east": 3, "load b east": 1 });
    expect(ask("load{zone='west'} or load{node='a'}")).toEqual({ "load c west": 5, "load a east": 3 });
    expect(ask("absent(nothing)")).toEqual({ "": 1 });
  });

  it("says where a query can't be read", () => {
    expect(ask("sum(")).toBe('invalid parameter "query": 1:5: parse error: unexpected end of input');
    expect(ask("")).toContain("no expression found in input");
    expect(ask("load{")).toContain("1:6: parse error");
    expect(ask('load{a=~"("}')).toContain("error parsing regexp");
    expect(ask("load ? 2")).toContain("unexpected character: '?'");
    expect(ask("nothing(load)")).toContain('unknown function with name "nothing"');
    expect(ask("rate(load)")).toContain("expected type range vector");
    expect(ask("memory * on(zone) load * on(zone) load")).toEqual(expect.any(String));
  });

  it("answers over a range, and refuses ranges that make no sense", () => {
    const range = (more: Record<string, string>) =>
      answerQuery(
        "query_range",
        new URLSearchParams({
          query: "load{node='a'}",
          start: `${now / 1000 - 60}`,
          end: `${now / 1000}`,
          step: "30s",
          ...more,
        }),
        source,
        now,
      );
    expect(range({})).toMatchObject({
      status: 200,
      body: {
        data: {
          resultType: "matrix",
          result: [
            {
              values: [
                [now / 1000 - 60, "3"],
                [now / 1000 - 30, "3"],
                [now / 1000, "3"],
              ],
            },
          ],
        },
      },
    });
    expect(range({ step: "0" })).toMatchObject({ status: 400, body: { errorType: "bad_data" } });
    expect(range({ end: "1" }).body).toMatchObject({
      error: expect.stringContaining("must not be before start"),
    });
    expect(range({ start: "never" }).body).toMatchObject({
      error: expect.stringContaining('cannot parse "never"'),
    });
    expect(range({ start: "1", step: "1" }).body).toMatchObject({
      error: expect.stringContaining("11,000 points"),
    });
  });
});
