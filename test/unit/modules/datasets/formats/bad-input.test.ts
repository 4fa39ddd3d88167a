import { deflateSync, strToU8, zipSync } from "fflate";
import { describe, expect, it } from "vitest";
import { importCases } from "../../../../../src/modules/datasets/formats/import-cases.ts";
import { ImportLimits } from "../../../../../src/modules/datasets/formats/import-options.ts";
import { ZipArchive } from "../../../../../src/modules/datasets/formats/zip-archive.ts";
import { bytesOf, lines, read, refusal, streamOf } from "../reading.ts";

describe("the format", () => {
  it("follows the content, not the name", async () => {
    const { report } = await read(lines({ user_input: "q", response: "a" }), {
      fileName: "data.csv",
      contentType: "text/csv",
    });
    expect(report).toMatchObject({
      format: "ragas-jsonl",
      detection: { by: "content", reason: expect.stringContaining("user_input") },
    });
  });

  it("follows what was asked for", async () => {
    const { report } = await read("question,answer,contexts\nq,a,x|y\n", { format: "evalvault-csv" });
    expect(report).toMatchObject({ format: "evalvault-csv", detection: { by: "option" } });
  });

  it.each([
    ["ragas-jsonl", '[{"user_input": "q"}]'],
    ["evalvault-json", '{"a": 1}\n{"b": 2}\n'],
    ["evalvault-xlsx", "id,question\n1,q\n"],
  ] as const)("refuses %s for content of another kind", async (format, content) => {
    const { kind, code } = await refusal(content, { format });
    expect([kind, code]).toEqual(["unsupported_media", "datasets.format_mismatch"]);
  });

  it("refuses what it does not recognise, naming what it saw", async () => {
    for (const content of [
      "foo,bar\n1,2\n",
      lines({ foo: 1, bar: 2 }),
      '{"test": [\n1]}',
      "just some text",
    ]) {
      const { code, detail } = await refusal(content);
      expect(code).toBe("datasets.unknown_format");
      if (content.includes("foo")) expect(detail).toContain("foo, bar");
    }
  });

  it.each([
    [Uint8Array.of(0x1f, 0x8b, 8, 0), "gzip"],
    [Uint8Array.of(0xd0, 0xcf, 0x11, 0xe0, 1), "Excel"],
    [bytesOf("PAR1abcd"), "Parquet"],
    [bytesOf("%PDF-1.7"), "PDF"],
    [Uint8Array.of(0x61, 0, 0x62), "binary"],
  ])("refuses %s", async (bytes, word) => {
    const { kind, code, detail } = await refusal(bytes);
    expect([kind, code]).toEqual(["unsupported_media", "datasets.unsupported_container"]);
    expect(detail).toContain(word);
  });

  it("refuses options that are not known, with a pointer", async () => {
    const { code, errors } = await refusal("a", { mapping: { nonsense: "x" } } as never);
    expect(code).toBe("datasets.invalid_options");
    expect(errors?.[0]?.pointer).toContain("/mapping");
  });
});

describe("a data set without a usable row", () => {
  it("is refused with its first problems as field errors", async () => {
    const { kind, code, errors, data } = await refusal(
      `{"response": "a"}\nnot json\n{"user_input": "", "response": "a"}\n`,
      {
        format: "ragas-jsonl",
      },
    );
    expect([kind, code]).toEqual(["invalid_input", "datasets.no_usable_row"]);
    expect(errors?.map(({ code, message }) => [code, message.slice(0, 7)])).toEqual([
      ["missing_input", "Line 1:"],
      ["malformed_json", "Line 2:"],
      ["missing_input", "Line 3:"],
    ]);
    expect(data).toEqual({ rows: { total: 3, accepted: 0, warned: 0, rejected: 3 } });
  });

  it.each(["", "  \n\n", "user_input,response\n", "[]", '{"test_cases": []}', "\ufeff"])(
    "is refused when it is %j",
    async (content) => {
      const { code } = await refusal(content, content === "[]" ? { format: "ragas-json" } : {});
      expect(code).toBe("datasets.no_usable_row");
    },
  );
});

