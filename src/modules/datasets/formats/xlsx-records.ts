import { problem } from "../../../kernel/problem.ts";
import { columnNames, rowRecord } from "./csv-records.ts";
import type { ImportJournal } from "./import-journal.ts";
import type { ImportLimits } from "./import-options.ts";
import { type SheetRow, sheetRows } from "./sheet-rows.ts";
import type { RecordWarning, SourceItem } from "./source-record.ts";
import { readWorkbook, type Sheet, type Workbook } from "./workbook.ts";
import { ZipArchive } from "./zip-archive.ts";

function chooseSheet(workbook: Workbook, asked: string | undefined, journal: ImportJournal): Sheet {
  const { sheets } = workbook;
  const named = sheets.find((sheet) => sheet.name === (asked ?? "test_cases"));
  const sheet = named ?? (asked === undefined ? (sheets.find((one) => one.visible) ?? sheets[0]) : undefined);
  if (!sheet) {
    const names = sheets.map((one) => JSON.stringify(one.name)).join(", ");
    throw problem(
      "invalid_input",
      "datasets.unknown_sheet",
      `The workbook has no sheet ${JSON.stringify(asked ?? "")}; it has ${names || "none"}.`,
      {
        errors: [{ pointer: "/sheet", code: "unknown_sheet", message: `Choose one of: ${names || "none"}.` }],
      },
    );
  }
  journal.dataset.sheet = sheet.name;
  const others = sheets.filter((one) => one !== sheet).map((one) => one.name);
  if (others.length > 0) {
    const message = `The sheet ${JSON.stringify(sheet.name)} was read; ${others.map((name) => JSON.stringify(name)).join(", ")} not.`;
    journal.noteFile("", "sheets_not_read", message);
  }
  return sheet;
}

function rowItem(header: readonly string[], row: SheetRow, limits: ImportLimits): SourceItem {
  const line = row.row;
  const length = row.cells.reduce((sum, cell) => sum + cell.length, 0);
  if (row.tooWide || length > limits.maxRecordChars) {
    const code = row.tooWide ? "too_many_columns" : "record_too_long";
    return { line, broken: { pointer: "", code, message: "The row is longer or wider than allowed." } };
  }
  const { value, extra } = rowRecord(header, row.cells);
  const warnings: RecordWarning[] = [];
  if (extra > 0) {
    warnings.push({
      pointer: "/extra_cells",
      code: "extra_cells",
      message: `The row has ${extra} cells beyond the header.`,
    });
  }
  if (row.unread.length > 0) {
    const message = `These cells hold an error or a formula without a result and were read as empty: ${row.unread.slice(0, 10).join(", ")}.`;
    warnings.push({ pointer: "", code: "cell_without_value", message });
  }
  const raw = JSON.stringify(row.cells);
  return warnings.length > 0 ? { line, raw, value, warnings } : { line, raw, value };
}

/** The rows of a workbook as records; `line` is the row number that Excel shows. The first row with text is the header. */
export function* xlsxRecords(
  bytes: Uint8Array,
  options: { readonly sheet?: string | undefined; readonly limits: ImportLimits },
  journal: ImportJournal,
): Generator<SourceItem> {
  const zip = new ZipArchive(bytes, options.limits);
  const workbook = readWorkbook(zip, options.limits.maxRows);
  const sheet = chooseSheet(workbook, options.sheet, journal);
  let header: string[] | undefined;
  for (const row of sheetRows(zip, workbook, sheet, options.limits.maxColumns)) {
    if (header) yield rowItem(header, row, options.limits);
    else header = columnNames(row.cells);
  }
}
