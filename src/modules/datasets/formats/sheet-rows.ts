import { attribute, parseXml } from "./sheet-xml.ts";
import { type Sheet, unescapeText, type Workbook } from "./workbook.ts";
import type { ZipArchive } from "./zip-archive.ts";

export interface SheetRow {
  readonly row: number;
  readonly cells: readonly string[];
  /** Cells that hold an error such as #N/A, or a formula nobody has calculated; they were read as empty. */
  readonly unread: readonly string[];
  readonly tooWide: boolean;
}

const dayMs = 86_400_000;

/** The zero-based column of a reference such as `AB12`; -1 if there is none. */
function columnOf(reference: string | undefined): number {
  const letters = /^[A-Za-z]{1,3}/.exec(reference ?? "")?.[0];
  if (!letters) return -1;
  let column = 0;
  for (const letter of letters.toUpperCase()) column = column * 26 + letter.charCodeAt(0) - 64;
  return column - 1;
}

/** A serial date as ISO text: the date alone at midnight, the time alone below one day. */
export function serialDate(serial: number, from1904: boolean): string {
  const days = from1904 ? serial + 1462 : serial < 60 ? serial + 1 : serial;
  const date = new Date(Math.round((days - 25569) * dayMs));
  if (Number.isNaN(date.getTime()) || serial < 0) return String(serial);
  const text = date.toISOString();
  if (serial < 1) return text.slice(11, 19);
  return serial % 1 === 0 ? text.slice(0, 10) : text.slice(0, 19);
}

interface OpenCell {
  readonly column: number;
  readonly type: string;
  readonly style: number;
  readonly reference: string;
  parts: string[];
  hasFormula: boolean;
  hasValue: boolean;
}

function cellText(cell: OpenCell, workbook: Workbook): string | undefined {
  const text = cell.parts.join("");
  if (!cell.hasValue) return cell.hasFormula ? undefined : "";
  if (cell.type === "s") return workbook.sharedStrings[Number(text)];
  if (cell.type === "e") return undefined;
  if (cell.type === "b") return text.trim() === "1" ? "true" : "false";
  if (cell.type === "inlineStr" || cell.type === "str") return unescapeText(text);
  if (cell.type === "d") return text;
  const number = Number(text);
  if (!Number.isFinite(number)) return text;
  return workbook.isDate(cell.style) ? serialDate(number, workbook.from1904) : String(number);
}

/** Gathers the cells of the row that is being parsed. */
class RowGathering {
  readonly ready: SheetRow[] = [];
  readonly #workbook: Workbook;
  readonly #maxColumns: number;
  #row = 0;
  #cells: string[] = [];
  #unread: string[] = [];
  #tooWide = false;
  #cell: OpenCell | undefined;
  #inText = false;
  #phonetic = 0;

  constructor(workbook: Workbook, maxColumns: number) {
    this.#workbook = workbook;
    this.#maxColumns = maxColumns;
  }

  open(name: string, attributes: Readonly<Record<string, string>>): void {
    if (name === "row") {
      const given = Number(attributes.r);
      this.#row = Number.isInteger(given) && given > this.#row ? given : this.#row + 1;
      this.#cells = [];
      this.#unread = [];
      this.#tooWide = false;
    } else if (name === "c") this.#openCell(attributes);
    else if (name === "f" && this.#cell) this.#cell.hasFormula = true;
    else if (name === "rPh") this.#phonetic += 1;
    this.#inText = (name === "v" || name === "t") && this.#phonetic === 0;
    if (this.#inText && this.#cell) this.#cell.hasValue = true;
  }

  text(text: string): void {
    if (this.#inText) this.#cell?.parts.push(text);
  }

  close(name: string): void {
    this.#inText = false;
    if (name === "rPh") this.#phonetic -= 1;
    if (name === "c") this.#closeCell();
    if (name === "row") {
      const row = { row: this.#row, cells: this.#cells, unread: this.#unread, tooWide: this.#tooWide };
      if (row.unread.length > 0 || row.tooWide || row.cells.some((cell) => cell.trim() !== ""))
        this.ready.push(row);
    }
  }

  #openCell(attributes: Readonly<Record<string, string>>): void {
    const reference = attribute(attributes, "r");
    const column = columnOf(reference);
    this.#cell = {
      column: column === -1 ? this.#cells.length : column,
      type: attributes.t ?? "n",
      style: Number(attributes.s ?? -1),
      reference: reference ?? "",
      parts: [],
      hasFormula: false,
      hasValue: false,
    };
  }

  #closeCell(): void {
    const cell = this.#cell;
    this.#cell = undefined;
    if (!cell) return;
    const text = cellText(cell, this.#workbook);
    if (text === undefined) this.#unread.push(cell.reference);
    if (cell.column >= this.#maxColumns) this.#tooWide ||= text !== "";
    else if (text !== undefined && text !== "") {
      while (this.#cells.length < cell.column) this.#cells.push("");
      this.#cells[cell.column] = text;
    }
  }
}

/** The rows of a sheet that hold something, with the number Excel shows for them. */
export function* sheetRows(
  zip: ZipArchive,
  workbook: Workbook,
  sheet: Sheet,
  maxColumns: number,
): Generator<SheetRow> {
  const gathering = new RowGathering(workbook, maxColumns);
  const steps = parseXml(sheet.path, zip.pieces(sheet.path), {
    open: (name, attributes) => gathering.open(name, attributes),
    text: (text) => gathering.text(text),
    close: (name) => gathering.close(name),
  });
  for (const _ of steps) yield* gathering.ready.splice(0);
}
