import { describe, expect, it } from "vitest";
import { pollInputs } from "../../../../../src/modules/rules/polling/fed-inputs.rules.ts";

const rows = [{ labels: {}, value: 1 }];
const result = { ok: true as const, rows };
const kinds = (lastAt: number | null, at: number) =>
  pollInputs(lastAt, at, 10_000, result).map(({ input }) => input.kind);

describe("what a poll is to the engine", () => {
  it("is its series, or that it failed", () => {
    expect(pollInputs(null, 5, 10_000, result)).toEqual([
      { key: [], input: { kind: "samples", at: 5, rows } },
    ]);
    expect(pollInputs(null, 5, 10_000, { ok: false, detail: "answered 500" })).toEqual([
      { key: [], input: { kind: "failure", at: 5, detail: "answered 500" } },
    ]);
  });

  it("counts once, and not after a later one", () => {
    expect([kinds(20_000, 20_000), kinds(20_000, 10_000), kinds(20_000, 30_000)]).toEqual([
      [],
      [],
      ["samples"],
    ]);
  });

  it("comes after an outage when more than two intervals are missing", () => {
    expect(kinds(0, 20_000)).toEqual(["samples"]);
    expect(pollInputs(0, 20_001, 10_000, result)).toEqual([
      { key: [], input: { kind: "resume", downAt: 0, upAt: 20_001 } },
      { key: [], input: { kind: "samples", at: 20_001, rows } },
    ]);
  });
});
