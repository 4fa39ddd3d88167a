import { strToU8, Zip, ZipDeflate, ZipPassThrough } from "fflate";
import { problem } from "../../../kernel/problem.ts";
import { type CellValue, cellText } from "./csv-cell.rules.ts";

/** What one sheet of Excel can hold. */
const maxRows = 1_048_576;
const maxCellChars = 32_767;
const main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
const relations = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
const packages = "http://schemas.openxmlformats.org/package/2006";
const declaration = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>';
/** The ZIP epoch, so that equal rows give equal files. */
const fixedTime = new Date(1980, 0, 1);

function escapeXml(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are the characters XML 1.0 cannot hold.
  const clean = text.toWellFormed().replaceAll(/[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]/g, "\ufffd");
  return clean
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll("\r", "_x000D_");
}

/** Text that looks like an escape of its own (`_x0041_`) has its underscore escaped. */
function escapeString(text: string): string {
  return escapeXml(text.replaceAll(/_(?=x[0-9A-Fa-f]{4}_)/g, "_x005F_"));
}

function columnName(index: number): string {
  let name = "";
  for (let left = index + 1; left > 0; left = Math.floor((left - 1) / 26)) {
    name = String.fromCharCode(65 + ((left - 1) % 26)) + name;
  }
  return name;
}

function cellXml(value: CellValue, reference: string): string {
  if (typeof value === "number" && Number.isFinite(value)) return `<c r="${reference}"><v>${value}</v></c>`;
  if (typeof value === "boolean") return `<c r="${reference}" t="b"><v>${value ? 1 : 0}</v></c>`;
  const text = cellText(value);
  if (text === "") return "";
  if (text.length > maxCellChars) {
    const message = `The cell ${reference} has ${text.length} characters; Excel holds ${maxCellChars}. Export CSV or JSONL.`;
    throw problem("invalid_input", "datasets.cell_too_long", message);
  }
  return `<c r="${reference}" t="inlineStr"><is><t xml:space="preserve">${escapeString(text)}</t></is></c>`;
}

function rowXml(values: readonly CellValue[], row: number): string {
  const cells = values.map((value, index) => cellXml(value, `${columnName(index)}${row}`)).join("");
  return `<row r="${row}">${cells}</row>`;
}

function parts(sheetName: string): readonly (readonly [string, string])[] {
  const type = "application/vnd.openxmlformats-officedocument.spreadsheetml";
  return [
    [
      "[Content_Types].xml",
      `${declaration}<Types xmlns="${packages}/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="${type}.sheet.main+xml"/><Override PartName="/xl/worksheets/sheet1.xml" ContentType="${type}.worksheet+xml"/></Types>`,
    ],
    [
      "_rels/.rels",
      `${declaration}<Relationships xmlns="${packages}/relationships"><Relationship Id="rId1" Type="${relations}/officeDocument" Target="xl/workbook.xml"/></Relationships>`,
    ],
    [
      "xl/workbook.xml",
      `${declaration}<workbook xmlns="${main}" xmlns:r="${relations}"><sheets><sheet name="${escapeXml(sheetName).replaceAll('"', "&quot;")}" sheetId="1" r:id="rId1"/></sheets></workbook>`,
    ],
    [
      "xl/_rels/workbook.xml.rels",
      `${declaration}<Relationships xmlns="${packages}/relationships"><Relationship Id="rId1" Type="${relations}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>`,
    ],
  ];
}

async function* archive(
  header: readonly string[],
  rows: AsyncIterable<readonly CellValue[]> | Iterable<readonly CellValue[]>,
  sheetName: string,
): AsyncGenerator<Uint8Array, undefined> {
  const ready: Uint8Array[] = [];
  const zip = new Zip((error, piece) => {
    if (error) throw error;
    ready.push(piece);
  });
  for (const [name, text] of parts(sheetName)) {
    const file = new ZipPassThrough(name);
    file.mtime = fixedTime;
    zip.add(file);
    file.push(strToU8(text), true);
  }
  const sheet = new ZipDeflate("xl/worksheets/sheet1.xml", { level: 6 });
  sheet.mtime = fixedTime;
  zip.add(sheet);
  let text = `${declaration}<worksheet xmlns="${main}"><sheetData>${rowXml(header, 1)}`;
  let row = 1;
  for await (const values of rows) {
    row += 1;
    if (row > maxRows)
      throw problem(
        "too_large",
        "datasets.too_many_rows",
        `A sheet holds ${maxRows} rows; export CSV or JSONL.`,
      );
    text += rowXml(values, row);
    if (text.length > 64 * 1024) {
      sheet.push(strToU8(text));
      text = "";
      yield* ready.splice(0);
    }
  }
  sheet.push(strToU8(`${text}</sheetData></worksheet>`), true);
  zip.end();
  yield* ready.splice(0);
  return undefined;
}

/**
 * Rows as a streamed workbook of one sheet. Texts are written as inline strings, which Excel never evaluates, so they
 * need no guard; numbers and booleans keep their type. A cell beyond 32,767 characters fails with
 * `datasets.cell_too_long`.
 */
export function toXlsx(
  header: readonly string[],
  rows: AsyncIterable<readonly CellValue[]> | Iterable<readonly CellValue[]>,
  options: { readonly sheetName?: string } = {},
): ReadableStream<Uint8Array> {
  const sheetName = (options.sheetName ?? "")
    .replaceAll(/[[\]:*?/\\]/g, " ")
    .trim()
    .slice(0, 31);
  const pieces = archive(header, rows, sheetName === "" ? "Sheet1" : sheetName);
  return new ReadableStream<Uint8Array>({
    async pull(controller) {
      const { done, value } = await pieces.next();
      if (done) controller.close();
      else controller.enqueue(value);
    },
    async cancel() {
      await pieces.return(undefined);
    },
  });
}
