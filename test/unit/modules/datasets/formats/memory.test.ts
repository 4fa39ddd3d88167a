import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { describe, expect, it } from "vitest";
import { importCases } from "../../../../../src/modules/datasets/formats/import-cases.ts";

const mebibyte = 1024 * 1024;
/** `MARU_IMPORT_MIB=100` runs the same with larger files. */
const size = Number(process.env.MARU_IMPORT_MIB ?? 30) * mebibyte;

setFlagsFromString("--expose-gc");
const collect: () => void = runInNewContext("gc");

function held(): number {
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}

/** A file of the given size that exists only piece by piece: a head, rows by number, a tail. */
function generated(head: string, row: (index: number) => string, tail: string): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  let sent = 0;
  let index = 0;
  return new ReadableStream<Uint8Array>(
    {
      pull(controller) {
        const parts = sent === 0 ? [head] : [];
        for (let length = 0; length < 60_000; index++) {
          const text = row(index);
          length += text.length;
          parts.push(text);
        }
        const bytes = encoder.encode(parts.join(""));
        sent += bytes.length;
        controller.enqueue(bytes);
        if (sent < size) return;
        if (tail !== "") controller.enqueue(encoder.encode(tail));
        controller.close();
      },
    },
    { highWaterMark: 1 },
  );
}

const answer = "이 상품의 보험료는 매월 자동이체로 납부하며, 납입 기간은 20년입니다. ".repeat(5);

const kinds = {
  JSONL: () =>
    generated(
      "",
      (i) =>
        `${JSON.stringify({ id: `r${i}`, user_input: `질문 ${i}?`, response: answer, retrieved_contexts: [answer] })}\n`,
      "",
    ),
  CSV: () =>
    generated(
      "id,question,answer,contexts\r\n",
      (i) => `r${i},"질문 ""${i}""?",${answer.replaceAll(",", " ")},"[""${answer}""]"\r\n`,
      "",
    ),
  "a JSON array": () =>
    generated(
      '{"name": "big", "test_cases": [',
      (i) =>
        `${i === 0 ? "" : ",\n"}${JSON.stringify({ id: `r${i}`, question: `질문 ${i}?`, answer, contexts: [answer] })}`,
      "]}",
    ),
};

describe("memory", () => {
  it.each(Object.entries(kinds))(
    "stays flat over a large file of %s",
    async (_name, source) => {
      let count = 0;
      let peak = 0;
      collect();
      const before = held();
      const report = await importCases(source(), {}, () => {
        count += 1;
        if (count % 5_000 !== 0) return;
        collect();
        peak = Math.max(peak, held() - before);
      });
      expect(report.bytes).toBeGreaterThanOrEqual(size);
      expect(report.recordCount).toBe(count);
      expect(report.rows.accepted).toBe(count);
      expect(count).toBeGreaterThan(size / 2_000);
      expect(peak).toBeGreaterThan(-before);
      expect(peak).toBeLessThan(16 * mebibyte);
    },
    120_000,
  );
});
