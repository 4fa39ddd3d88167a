import { expect, it } from "vitest";
import { OneKey, transitionsOf } from "./rule-bench.ts";

it("tells missing data and errors of a poll apart, each with an alert of its own", () => {
  const own = { use: "ownAlert" as const, afterMs: 0 };
  const key = new OneKey({
    trigger: { kind: "metric", metric: { intervalMs: 60_000, url: "https://x.test", format: "json" } },
    condition: { kind: "static", of: "value", open: { op: ">", value: 0 } },
    noData: own,
    error: own,
  });
  const open = () =>
    Object.values(key.state.instances)
      .filter(({ status }) => status === "firing")
      .map(({ labels }) => labels.maru_reason ?? "condition");
  key.feed({ kind: "samples", at: 0, rows: [{ labels: {}, value: 5 }] });
  expect(open()).toEqual(["condition"]);
  key.feed({ kind: "samples", at: 1, rows: [] });
  expect(open()).toEqual(["condition", "noData"]);
  key.feed({ kind: "failure", at: 2, detail: "answered 500" });
  expect(open()).toEqual(["condition", "error"]);
  key.feed({ kind: "failure", at: 3, detail: "answered 500" });
  expect(open()).toEqual(["condition", "error"]);
  key.feed({ kind: "samples", at: 4, rows: [] });
  expect(open()).toEqual(["condition", "noData"]);
  key.feed({ kind: "samples", at: 5, rows: [{ labels: {}, value: 5 }] });
  expect(open()).toEqual(["condition"]);
  expect(transitionsOf(key.outputs)).toEqual([
    "0 normal>firing",
    "1 normal>firing",
    "2 firing>normal",
    "2 normal>firing",
    "4 firing>normal",
    "4 normal>firing",
    "5 firing>normal",
  ]);
});
