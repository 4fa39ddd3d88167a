import type { Ctx, RawBody } from "../../kernel/context.ts";
import { problem } from "../../kernel/problem.ts";
import { CaseFileWriter } from "./case-file-writer.ts";
import { encodeIndex } from "./case-index.rules.ts";
import { openObject } from "./dataset-cases.ts";
import { importCases } from "./formats/import-cases.ts";
import type { ImportReport } from "./formats/import-report.ts";
import type { ReadingChoices } from "./schemas.ts";
import type { UploadKeys } from "./upload-keys.ts";

/** The raw file of the call. @throws malformed_request `datasets.file_missing`, too_large `datasets.too_large` */
export function mustHaveFile(ctx: Ctx): RawBody {
  const { body } = ctx;
  if (!body) throw problem("malformed_request", "datasets.file_missing", "Send the file as the body.");
  const { datasetMaxBytes } = ctx.ports.settings;
  if (body.length !== undefined && body.length > datasetMaxBytes) throw tooLarge(datasetMaxBytes);
  return { ...body, stream: limited(body.stream, datasetMaxBytes) };
}

function tooLarge(maxBytes: number) {
  return problem("too_large", "datasets.too_large", `A file may have ${maxBytes} bytes at most.`, {
    data: { maxBytes },
  });
}

function limited(stream: ReadableStream<Uint8Array>, maxBytes: number): ReadableStream<Uint8Array> {
  let size = 0;
  return stream.pipeThrough(
    new TransformStream<Uint8Array, Uint8Array>({
      transform(piece, controller) {
        size += piece.byteLength;
        if (size > maxBytes) throw tooLarge(maxBytes);
        controller.enqueue(piece);
      },
    }),
  );
}

export interface StoredUpload {
  readonly report: ImportReport;
  readonly casesBytes: number;
}

/**
 * Stores the file of the call, imports it from the store, and stores its cases, their index and the report: four
 * objects, or none. One record is in memory at a time.
 */
export async function storeUpload(
  ctx: Ctx,
  keys: UploadKeys,
  choices: ReadingChoices,
): Promise<StoredUpload> {
  const { blobs } = ctx.ports;
  const file = mustHaveFile(ctx);
  try {
    await blobs.put(keys.source, file.stream, file.contentType);
    const writer = new CaseFileWriter(blobs, keys.cases);
    const report = await importInto(ctx, keys, { ...choices, contentType: file.contentType }, writer);
    await blobs.put(keys.index, encodeIndex(writer.offsets, writer.bytes), "application/octet-stream");
    await blobs.put(keys.report, JSON.stringify(report), "application/json");
    return { report, casesBytes: writer.bytes };
  } catch (error) {
    await discardUpload(ctx, keys);
    throw error;
  }
}

async function importInto(
  ctx: Ctx,
  keys: UploadKeys,
  choices: ReadingChoices & { readonly contentType: string },
  writer: CaseFileWriter,
): Promise<ImportReport> {
  const { format, encoding, fileName, sheet, mapping = {}, contentType } = choices;
  try {
    const report = await importCases(
      await openObject(ctx, keys.source),
      {
        format,
        encoding,
        mapping,
        contentType,
        ...(fileName === undefined ? {} : { fileName }),
        ...(sheet === undefined ? {} : { sheet }),
        limits: { maxBytes: ctx.ports.settings.datasetMaxBytes },
      },
      (evaluationCase) => writer.add(evaluationCase),
    );
    await writer.finish();
    return report;
  } catch (error) {
    await writer.abort(error);
    throw error;
  }
}

/** Removes the objects of an upload that became no version; what can't be removed now is left to the sweep. */
export async function discardUpload(ctx: Ctx, keys: UploadKeys): Promise<void> {
  try {
    await ctx.ports.blobs.delete(Object.values(keys));
  } catch (error) {
    ctx.log("warn", "upload not discarded", { key: keys.source, error });
  }
}
