import { problem } from "../../../kernel/problem.ts";
import { attribute, parseXml } from "./sheet-xml.ts";
import type { ZipArchive } from "./zip-archive.ts";

export interface Sheet {
  readonly name: string;
  readonly path: string;
  readonly visible: boolean;
}

export interface Workbook {
  readonly sheets: readonly Sheet[];
  readonly sharedStrings: readonly string[];
  /** Whether a cell of this style (`s`) shows a date or a time. */
  readonly isDate: (style: number) => boolean;
  /** Dates count from 1904 instead of 1900. */
  readonly from1904: boolean;
}

function drain(steps: Generator<void>): void {
  for (const _ of steps);
}

/** `_x000D_` stands for a character that XML cannot hold (ECMA-376, ST_Xstring). */
export function unescapeText(text: string): string {
  if (!text.includes("_x")) return text;
  return text.replaceAll(/_x([0-9A-Fa-f]{4})_/g, (_, hex: string) =>
    String.fromCharCode(Number.parseInt(hex, 16)),
  );
}

function readRelations(zip: ZipArchive): Map<string, string> {
  const targets = new Map<string, string>();
  const part = "xl/_rels/workbook.xml.rels";
  drain(
    parseXml(part, zip.pieces(part), {
      open: (name, attributes) => {
        const { Id, Target } = attributes;
        if (name !== "Relationship" || Id === undefined || Target === undefined) return;
        targets.set(Id, Target.startsWith("/") ? Target.slice(1) : `xl/${Target.replace(/^\.\//, "")}`);
      },
    }),
  );
  return targets;
}

function readSharedStrings(zip: ZipArchive, maxStrings: number): string[] {
  const part = "xl/sharedStrings.xml";
  const strings: string[] = [];
  if (!zip.has(part)) return strings;
  let parts: string[] | undefined;
  let inText = false;
  let phonetic = 0;
  drain(
    parseXml(part, zip.pieces(part), {
      open: (name) => {
        if (name === "si") parts = [];
        if (name === "rPh") phonetic += 1;
        inText = name === "t" && phonetic === 0;
      },
      text: (text) => {
        if (inText) parts?.push(text);
      },
      close: (name) => {
        inText = false;
        if (name === "rPh") phonetic -= 1;
        if (name !== "si") return;
        if (strings.length >= maxStrings) {
          throw problem(
            "too_large",
            "datasets.too_many_strings",
            `A workbook may have ${maxStrings} shared strings.`,
          );
        }
        strings.push(unescapeText(parts?.join("") ?? ""));
        parts = undefined;
      },
    }),
  );
  return strings;
}

function formatIsDate(id: number, code: string | undefined): boolean {
  if (code === undefined)
    return (
      (id >= 14 && id <= 22) || (id >= 27 && id <= 36) || (id >= 45 && id <= 47) || (id >= 50 && id <= 58)
    );
  const bare = code.replaceAll(/"[^"]*"|\\.|_.|\*.|\[[^\]]*\]/g, "");
  return /[ymdhs]/i.test(bare) && !/general/i.test(bare);
}

function readStyles(zip: ZipArchive): (style: number) => boolean {
  const part = "xl/styles.xml";
  if (!zip.has(part)) return () => false;
  const codes = new Map<number, string>();
  const formats: number[] = [];
  let inCells = false;
  drain(
    parseXml(part, zip.pieces(part), {
      open: (name, attributes) => {
        if (name === "numFmt") codes.set(Number(attributes.numFmtId), attributes.formatCode ?? "");
        if (name === "cellXfs") inCells = true;
        if (name === "xf" && inCells) formats.push(Number(attributes.numFmtId ?? 0));
      },
      close: (name) => {
        if (name === "cellXfs") inCells = false;
      },
    }),
  );
  const dates = formats.map((id) => formatIsDate(id, codes.get(id)));
  return (style) => dates[style] ?? false;
}

/** What a sheet needs to be read: the list of sheets, the shared strings and which styles are dates. */
export function readWorkbook(zip: ZipArchive, maxStrings: number): Workbook {
  if (!zip.has("xl/workbook.xml")) {
    throw problem("unsupported_media", "datasets.not_a_workbook", "The ZIP archive holds no Excel workbook.");
  }
  const targets = readRelations(zip);
  const sheets: Sheet[] = [];
  let from1904 = false;
  drain(
    parseXml("xl/workbook.xml", zip.pieces("xl/workbook.xml"), {
      open: (name, attributes) => {
        if (name === "workbookPr") from1904 = attributes.date1904 === "1" || attributes.date1904 === "true";
        if (name !== "sheet") return;
        const path = targets.get(attribute(attributes, "id") ?? "");
        const state = attributes.state ?? "visible";
        if (path !== undefined)
          sheets.push({ name: attributes.name ?? "", path, visible: state === "visible" });
      },
    }),
  );
  return { sheets, sharedStrings: readSharedStrings(zip, maxStrings), isDate: readStyles(zip), from1904 };
}
