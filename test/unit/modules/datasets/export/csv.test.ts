import { describe, expect, it } from "vitest";
import { guardFormula } from "../../../../../src/modules/datasets/export/csv-cell.rules.ts";
import { csvRow } from "../../../../../src/modules/datasets/export/csv-row.rules.ts";
import { toCsv } from "../../../../../src/modules/datasets/export/to-csv.ts";
import { toJsonl } from "../../../../../src/modules/datasets/export/to-jsonl.ts";

async function textOf(stream: ReadableStream): Promise<string> {
  return new TextDecoder("utf-8", { ignoreBOM: true }).decode(await new Response(stream).arrayBuffer());
}

describe("a CSV cell", () => {
  it.each([
    "=HYPERLINK(A1)",
    "+1+cmd|' /C calc'!A0",
    "-2+3",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    "\n=1",
    "＝1+1",
    "＋1+1",
    "－1+1",
    "＠SUM(A1)",
    "  =1+1",
    "\u00a0=1",
    "\ufeff=1",
    "\u3000＝1",
    "+82-10-1234-5678",
    "-",
  ])("does not let %j become a formula", (text) => {
    expect(guardFormula(text)).toBe(`'${text}`);
    expect(csvRow([text])).toMatch(/^"?'/);
  });

  it.each(["답변 = 3", "a-b", "-5", "+3.5", "-1e3", ".5", "이메일 a@b.c", "", "3-1"])(
    "leaves %j as it is",
    (text) => {
      expect(guardFormula(text)).toBe(text);
    },
  );

  it("looks at a long text in linear time", () => {
    expect(guardFormula(`${"1".repeat(200_000)}x`)).toHaveLength(200_001);
    expect(guardFormula(`${" ".repeat(200_000)}x`)).toHaveLength(200_001);
  });
});

describe("a CSV row", () => {
  it("keeps numbers as numbers and quotes what needs it", () => {
    expect(csvRow([-5, 0.1, 10n, true, null, undefined, Number.NaN])).toBe("-5,0.1,10,true,,,\r\n");
    expect(csvRow(['say "hi"', "a,b", "two\nlines", " edge ", "가"])).toBe(
      '"say ""hi""","a,b","two\nlines"," edge ",가\r\n',
    );
    expect(csvRow([["가", 1], { k: "v" }, new Date(0)])).toBe(
      '"[""가"",1]","{""k"":""v""}",1970-01-01T00:00:00.000Z\r\n',
    );
    expect(csvRow(["a;b", "c,d"], ";")).toBe('"a;b";c,d\r\n');
  });
});

describe("a CSV stream", () => {
  it("starts with a byte order mark where Excel needs one, and guards its header", async () => {
    expect(await textOf(toCsv(["id", "=x"], [["1", "답"]], { byteOrderMark: true }))).toBe(
      "\ufeffid,'=x\r\n1,답\r\n",
    );
    expect(await textOf(toCsv(["id"], []))).toBe("id\r\n");
  });

  it("asks for rows only as fast as it is read, and stops its source when it is cancelled", async () => {
    let made = 0;
    let stopped = false;
    async function* rows() {
      try {
        for (;;) {
          made += 1;
          yield ["x".repeat(1_000)];
        }
      } finally {
        stopped = true;
      }
    }
    const reader = toCsv(["a"], rows()).getReader();
    await reader.read();
    await reader.read();
    expect(made).toBeLessThan(400);
    await reader.cancel();
    expect(stopped).toBe(true);
  });

  it("fails when its source fails", async () => {
    async function* rows() {
      yield ["a"];
      throw new Error("the database is gone");
    }
    await expect(textOf(toCsv(["h"], rows()))).rejects.toThrow("the database is gone");
  });
});

describe("a JSONL stream", () => {
  it("has one value a line", async () => {
    expect(await textOf(toJsonl([{ a: "줄\n바꿈" }, [1]]))).toBe('{"a":"줄\\n바꿈"}\n[1]\n');
  });
});
