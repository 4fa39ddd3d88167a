import { describe, expect, it } from "vitest";
import { compiled, found, ids, run, samples } from "./run-pattern.ts";

const event = (name: string, where: string, more: object = {}) => ({
  kind: "event" as const,
  var: name,
  where,
  ...more,
});

describe("after a match", () => {
  const triples = (strategy: object) => ({
    steps: [event("x", "a", { times: 3 })],
    afterMatch: strategy as never,
  });

  it("noSkip reports every match", () => {
    expect(found(triples({ strategy: "noSkip" }), "a1 a2 a3 a4 a5")).toEqual([
      "a1 a2 a3",
      "a2 a3 a4",
      "a3 a4 a5",
    ]);
  });

  it("skipPastLast, the default, begins again after the last event", () => {
    expect(found({ steps: triples({}).steps }, "a1 a2 a3 a4 a5 a6")).toEqual(["a1 a2 a3", "a4 a5 a6"]);
  });

  it("skipToNext keeps one match for each first event", () => {
    const spec = {
      steps: [event("x", "a"), event("y", "b", { times: { min: 1, max: null } })],
      afterMatch: { strategy: "skipToNext" as const },
    };
    expect(found(spec, "a1 b1 b2 b3")).toEqual(["a1 b1"]);
    expect(found(spec, "a1 a2 b1 b2")).toEqual(["a1 b1", "a2 b1"]);
  });

  const loop = (strategy: object) => ({
    steps: [
      event("x", "a", { times: { min: 1, max: null }, consecutive: true, greedy: true }),
      event("y", "b", { contiguity: "next" as const }),
    ],
    afterMatch: strategy as never,
  });

  it("skipToFirst and skipToLast go to an event of a variable", () => {
    expect(found(loop({ strategy: "skipToFirst", var: "x" }), "a1 a2 a3 b1")).toEqual([
      "a1 a2 a3 b1",
      "a2 a3 b1",
      "a3 b1",
    ]);
    expect(found(loop({ strategy: "skipToLast", var: "x" }), "a1 a2 a3 b1")).toEqual([
      "a1 a2 a3 b1",
      "a3 b1",
    ]);
    expect(found(loop({ strategy: "skipPastLast" }), "a1 a2 a3 b1")).toEqual(["a1 a2 a3 b1"]);
  });

  it("skips nothing when the variable took nothing", () => {
    const spec = {
      steps: [event("x", "a"), event("y", "c", { optional: true }), event("z", "b")],
      afterMatch: { strategy: "skipToFirst" as const, var: "y" },
      withinMs: 10,
    };
    expect(found(spec, "a1 a2 b1", 100)).toEqual(["a1 b1", "a2 b1"]);
  });

  const rising = (emit: "inOrder" | "atOnce", withinMs: number) => ({
    steps: [event("x", "a"), event("y", "b>x")],
    emit,
    withinMs,
  });

  it("holds a match back in order while an earlier one may still win, and drops it when that wins", () => {
    expect(found(rising("inOrder", 100), "a1=5 a2=1 b1=3 b2=9")).toEqual(["a1 b2"]);
  });

  it("releases a held match when the earlier one has run out of time", () => {
    const { steps, matches } = run(compiled(rising("inOrder", 10)), samples("a1=5@0 a2=1@4 b1=3@5"), {
      watermark: 10,
    });
    expect(steps.map((step) => step.matches.map(ids))).toEqual([[], [], [], ["a2 b1"]]);
    expect(steps[2]?.timers).toEqual([{ at: 10, kind: "fire" }]);
    expect(matches[0]).toMatchObject({ startAt: 4, endAt: 5, detectedAt: 10 });
  });

  it("reports at once instead where asked, and drops the earlier one", () => {
    const { steps } = run(compiled(rising("atOnce", 100)), samples("a1=5 a2=1 b1=3 b2=9"));
    expect(steps.map((step) => step.matches.map(ids))).toEqual([[], [], ["a2 b1"], []]);
  });
});