describe("limits", () => {
  it("refuse too many bytes, rows and characters", async () => {
    const rows = Array.from({ length: 20 }, (_, i) => ({ user_input: `q${i}`, response: "a" }));
    expect(await refusal(lines(...rows), { limits: { maxBytes: 100 } })).toMatchObject({
      kind: "too_large",
      code: "datasets.too_large",
    });
    expect(await refusal(lines(...rows), { limits: { maxRows: 10 } })).toMatchObject({
      kind: "too_large",
      code: "datasets.too_many_rows",
    });
    const { report } = await read(lines({ user_input: "x".repeat(500), response: "" }, ...rows), {
      limits: { maxRecordChars: 200 },
    });
    expect(report.problemCounts).toEqual({ record_too_long: 1 });
  });

  it("cap the problems that are shown, not those that are counted, errors first", async () => {
    const rows = Array.from({ length: 30 }, (_, i) => ({ user_input: i < 25 ? i : null, response: "a" }));
    const { report } = await read(lines(...rows), { limits: { maxProblems: 10 } });
    expect(report.problems).toHaveLength(10);
    expect(report.problems.filter(({ severity }) => severity === "error")).toHaveLength(5);
    expect(report.problemCounts).toEqual({ converted_to_text: 25, missing_input: 5 });
    expect(report.problemsLeftOut).toBe(20);
  });

  it("stop reading the source when the import stops", async () => {
    let cancelled: unknown;
    const source = new ReadableStream<Uint8Array>({
      pull(controller) {
        controller.enqueue(bytesOf(lines({ user_input: "q", response: "a" })));
      },
      cancel(reason) {
        cancelled = reason;
      },
    });
    await expect(importCases(source, { limits: { maxRows: 10_000 } }, () => undefined)).rejects.toThrow(
      "too_many_rows",
    );
    expect(cancelled).toBe("the import stopped");
    const failing = importCases(streamOf(lines({ user_input: "q", response: "a" })), {}, () =>
      Promise.reject(new Error("the sink is full")),
    );
    await expect(failing).rejects.toThrow("the sink is full");
  });
});

/** A ZIP with one stored entry whose header may lie about its size. */
function zipWith(name: string, packed: Uint8Array, claimed: number): Uint8Array {
  const zip = zipSync({
    "xl/workbook.xml": strToU8("<workbook/>"),
    [name]: [strToU8("placeholder"), { level: 0 }],
  });
  const entry = strToU8(name);
  const at = lastIndexOf(zip, entry) - 46;
  const view = new DataView(zip.buffer, zip.byteOffset);
  const local = view.getUint32(at + 42, true);
  const head = zip.slice(0, local + 30 + entry.length);
  const directory = zip.slice(view.getUint32(zip.length - 6, true));
  const out = new Uint8Array(head.length + packed.length + directory.length);
  out.set(head);
  out.set(packed, head.length);
  out.set(directory, head.length + packed.length);
  const start = head.length + packed.length;
  const moved = new DataView(out.buffer);
  const record = start + (at - view.getUint32(zip.length - 6, true));
  moved.setUint16(record + 10, 8, true);
  moved.setUint32(record + 20, packed.length, true);
  moved.setUint32(record + 24, claimed, true);
  moved.setUint32(out.length - 6, start, true);
  return out;
}

function lastIndexOf(bytes: Uint8Array, part: Uint8Array): number {
  for (let at = bytes.length - part.length; at >= 0; at--) {
    if (part.every((byte, i) => bytes[at + i] === byte)) return at;
  }
  return -1;
}

describe("a ZIP bomb", () => {
  const sheet = "xl/worksheets/sheet1.xml";
  const packed = deflateSync(new Uint8Array(20 * 1024 * 1024), { level: 9 });

  it("is stopped while it inflates, whatever its header claims", () => {
    const limits = ImportLimits.parse({ maxInflateRatio: 100 });
    const archive = new ZipArchive(zipWith(sheet, packed, 100), limits);
    let seen = 0;
    expect(() => {
      for (const piece of archive.pieces(sheet)) seen += piece.length;
    }).toThrow("zip_bomb");
    expect(seen).toBeLessThan(20 * 1024 * 1024);
  });

  it("is stopped by its total size over all parts", () => {
    const limits = ImportLimits.parse({ maxInflatedBytes: 4 * 1024 * 1024, maxInflateRatio: 100_000 });
    const archive = new ZipArchive(zipWith(sheet, packed, 100), limits);
    expect(() => [...archive.pieces(sheet)]).toThrow("4194304 bytes");
  });

  it("is refused for its number of parts", async () => {
    const parts = Object.fromEntries(Array.from({ length: 60 }, (_, i) => [`p${i}`, strToU8("x")]));
    const failure = await refusal(zipSync(parts), { limits: { maxZipEntries: 50 } });
    expect(failure).toMatchObject({ kind: "invalid_input", code: "datasets.zip_bomb" });
  });

  it("refuses a workbook larger than its own limit", async () => {
    const big = zipSync({ a: [new Uint8Array(3_000), { level: 0 }] });
    expect(await refusal(big, { limits: { maxXlsxBytes: 1_000 } })).toMatchObject({
      kind: "too_large",
      code: "datasets.too_large",
    });
  });

  it("refuses a part that is damaged", () => {
    const archive = new ZipArchive(
      zipWith(sheet, Uint8Array.of(0xff, 0xff, 0xff, 0xff), 4),
      ImportLimits.parse({}),
    );
    expect(() => [...archive.pieces(sheet)]).toThrow("malformed_xlsx");
    const cut = new ZipArchive(zipWith(sheet, packed.slice(0, 500), 4), ImportLimits.parse({}));
    expect(() => [...cut.pieces(sheet)]).toThrow("malformed_xlsx");
  });
});
