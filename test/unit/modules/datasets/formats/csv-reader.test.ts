import { describe, expect, it } from "vitest";
import { AppError } from "../../../../../src/kernel/problem.ts";
import { CsvReader, csvDelimiter } from "../../../../../src/modules/datasets/formats/csv-reader.ts";

function readAll(text: string, cut = text.length, limits = { chars: 1000, columns: 10 }) {
  const reader = new CsvReader(",", limits.chars, limits.columns);
  const records = [];
  for (let at = 0; at < text.length; at += cut) records.push(...reader.push(text.slice(at, at + cut)));
  return [...records, ...reader.end()];
}

describe("CSV", () => {
  it("reads quotes, doubled quotes, delimiters and line breaks inside quotes, with true line numbers", () => {
    const text = 'a,b\r\n"x, ""y""","two\nlines"\r\n\r\nlast,"over\r\nthere"\n"",end';
    const expected = [
      { line: 1, cells: ["a", "b"] },
      { line: 2, cells: ['x, "y"', "two\nlines"] },
      { line: 5, cells: ["last", "over\r\nthere"] },
      { line: 7, cells: ["", "end"] },
    ];
    for (let cut = 1; cut <= text.length; cut++) {
      expect(
        readAll(text, cut).map(({ line, cells }) => ({ line, cells })),
        `cut at ${cut}`,
      ).toEqual(expected);
    }
  });

  it("counts lone carriage returns as line ends", () => {
    expect(readAll("a,b\rc,d\re,f").map(({ line }) => line)).toEqual([1, 2, 3]);
    expect(readAll('"a\rb",c\rd,e', 1).map(({ line, cells }) => [line, cells[0]])).toEqual([
      [1, "a\rb"],
      [3, "d"],
    ]);
  });

  it("keeps text behind a closing quote and tells it", () => {
    expect(readAll('"a"b,c\n')).toEqual([{ line: 1, cells: ["ab", "c"], strayQuote: true }]);
    expect(readAll('say "hi",c\n')[0]?.cells[0]).toBe('say "hi"');
  });

  it("cuts a record that is too long or too wide, and reads on", () => {
    const records = readAll(`${"x".repeat(50)},b\na,b\n1,2,3,4\n`, 3, { chars: 20, columns: 3 });
    expect(records.map(({ line, cut }) => [line, cut])).toEqual([
      [1, "record_too_long"],
      [2, undefined],
      [3, "too_many_columns"],
    ]);
  });

  it("refuses a quote that is never closed, naming its line", () => {
    expect(() => readAll('a,b\nc,"d\ne\nf')).toThrowError(AppError);
    try {
      readAll('a,b\nc,"d\ne\nf');
    } catch (error) {
      expect(error instanceof AppError && error.failure.data).toEqual({ line: 2 });
    }
  });

  it("finds the delimiter in the first line, quotes left aside", () => {
    expect(csvDelimiter("a,b;c,d\n;;;;;")).toBe(",");
    expect(csvDelimiter('"a,b,c";d;e\n')).toBe(";");
    expect(csvDelimiter("id\tquestion, please\tanswer")).toBe("\t");
  });
});
