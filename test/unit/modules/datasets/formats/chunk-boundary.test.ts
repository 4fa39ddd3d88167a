import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import { seededRandom } from "../../../../../src/kernel/random.ts";
import { toXlsx } from "../../../../../src/modules/datasets/export/to-xlsx.ts";
import { bytesOf, lines, read } from "../reading.ts";

const rows = [
  {
    id: "1",
    question: "한글 질문?",
    answer: 'say "hi", 네',
    contexts: ["가나다", "emoji 😀"],
    ground_truth: "답",
  },
  { id: "2", question: "English?", answer: "line\r\nbreak", contexts: [], ground_truth: "" },
  { id: "2", question: "세 번째", answer: "é", contexts: ["x"], note: { 깊이: [1, { b: null }] } },
];

function quoted(value: unknown): string {
  const text = typeof value === "string" ? value : JSON.stringify(value ?? "");
  return `"${text.replaceAll('"', '""')}"`;
}

const csv = `\ufeffid,question,answer,contexts\r\n${rows
  .map((row) => [row.id, row.question, row.answer, row.contexts].map(quoted).join(","))
  .join("\r\n")}\r\n`;

const cp949 = Uint8Array.of(
  ...bytesOf("id,question,answer,contexts\r\n1,"),
  0x8c,
  0x63,
  0xb9,
  0xe6,
  ...bytesOf(',"a\r\n'),
  0xc1,
  0x64,
  ...bytesOf('",c|'),
  0xbc,
  0x84,
  ...bytesOf("\r\n"),
);

const yaml = "tests:\r\n - vars: {question: [한글, b]}\r\n   assert: [{type: equals, value: 😀}]\r\n";

async function workbook(): Promise<Uint8Array> {
  const cells = rows.map((row) => [row.id, row.question, row.answer, row.contexts]);
  const stream = toXlsx(["id", "question", "answer", "contexts"], cells) as ReadableStream;
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

function* randomLengths(seed: number): Generator<number> {
  const random = seededRandom(seed);
  for (;;) yield 1 + Math.floor(random() ** 3 * 40);
}

function* always(length: number): Generator<number> {
  for (;;) yield length;
}

describe("the result of an import", () => {
  it.each([
    ["JSONL", lines(...rows)],
    ["JSONL with CRLF and no last line end", rows.map((row) => JSON.stringify(row)).join("\r\n")],
    ["a JSON array", `\ufeff${JSON.stringify(rows, null, 2)}`],
    [
      "EvalVault JSON",
      JSON.stringify({ name: "이름", thresholds: { f: 0.5 }, test_cases: rows, tail: [1] }, null, 1),
    ],
    ["CSV", csv],
    ["CSV in code page 949", cp949],
    ["YAML", yaml],
    ["XLSX", workbook()],
  ])("is the same however %s is cut", async (_name, content) => {
    const bytes = bytesOf(await content);
    const whole = await read(bytes, { fileName: "set" });
    expect(whole.report.recordCount).toBeGreaterThan(0);
    expect(whole.report.contentSha256).toBe(createHash("sha256").update(bytes).digest("hex"));
    for (const length of [1, 2, 3, 4, 5, 7, 16]) {
      expect(await read(bytes, { fileName: "set" }, always(length)), `pieces of ${length}`).toEqual(whole);
    }
    for (let seed = 1; seed <= 40; seed++) {
      expect(await read(bytes, { fileName: "set" }, randomLengths(seed)), `seed ${seed}`).toEqual(whole);
    }
  });

  it("is the same when one cut goes through any byte", async () => {
    for (const content of [cp949, bytesOf(csv), bytesOf(lines(...rows))]) {
      const whole = await read(content);
      for (let at = 1; at < content.length; at++)
        expect(await read(content, {}, [at]), `cut at ${at}`).toEqual(whole);
    }
  });
});
