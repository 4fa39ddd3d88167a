import { EvaluationCase } from "../../../../contracts/evaluation-case.ts";
import { AppError, type Failure } from "../../../../src/kernel/problem.ts";
import { importCases } from "../../../../src/modules/datasets/formats/import-cases.ts";
import type { ImportOptionsInput } from "../../../../src/modules/datasets/formats/import-options.ts";
import { ImportReport } from "../../../../src/modules/datasets/formats/import-report.ts";

const encoder = new TextEncoder();

export function bytesOf(content: string | Uint8Array): Uint8Array<ArrayBuffer> {
  return typeof content === "string" ? encoder.encode(content) : new Uint8Array(content);
}

/** A stream that is cut after each of the given lengths, and then wherever the rest ends. */
export function streamOf(
  content: string | Uint8Array,
  lengths: Iterable<number> = [],
): ReadableStream<Uint8Array> {
  const bytes = bytesOf(content);
  return new ReadableStream<Uint8Array>({
    start(controller) {
      let at = 0;
      for (const length of lengths) {
        if (at >= bytes.length) break;
        controller.enqueue(bytes.slice(at, at + length));
        at += length;
      }
      if (at < bytes.length) controller.enqueue(bytes.slice(at));
      controller.close();
    },
  });
}

/** Imports content and checks that every case and the report have the shape of their contracts. */
export async function read(
  content: string | Uint8Array,
  options: ImportOptionsInput = {},
  lengths: Iterable<number> = [],
): Promise<{ cases: EvaluationCase[]; report: ImportReport }> {
  const cases: EvaluationCase[] = [];
  const report = await importCases(streamOf(content, lengths), options, (one) => {
    cases.push(EvaluationCase.parse(one));
  });
  return { cases, report: ImportReport.parse(report) };
}

/** What an import is refused with. */
export async function refusal(
  content: string | Uint8Array,
  options: ImportOptionsInput = {},
): Promise<Failure> {
  try {
    await importCases(streamOf(content), options, () => undefined);
  } catch (error) {
    if (error instanceof AppError) return error.failure;
    throw error;
  }
  throw new Error("the import was not refused");
}

export function lines(...values: unknown[]): string {
  return values.map((value) => `${JSON.stringify(value)}\n`).join("");
}
