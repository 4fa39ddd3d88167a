import { problem } from "../../../kernel/problem.ts";
import { caseFormats } from "./case-formats.ts";
import { csvDelimiter } from "./csv-reader.ts";
import { sniffHeader } from "./csv-records.ts";
import {
  containerByName,
  type Detection,
  formatOfHeader,
  formatOfJson,
  looksLikePromptfoo,
} from "./detect-format.rules.ts";
import type { Container } from "./format-name.ts";
import type { ImportOptions } from "./import-options.ts";
import { type JsonSniff, sniffJson } from "./json-sniff.rules.ts";

/** Refuses what is plainly no text: other containers by their first bytes, and anything with NUL bytes. */
export function isWorkbook(head: Uint8Array): boolean {
  const [a, b, c, d] = head;
  if (a === 0x50 && b === 0x4b && c === 0x03 && d === 0x04) return true;
  const known =
    (a === 0xd0 &&
      b === 0xcf &&
      c === 0x11 &&
      d === 0xe0 &&
      "an old or encrypted Excel workbook; save it as .xlsx without a password") ||
    (a === 0x1f && b === 0x8b && "compressed with gzip; send it unpacked") ||
    (a === 0x50 && b === 0x41 && c === 0x52 && d === 0x31 && "Parquet; export it as JSONL or CSV") ||
    (a === 0x25 && b === 0x50 && c === 0x44 && d === 0x46 && "PDF") ||
    undefined;
  const marked = (a === 0xff && b === 0xfe) || (a === 0xfe && b === 0xff);
  if (known || (!marked && head.subarray(0, 4096).includes(0))) {
    const message = `The file is ${known || "binary"}; JSONL, JSON, CSV, XLSX and YAML can be imported.`;
    throw problem("unsupported_media", "datasets.unsupported_container", message);
  }
  return false;
}

function mismatch(wanted: string, found: string) {
  const message = `The content looks like ${found}, which ${wanted} is not.`;
  return problem("unsupported_media", "datasets.format_mismatch", message, {
    errors: [{ pointer: "/format", code: "format_mismatch", message }],
  });
}

/** A workbook: EvalVault's columns, whatever its name says, unless another format was asked for. */
export function workbookFormat(options: ImportOptions): Detection {
  const { format } = options;
  if (format !== "auto" && format !== "evalvault-xlsx") throw mismatch(format, "an Excel workbook");
  const by = format === "auto" ? "content" : "option";
  return { format: "evalvault-xlsx", container: "xlsx", by, reason: "it is an Excel workbook" };
}

function askedFormat(
  format: Exclude<ImportOptions["format"], "auto">,
  head: string,
  sniff: JsonSniff | undefined,
): Detection {
  const { containers } = caseFormats[format];
  if (containers.includes("xlsx")) throw mismatch(format, "text");
  const found = sniff?.container ?? "csv";
  const container = containers.length === 1 ? containers[0] : containers.find((one) => one === found);
  const isList = head.trimStart().startsWith("[");
  const wrong = (container === "jsonl" && isList) || (container === "json" && sniff?.container === "jsonl");
  if (container === undefined || wrong) throw mismatch(format, found);
  return { format, container, by: "option", reason: "it was asked for" };
}

function unknownFormat(names: readonly string[]) {
  const seen = names.length > 0 ? ` The names it has are: ${names.slice(0, 30).join(", ")}.` : "";
  const detail = `The format is not recognised.${seen} Name the format, and map its columns with "mapping" if they have other names.`;
  return problem("invalid_input", "datasets.unknown_format", detail, {
    errors: [{ pointer: "/format", code: "unknown_format", message: detail }],
  });
}

function jsonFormat(
  container: "json" | "jsonl",
  sniff: JsonSniff | undefined,
  options: ImportOptions,
): Detection {
  const keys = sniff?.recordKeys ?? [];
  const found = formatOfJson(container, keys, sniff?.envelopeKeys ?? []);
  if (found) return { ...found, container, by: "content" };
  if (options.mapping.input === undefined) throw unknownFormat([...keys, ...(sniff?.envelopeKeys ?? [])]);
  return {
    format: container === "json" ? "ragas-json" : "ragas-jsonl",
    container,
    by: "option",
    reason: "its columns are mapped",
  };
}

function csvFormat(head: string, options: ImportOptions): Detection {
  const header = sniffHeader(head, csvDelimiter(head), options.limits.maxColumns);
  const found = formatOfHeader(header);
  if (found) return { ...found, container: "csv", by: "content" };
  if (options.mapping.input === undefined) throw unknownFormat(header);
  return { format: "ragas-csv", container: "csv", by: "option", reason: "its columns are mapped" };
}

function containerOfText(
  head: string,
  sniff: JsonSniff | undefined,
  named: Container | undefined,
): Container {
  if (named === "yaml" || (named === "csv" && !sniff)) return named;
  if (sniff) {
    const rootKeys = sniff.container === "json" ? sniff.envelopeKeys : sniff.recordKeys;
    if (looksLikePromptfoo(head, rootKeys)) return "yaml";
    const isBrokenFirstLine =
      named === "jsonl" && head.trimStart().startsWith("{") && sniff.recordKeys.length === 0;
    return isBrokenFirstLine ? "jsonl" : sniff.container;
  }
  return looksLikePromptfoo(head, undefined) ? "yaml" : "csv";
}

/** Decides how to read text by its beginning, its name and what the caller said; throws when nothing fits. */
export function chooseFormat(head: string, options: ImportOptions): Detection {
  const sniff = sniffJson(head);
  if (options.format !== "auto") return askedFormat(options.format, head, sniff);
  const named = containerByName(options.fileName, options.contentType);
  const container = containerOfText(head, sniff, named);
  if (container === "yaml") {
    const by = looksLikePromptfoo(head, sniff?.envelopeKeys) ? "content" : "name";
    return {
      format: "promptfoo-yaml",
      container,
      by,
      reason: by === "name" ? "its name says YAML" : "it has tests",
    };
  }
  return container === "csv"
    ? csvFormat(head, options)
    : jsonFormat(container === "json" ? "json" : "jsonl", sniff, options);
}
