import { describe, expect, it } from "vitest";
import type { EvaluationCase } from "../../../../contracts/evaluation-case.ts";
import type { BlobPort } from "../../../../src/kernel/ports/blob.ts";
import { CaseFileWriter } from "../../../../src/modules/datasets/case-file-writer.ts";
import { byteRange, encodeIndex, indexPart } from "../../../../src/modules/datasets/case-index.rules.ts";
import { casesOf } from "../../../../src/modules/datasets/dataset-cases.ts";
import type { DatasetVersionRow } from "../../../../src/modules/datasets/tables.ts";
import { uploadKeys } from "../../../../src/modules/datasets/upload-keys.ts";
import { memoryBlobs } from "../../../../src/platform/blob/memory.ts";

const evaluationCase = (index: number, length = 10): EvaluationCase => ({
  caseId: `c${index}`,
  input: `질문\n${index}\u2028${"가".repeat(length)}`,
  contexts: [],
  referenceContexts: [],
  tags: [],
  metadata: {},
  source: { format: "maru-jsonl", line: index + 1, rawHash: "h" },
});

const version = (recordCount: number): DatasetVersionRow => ({
  tenantId: "ten_1",
  datasetId: "ds_1",
  uploadId: "up_1",
  version: 1,
  format: "maru-jsonl",
  container: "jsonl",
  encoding: "utf-8",
  fileName: null,
  choices: { format: "auto", encoding: "auto", mapping: {} },
  sha256: "",
  bytes: 0,
  casesBytes: 0,
  recordCount,
  rowsWarned: 0,
  rowsRejected: 0,
  requestKey: null,
  requestHash: null,
  createdBy: "user:a",
  createdAt: new Date(0),
});

// Bodies cut into pieces of seven bytes: through characters, line ends and all.
function cutUp(blobs: BlobPort): BlobPort {
  return {
    ...blobs,
    async get(key, range) {
      const object = await blobs.get(key, range);
      if (!object) return null;
      const bytes = new Uint8Array(await new Response(object.body).arrayBuffer());
      let at = 0;
      const body = new ReadableStream<Uint8Array>({
        pull(controller) {
          if (at >= bytes.byteLength) return controller.close();
          controller.enqueue(bytes.slice(at, at + 7));
          at += 7;
        },
      });
      return { ...object, body };
    },
  };
}

async function write(blobs: BlobPort, count: number, length?: number): Promise<DatasetVersionRow> {
  const row = version(count);
  const keys = uploadKeys(row);
  const writer = new CaseFileWriter(blobs, keys.cases);
  for (let index = 0; index < count; index++) await writer.add(evaluationCase(index, length));
  await writer.finish();
  expect(writer.count).toBe(count);
  await blobs.put(keys.index, encodeIndex(writer.offsets, writer.bytes));
  return row;
}

describe("a file of cases and its index", () => {
  it("gives back every part that was written, however the bytes come", async () => {
    for (const count of [1, 24, 25, 26, 50, 77]) {
      const blobs = cutUp(memoryBlobs());
      const row = await write(blobs, count);
      for (let from = 0; from <= count; from += 6) {
        for (const to of [from, from + 1, from + 25, count, count + 9]) {
          const cases: EvaluationCase[] = [];
          for await (const item of casesOf({ ports: { blobs } as never }, row, from, to)) cases.push(item);
          const wanted = Array.from({ length: Math.max(0, Math.min(to, count) - from) }, (_, i) =>
            evaluationCase(from + i),
          );
          expect(cases, `${count}: ${from} to ${to}`).toEqual(wanted);
        }
      }
    }
  });

  it("flushes long cases as it goes and keeps their places", async () => {
    const blobs = memoryBlobs();
    const row = await write(blobs, 60, 5000);
    const ids: string[] = [];
    for await (const { caseId } of casesOf({ ports: { blobs } as never }, row, 51, 53)) ids.push(caseId);
    expect(ids).toEqual(["c51", "c52"]);
  });

  it("makes no object when it is given up, and tells the store's own error", async () => {
    const blobs = memoryBlobs();
    const given = new CaseFileWriter(blobs, "ten_1/a");
    await given.add(evaluationCase(1, 50_000));
    await given.abort(new Error("refused"));
    expect(await blobs.head("ten_1/a")).toBeNull();
    const failing: BlobPort = {
      ...blobs,
      async put(_, body) {
        const reader = (body as ReadableStream<Uint8Array>).getReader();
        await reader.read();
        await reader.cancel("full");
        throw new Error("the store is full");
      },
    };
    const writer = new CaseFileWriter(failing, "ten_1/b");
    const fill = async () => {
      for (let index = 0; index < 50; index++) await writer.add(evaluationCase(index, 50_000));
      await writer.finish();
    };
    await expect(fill()).rejects.toThrow("the store is full");
  });
});

describe("the index", () => {
  it("names its part for a range and reads the bytes from it", () => {
    const index = encodeIndex([0, 100, 250], 3_000_000_000_000);
    expect(index.byteLength).toBe(32);
    expect(indexPart(0, 25)).toEqual({ offset: 0, length: 16, skip: 0 });
    expect(indexPart(30, 51)).toEqual({ offset: 8, length: 24, skip: 5 });
    expect(byteRange(index.subarray(8, 24))).toEqual({ offset: 100, length: 150 });
    expect(byteRange(index.subarray(8, 32))).toEqual({ offset: 100, length: 2_999_999_999_900 });
    expect(() => byteRange(index.subarray(0, 8))).toThrow(RangeError);
  });
});
