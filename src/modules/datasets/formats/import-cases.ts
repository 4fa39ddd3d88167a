import type { EvaluationCase } from "../../../../contracts/evaluation-case.ts";
import { fieldProblems, problem } from "../../../kernel/problem.ts";
import { ByteSource } from "./byte-source.ts";
import { caseFormats } from "./case-formats.ts";
import { CaseReading } from "./case-reading.ts";
import { chooseFormat, isWorkbook, workbookFormat } from "./choose-format.ts";
import { type ContentHash, contentHash } from "./content-hash.ts";
import type { Detection } from "./detect-format.rules.ts";
import { ImportJournal } from "./import-journal.ts";
import { ImportOptions, type ImportOptionsInput } from "./import-options.ts";
import type { ImportReport } from "./import-report.ts";
import { promptfooRecords } from "./promptfoo-records.ts";
import type { SourceItem } from "./source-record.ts";
import { TextDecoding } from "./text-decoding.ts";
import { recordReader } from "./text-records.ts";
import { xlsxRecords } from "./xlsx-records.ts";

const headBytes = 4096;
const headChars = 256 * 1024;
const problemsInRefusal = 20;

export interface ImportTools {
  /** Hashes the bytes as they pass; `contentHash()` when absent. */
  readonly hash?: ContentHash;
}

function parseOptions(input: ImportOptionsInput): ImportOptions {
  const parsed = ImportOptions.safeParse(input);
  if (parsed.success) return parsed.data;
  throw problem("invalid_input", "datasets.invalid_options", "The import options are not valid.", {
    errors: fieldProblems(parsed.error),
  });
}

async function readHead(bytes: ByteSource): Promise<{ pieces: Uint8Array[]; head: Uint8Array }> {
  const pieces: Uint8Array[] = [];
  let length = 0;
  while (length < headBytes) {
    const piece = await bytes.next();
    if (!piece) break;
    pieces.push(piece);
    length += piece.length;
  }
  const head = new Uint8Array(length);
  let at = 0;
  for (const piece of pieces) {
    head.set(piece, at);
    at += piece.length;
  }
  return { pieces, head };
}

async function* textPieces(
  first: readonly Uint8Array[],
  bytes: ByteSource,
  decoding: TextDecoding,
): AsyncGenerator<string> {
  for (const piece of first) {
    const text = decoding.push(piece);
    if (text !== "") yield text;
  }
  for (let piece = await bytes.next(); piece; piece = await bytes.next()) {
    const text = decoding.push(piece);
    if (text !== "") yield text;
  }
  const last = decoding.end();
  if (last !== "") yield last;
}

/** The beginning of the text, enough to tell the format, and the pieces to read it from again. */
async function readTextHead(texts: AsyncGenerator<string>): Promise<{ head: string; pieces: string[] }> {
  const pieces: string[] = [];
  let length = 0;
  while (length < headChars) {
    const { done, value } = await texts.next();
    if (done) break;
    pieces.push(value);
    length += value.length;
  }
  return { head: pieces.join("").slice(0, headChars), pieces };
}

interface Importing {
  readonly options: ImportOptions;
  readonly bytes: ByteSource;
  readonly journal: ImportJournal;
}

interface Opened {
  readonly detection: Detection;
  readonly encoding: () => string;
  readonly envelope: Readonly<Record<string, unknown>>;
  readonly batches: AsyncGenerator<Iterable<SourceItem>>;
  readonly skippedMembers: () => readonly string[];
}

async function openWorkbook(
  first: readonly Uint8Array[],
  { options, bytes, journal }: Importing,
): Promise<Opened> {
  const detection = workbookFormat(options);
  const whole = await bytes.rest(first, options.limits.maxXlsxBytes);
  async function* batches() {
    yield xlsxRecords(whole, options, journal);
  }
  return { detection, encoding: () => "utf-8", envelope: {}, batches: batches(), skippedMembers: () => [] };
}

