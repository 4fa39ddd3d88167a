import { expect, it } from "vitest";
import { EvaluationCase } from "../../../../../contracts/evaluation-case.ts";
import { AppError } from "../../../../../src/kernel/problem.ts";
import { type Random, seededRandom } from "../../../../../src/kernel/random.ts";
import { toXlsx } from "../../../../../src/modules/datasets/export/to-xlsx.ts";
import { importCases } from "../../../../../src/modules/datasets/formats/import-cases.ts";
import { ImportReport } from "../../../../../src/modules/datasets/formats/import-report.ts";
import { bytesOf, lines, streamOf } from "../reading.ts";

const rounds = Number(process.env.MARU_IMPORT_ROUNDS ?? 150);
const row = {
  id: "1",
  question: "질문?",
  answer: 'a "b"',
  contexts: ["가", "b"],
  ground_truth: "c",
  metadata: { k: [1] },
};
const sheet = toXlsx(["id", "question", "answer"], [["1", "질문", "답"]]) as ReadableStream;

const contents: readonly (string | Promise<Uint8Array>)[] = [
  lines(row, {
    user_input: [{ type: "human", content: "x" }],
    response: "y",
    reference_tool_calls: [{ name: "f", args: {} }],
  }),
  JSON.stringify({ name: "n", thresholds: { faithfulness: 0.5 }, test_cases: [row, row] }),
  JSON.stringify([{ id: "c", turns: [{ role: "user", content: "안녕", contexts: ["c"] }] }]),
  "id,question,answer,contexts,threshold_faithfulness\r\n1,\"질문\",답,\"['a', 'b']\",0.5\r\n2,q,a,x|y,\r\n",
  JSON.stringify({
    data: [{ id: "i", datasetId: "d", input: { question: "q" }, expectedOutput: { answer: "a" } }],
  }),
  "defaultTest: &d\n  assert: [{type: equals, value: x}]\ntests:\n - vars: {question: [a, 나]}\n   assert: [{type: llm-rubric, value: y}]\n",
  lines({ input: [{ role: "user", content: "q" }], ideal: ["a"] }, { caseId: "m", input: "q" }),
  new Response(sheet).arrayBuffer().then((buffer) => new Uint8Array(buffer)),
];

const pieces = [
  '"',
  "{",
  "}",
  "[",
  "]",
  ",",
  "\n",
  "\r",
  "null",
  "1e999",
  "\\u0000",
  "&a",
  "*a",
  "!!x",
  "\ud55c",
  ": ",
  "- ",
  "|",
  "'",
];

function damaged(bytes: Uint8Array, random: Random): Uint8Array {
  let out = bytes;
  for (let left = 1 + Math.floor(random() * 4); left > 0; left--) {
    const at = Math.floor(random() * (out.length + 1));
    const drop = random() < 0.5 ? Math.floor(random() * 4) : 0;
    const piece = pieces[Math.floor(random() * pieces.length)] ?? "";
    const added =
      random() < 0.3 ? Uint8Array.of(Math.floor(random() * 256)) : bytesOf(random() < 0.8 ? piece : "");
    const next = new Uint8Array(at + added.length + Math.max(0, out.length - at - drop));
    next.set(out.subarray(0, at));
    next.set(added, at);
    next.set(out.subarray(at + drop), at + added.length);
    out = next;
  }
  return random() < 0.1 ? out.slice(0, Math.floor(random() * out.length)) : out;
}

it("gives cases and a report, or a problem, whatever is done to a file", async () => {
  let read = 0;
  let refused = 0;
  for (const [index, content] of contents.entries()) {
    const bytes = bytesOf(await content);
    for (let seed = 0; seed < rounds; seed++) {
      const input = damaged(bytes, seededRandom(index * 1_000_003 + seed));
      let count = 0;
      try {
        const report = await importCases(streamOf(input), {}, (one) => {
          EvaluationCase.parse(one);
          count += 1;
        });
        expect(ImportReport.parse(report).recordCount).toBe(count);
        expect(report.rows.accepted + report.rows.warned + report.rows.rejected).toBe(report.rows.total);
        read += 1;
      } catch (error) {
        if (!(error instanceof AppError)) throw new Error(`content ${index}, seed ${seed}`, { cause: error });
        expect(error.kind).not.toBe("internal");
        refused += 1;
      }
    }
  }
  expect(read).toBeGreaterThan(rounds);
  expect(refused).toBeGreaterThan(rounds);
});
