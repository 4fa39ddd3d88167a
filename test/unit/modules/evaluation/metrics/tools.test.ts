import { describe, expect, it } from "vitest";
import { toolCallAccuracy } from "../../../../../src/modules/evaluation/metrics/tool-call-accuracy.ts";
import { toolCallF1 } from "../../../../../src/modules/evaluation/metrics/tool-call-f1.ts";
import { toolCorrectness } from "../../../../../src/modules/evaluation/metrics/tool-correctness.ts";
import { scoreOf } from "./score-of.ts";

const search = { name: "search", args: { query: "premium", limit: 10 } };
const filter = { name: "filter", args: { type: "recent" } };

describe("what is missing", () => {
  it.each([toolCallAccuracy, toolCallF1, toolCorrectness])(
    "never becomes a score of $name",
    async (metric) => {
      expect(await scoreOf<never>(metric as never, { toolCalls: [search] })).toBe("no_reference_tool_calls");
      expect(await scoreOf<never>(metric as never, { referenceToolCalls: [search] })).toBe("no_tool_calls");
    },
  );

  it.each([toolCallAccuracy, toolCallF1, toolCorrectness])(
    "is not an empty list, for $name",
    async (metric) => {
      expect(await scoreOf<never>(metric as never, { toolCalls: [], referenceToolCalls: [] })).toBe(1);
      expect(await scoreOf<never>(metric as never, { toolCalls: [], referenceToolCalls: [search] })).toBe(0);
      expect(await scoreOf<never>(metric as never, { toolCalls: [search], referenceToolCalls: [] })).toBe(0);
    },
  );
});

describe("tool_call_accuracy", () => {
  // The cases of Ragas' tests.
  it("wants the names in order, unless told otherwise", async () => {
    const parts = { toolCalls: [filter, search], referenceToolCalls: [search, filter] };
    expect(await scoreOf(toolCallAccuracy, parts)).toBe(0);
    expect(await scoreOf(toolCallAccuracy, parts, { order: "flexible" })).toBe(1);
  });

  it("scores a list of another length 0", async () => {
    expect(
      await scoreOf(toolCallAccuracy, { toolCalls: [search, filter], referenceToolCalls: [search] }),
    ).toBe(0);
    expect(
      await scoreOf(toolCallAccuracy, { toolCalls: [search], referenceToolCalls: [search, filter] }),
    ).toBe(0);
  });

  it("gives a call the share of its arguments that match", async () => {
    const toolCalls = [{ name: "search", args: { query: "premium", limit: 5 } }, filter];
    expect(await scoreOf(toolCallAccuracy, { toolCalls, referenceToolCalls: [search, filter] })).toBe(0.75);
  });

  it("compares arguments as JSON values, member order aside", async () => {
    const one = { name: "f", args: { filter: { a: 1, b: [2] } } };
    const same = { name: "f", args: { filter: { b: [2], a: 1 } } };
    const text = { name: "f", args: { filter: '{"a":1,"b":[2]}' } };
    expect(await scoreOf(toolCallAccuracy, { toolCalls: [same], referenceToolCalls: [one] })).toBe(1);
    expect(await scoreOf(toolCallAccuracy, { toolCalls: [text], referenceToolCalls: [one] })).toBe(0);
  });

  it("reads the calls of the assistant messages of a conversation", async () => {
    const input = [
      { role: "user" as const, content: "?" },
      { role: "assistant" as const, content: "", toolCalls: [search] },
      { role: "assistant" as const, content: "", toolCalls: [filter] },
    ];
    expect(await scoreOf(toolCallAccuracy, { input, referenceToolCalls: [search, filter] })).toBe(1);
  });
});

describe("tool_call_f1", () => {
  it("scores an extra call 2/3 beside one right one", async () => {
    expect(
      await scoreOf(toolCallF1, { toolCalls: [search, filter], referenceToolCalls: [search] }),
    ).toBeCloseTo(2 / 3, 12);
  });

  it("scores two right calls and one extra 0.8", async () => {
    const toolCalls = [search, filter, { name: "extra" }];
    expect(await scoreOf(toolCallF1, { toolCalls, referenceToolCalls: [search, filter] })).toBeCloseTo(
      0.8,
      12,
    );
  });

  it("scores two empty lists 0 as Ragas does on request", async () => {
    expect(await scoreOf(toolCallF1, { toolCalls: [], referenceToolCalls: [] }, { compat: "ragas" })).toBe(0);
  });
});

describe("tool_correctness", () => {
  const [a, b, c] = [{ name: "a" }, { name: "b" }, { name: "c" }];

  it("counts expected tools in any order, in order, or as the same list", async () => {
    const parts = { toolCalls: [c, a, b], referenceToolCalls: [a, b, c] };
    expect(await scoreOf(toolCorrectness, parts)).toBe(1);
    expect(await scoreOf(toolCorrectness, parts, { mode: "ordered" })).toBeCloseTo(2 / 3, 12);
    expect(await scoreOf(toolCorrectness, parts, { mode: "exact" })).toBe(0);
  });

  it("does not use one call for two expected ones", async () => {
    expect(await scoreOf(toolCorrectness, { toolCalls: [a], referenceToolCalls: [a, a] })).toBe(0.5);
  });

  it("tells a function from an MCP tool of the same name", async () => {
    const parts = { toolCalls: [{ name: "a", kind: "mcp" as const }], referenceToolCalls: [a] };
    expect(await scoreOf(toolCorrectness, parts)).toBe(0);
  });

  it("weighs a match by its arguments: equal members over all members, nested too", async () => {
    const parts = {
      toolCalls: [{ name: "a", args: { x: 1, y: { p: 1, q: 2 } } }],
      referenceToolCalls: [{ name: "a", args: { x: 1, y: { p: 1, q: 3 }, z: 0 } }],
    };
    expect(await scoreOf(toolCorrectness, parts, { arguments: true })).toBeCloseTo((1 + 0.5) / 3, 12);
    expect(await scoreOf(toolCorrectness, parts, { arguments: true, mode: "ordered" })).toBeCloseTo(0.5, 12);
    expect(await scoreOf(toolCorrectness, parts)).toBe(1);
  });
});