async function openText(
  first: readonly Uint8Array[],
  { options, bytes, journal }: Importing,
): Promise<Opened> {
  const decoding = new TextDecoding(options.encoding);
  const texts = textPieces(first, bytes, decoding);
  const { head, pieces } = await readTextHead(texts);
  if (head.trim() === "") throw noUsableRow(journal, "The file is empty.");
  const detection = chooseFormat(head, options);
  const encoding = () => decoding.encoding;
  if (detection.container === "yaml") {
    const prompts: string[] = [];
    async function* yamlBatches() {
      const parts = [...pieces];
      for await (const text of texts) {
        parts.push(text);
        if (bytes.count > options.limits.maxYamlBytes) throw yamlTooLarge(options.limits.maxYamlBytes);
      }
      if (bytes.count > options.limits.maxYamlBytes) throw yamlTooLarge(options.limits.maxYamlBytes);
      yield promptfooRecords(parts.join(""), options.limits, journal, prompts);
    }
    return { detection, encoding, envelope: { prompts }, batches: yamlBatches(), skippedMembers: () => [] };
  }
  const { reader, envelope, skippedMembers } = recordReader(detection.container, head, options.limits);
  async function* batches() {
    for (const text of pieces.splice(0)) yield reader.push(text);
    for await (const text of texts) yield reader.push(text);
    yield reader.end();
  }
  return { detection, encoding, envelope, batches: batches(), skippedMembers };
}

function yamlTooLarge(maxBytes: number) {
  return problem("too_large", "datasets.too_large", `YAML may have ${maxBytes} bytes.`, {
    data: { maxBytes },
  });
}

function noUsableRow(journal: ImportJournal, detail: string) {
  const errors = journal.firstProblems(problemsInRefusal).map(({ line, pointer, code, message }) => ({
    pointer,
    code,
    message: line === 0 ? message : `Line ${line}: ${message}`,
  }));
  return problem("invalid_input", "datasets.no_usable_row", detail, {
    errors,
    data: { rows: { ...journal.rows } },
  });
}

/**
 * Reads a data set in any format as a stream of canonical cases, and gives the report as the generator's return value.
 * JSONL, JSON arrays and CSV are held one record at a time, XLSX and YAML whole within their own limits.
 * Throws problems: `datasets.unknown_format`, `datasets.format_mismatch`, `datasets.unsupported_container`,
 * `datasets.unknown_encoding`, `datasets.bad_encoding`, `datasets.malformed_json|csv|xlsx|yaml`, `datasets.too_large`,
 * `datasets.too_many_rows`, `datasets.zip_bomb`, `datasets.yaml_bomb|yaml_tag|...`, `datasets.executable_refused`, and
 * `datasets.no_usable_row` with the first problems as field errors. Cases that came before a throw are to be dropped.
 */
export async function* readCases(
  source: ReadableStream<Uint8Array>,
  input: ImportOptionsInput = {},
  tools: ImportTools = {},
): AsyncGenerator<EvaluationCase, ImportReport> {
  const options = parseOptions(input);
  const hash = tools.hash ?? contentHash();
  const bytes = new ByteSource(source, hash, options.limits.maxBytes);
  const journal = new ImportJournal(options.limits.maxProblems);
  let finished = false;
  try {
    const { pieces, head } = await readHead(bytes);
    const importing = { options, bytes, journal };
    const opened = isWorkbook(head)
      ? await openWorkbook(pieces, importing)
      : await openText(pieces, importing);
    const { detection, envelope } = opened;
    const format = caseFormats[detection.format];
    const reading = new CaseReading(format, envelope, journal, options);
    for await (const batch of opened.batches) {
      for (const item of batch) yield* reading.cases(item);
    }
    finished = true;
    for (const name of opened.skippedMembers()) {
      journal.noteFile(
        `/${name}`,
        "member_too_large",
        `The member ${JSON.stringify(name)} is too large to keep.`,
      );
    }
    format.finish?.(envelope, journal);
    journal.trimDataset();
    if (journal.recordCount === 0) throw noUsableRow(journal, "The data set has no usable row.");
    const { by, reason, container } = detection;
    return {
      format: detection.format,
      container,
      encoding: opened.encoding(),
      detection: { by, reason },
      ...journal.summary(),
      bytes: bytes.count,
      contentSha256: await hash.hex(),
    };
  } finally {
    if (!finished) await bytes.cancel("the import stopped");
  }
}

/** The same with a sink: each case is given to `sink` and awaited, so a slow sink slows the source down. */
export async function importCases(
  source: ReadableStream<Uint8Array>,
  options: ImportOptionsInput,
  sink: (evaluationCase: EvaluationCase) => void | Promise<void>,
  tools: ImportTools = {},
): Promise<ImportReport> {
  let report: ImportReport | undefined;
  async function* reading() {
    report = yield* readCases(source, options, tools);
  }
  for await (const evaluationCase of reading()) {
    const taken = sink(evaluationCase);
    if (taken) await taken;
  }
  if (!report) throw problem("internal", "internal", "The import ended without a report.");
  return report;
}
