import type { EvaluationCase } from "../../../../contracts/evaluation-case.ts";
import { problem } from "../../../kernel/problem.ts";
import type { CaseFormat } from "./case-format.ts";
import { isObject } from "./field-values.ts";
import { finishCase } from "./finish-case.ts";
import type { ImportJournal } from "./import-journal.ts";
import type { ImportOptions } from "./import-options.ts";
import { RecordFields } from "./record-fields.ts";
import { RowNotes } from "./row-notes.ts";
import { SeenIds } from "./seen-ids.ts";
import type { SourceItem } from "./source-record.ts";

/** Turns the records of one file into cases, one after another, and counts them. */
export class CaseReading {
  readonly #format: CaseFormat;
  readonly #envelope: Readonly<Record<string, unknown>>;
  readonly #journal: ImportJournal;
  readonly #options: ImportOptions;
  readonly #seen = new SeenIds();

  constructor(
    format: CaseFormat,
    envelope: Readonly<Record<string, unknown>>,
    journal: ImportJournal,
    options: ImportOptions,
  ) {
    this.#format = format;
    this.#envelope = envelope;
    this.#journal = journal;
    this.#options = options;
  }

  /** The cases of one record: none when it is rejected, several when it stands for several. */
  cases(item: SourceItem): EvaluationCase[] {
    const { rows } = this.#journal;
    const { maxRows } = this.#options.limits;
    if (rows.total >= maxRows) {
      throw problem("too_large", "datasets.too_many_rows", `A data set may have ${maxRows} rows.`, {
        data: { maxRows },
      });
    }
    const notes = new RowNotes(item.line, this.#journal);
    const cases = this.#read(item, notes, rows.total);
    rows.total += 1;
    if (notes.rejected || cases.length === 0) {
      rows.rejected += 1;
      return [];
    }
    if (notes.warned) rows.warned += 1;
    else rows.accepted += 1;
    this.#journal.recordCount += cases.length;
    return cases;
  }

  #read(item: SourceItem, notes: RowNotes, index: number): EvaluationCase[] {
    if ("broken" in item) {
      notes.reject(item.broken.pointer, item.broken.code, item.broken.message);
      return [];
    }
    for (const { pointer, code, message } of item.warnings ?? []) notes.warn(pointer, code, message);
    const fields = new RecordFields(item.value, this.#options.mapping, notes);
    const { limits } = this.#options;
    const around = { envelope: this.#envelope, journal: this.#journal, limits, index };
    const drafts = this.#format.read(fields, around);
    if (drafts.length === 0 && !notes.rejected) notes.reject("", "no_case", "The row stands for no case.");
    if (notes.rejected) return [];
    const { fileName } = this.#options;
    const rest = fields.rest();
    const origin = {
      format: this.#format.name,
      ...(fileName === undefined ? {} : { file: fileName.normalize("NFC") }),
      raw: item.raw,
      seen: this.#seen,
      maxDepth: limits.maxDepth,
    };
    return drafts.flatMap((draft) => {
      if (Object.keys(rest).length > 0) {
        const before = isObject(draft.metadata.import) ? draft.metadata.import : {};
        draft.metadata = { ...draft.metadata, import: { ...before, ...rest } };
      }
      return finishCase(draft, notes, origin) ?? [];
    });
  }
}
