import { describe, expect, it } from "vitest";
import { AppError } from "../../../../../src/kernel/problem.ts";
import { JsonArrayReader } from "../../../../../src/modules/datasets/formats/json-array-reader.ts";
import { JsonLinesReader } from "../../../../../src/modules/datasets/formats/json-lines-reader.ts";
import { sniffJson } from "../../../../../src/modules/datasets/formats/json-sniff.rules.ts";
import type { RecordReader, SourceItem } from "../../../../../src/modules/datasets/formats/source-record.ts";

function drain(reader: RecordReader, text: string, cut = text.length): SourceItem[] {
  const items: SourceItem[] = [];
  for (let at = 0; at < text.length; at += cut) items.push(...reader.push(text.slice(at, at + cut)));
  return [...items, ...reader.end()];
}

function brief(items: readonly SourceItem[]): unknown[] {
  return items.map((item) => ("broken" in item ? [item.line, item.broken.code] : [item.line, item.value]));
}

describe("a JSON array", () => {
  const text = '\n[ {"a": "]}\\"", "b": [1, {"c": 2}]},\n\n {"a": "나"} ,{}]\n ';

  it("gives one element at a time, each with the line it starts at, however the text is cut", () => {
    for (let cut = 1; cut <= text.length; cut++) {
      expect(brief(drain(new JsonArrayReader(1000, 1000), text, cut)), `cut at ${cut}`).toEqual([
        [2, { a: ']}"', b: [1, { c: 2 }] }],
        [4, { a: "나" }],
        [4, {}],
      ]);
    }
  });

  it("gives the elements before the end is there", () => {
    const reader = new JsonArrayReader(1000, 1000);
    expect(brief(reader.push('[{"a": 1}, {"a"'))).toEqual([[1, { a: 1 }]]);
  });

  it("reads the records of an object and keeps what stands around them", () => {
    const around =
      '{"name": "가", "thresholds": {"f": 0.5},\n"test_cases": [{"id": 1}], "after": [true], "conversations": []}';
    for (const cut of [1, 2, 3, 7, 200]) {
      const reader = new JsonArrayReader(1000, 1000);
      expect(brief(drain(reader, around, cut))).toEqual([[2, { id: 1 }]]);
      expect({ ...reader.envelope }).toEqual({ name: "가", thresholds: { f: 0.5 }, after: [true] });
      expect(reader.arrays).toEqual(["test_cases", "conversations"]);
    }
  });

  it("rejects elements that are no objects, no JSON or too long, and reads on", () => {
    const bad = `[1, "x", null, {"a": tru}, {"long": "${"y".repeat(100)}"}, {"ok": 1}]`;
    expect(brief(drain(new JsonArrayReader(60, 60), bad, 4))).toEqual([
      [1, "not_an_object"],
      [1, "not_an_object"],
      [1, "not_an_object"],
      [1, "malformed_json"],
      [1, "record_too_long"],
      [1, { ok: 1 }],
    ]);
  });

  it("tells members that are too large to keep", () => {
    const reader = new JsonArrayReader(100, 10);
    drain(reader, '{"big": "0123456789abc", "data": [{}], "s": 1}', 5);
    expect(reader.skippedMembers).toEqual(["big"]);
    expect({ ...reader.envelope }).toEqual({ s: 1 });
  });

  it("refuses what is cut off, badly nested or followed by more", () => {
    for (const wrong of [
      '[{"a": 1}',
      '[{"a": 1}}',
      "[{},,{}]",
      "[{},]",
      "[{}] x",
      '{"a" 1}',
      '{"a":}',
      '{"data": [}',
      "nonsense",
      '{"a": 1,}',
    ]) {
      expect(() => drain(new JsonArrayReader(100, 100), wrong, 2), wrong).toThrowError(AppError);
    }
  });

  it("refuses an object without an array of records", () => {
    expect(() => drain(new JsonArrayReader(100, 100), '{"a": {}}')).toThrowError(/no array of records/);
  });

  it("keeps a member named __proto__ as a member", () => {
    const reader = new JsonArrayReader(100, 100);
    drain(reader, '{"__proto__": {"polluted": true}, "data": [{}]}');
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
    expect(Object.keys(reader.envelope)).toEqual(["__proto__"]);
  });
});

describe("JSON lines", () => {
  it("tells bad lines by number and reads on, however the text is cut", () => {
    const text = `{"a": 1}\r\n\n  {"b": "나"}\n[1]\n{"a": \n{"long": "${"z".repeat(80)}"}\n{"c": 3}`;
    for (const cut of [1, 2, 3, 10, 500]) {
      expect(brief(drain(new JsonLinesReader(50), text, cut))).toEqual([
        [1, { a: 1 }],
        [3, { b: "나" }],
        [4, "not_an_object"],
        [5, "malformed_json"],
        [6, "record_too_long"],
        [7, { c: 3 }],
      ]);
    }
  });

  it("reads Python's NaN as null and says so", () => {
    const [item] = drain(new JsonLinesReader(100), '{"a": NaN, "b": "NaN", "c": [-Infinity]}');
    expect(item).toMatchObject({
      value: { a: null, b: "NaN", c: [null] },
      warnings: [{ code: "nan_to_null" }],
    });
  });

  it("unwraps the rows of a Hugging Face page", () => {
    expect(brief(drain(new JsonLinesReader(100), '{"row_idx": 0, "row": {"question": "q"}}'))).toEqual([
      [1, { question: "q" }],
    ]);
  });
});

describe("telling JSON lines from one document", () => {
  it("knows them by their beginning", () => {
    expect(sniffJson('{"a":1}\n{"b":2}')).toMatchObject({ container: "jsonl", recordKeys: ["a"] });
    expect(sniffJson('[{"a":1,"in":{"x":1}},{"b"')).toMatchObject({
      container: "json",
      recordKeys: ["a", "in"],
    });
    expect(sniffJson('{"name":"x","test_cases":[{"id":1,"question"')).toMatchObject({
      container: "json",
      recordKeys: ["id"],
      envelopeKeys: ["name", "test_cases"],
    });
    expect(sniffJson('{\n  "a": 1\n}')).toMatchObject({ container: "json", envelopeKeys: ["a"] });
    expect(sniffJson('{"only":"one line"}')).toMatchObject({ container: "jsonl", recordKeys: ["only"] });
    expect(sniffJson('{"broken": \n{"input": "q"}\n')).toMatchObject({
      container: "jsonl",
      recordKeys: ["input"],
    });
    expect(sniffJson("id,question\n1,2")).toBeUndefined();
  });
});
