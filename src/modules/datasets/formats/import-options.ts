import * as z from "zod";
import { FormatName } from "./format-name.ts";

const bytes = z.int().positive();
const count = z.int().positive();
const mebibyte = 1024 * 1024;

/**
 * What an import may cost. Streamed containers (JSONL, JSON arrays, CSV) hold one record at a time; XLSX and YAML are
 * held whole, so they have limits of their own. Characters are UTF-16 code units.
 */
export const ImportLimits = z.strictObject({
  maxBytes: bytes.default(512 * mebibyte),
  maxRows: count.default(1_000_000),
  maxRecordChars: count.default(2_000_000),
  maxEnvelopeChars: count.default(2_000_000),
  maxColumns: count.default(512),
  maxDepth: count.default(64),
  maxProblems: count.default(100),
  maxXlsxBytes: bytes.default(20 * mebibyte),
  maxZipEntries: count.default(2_000),
  maxInflatedBytes: bytes.default(64 * mebibyte),
  maxInflateRatio: count.default(250),
  maxYamlBytes: bytes.default(5 * mebibyte),
  maxYamlTokens: count.default(100_000),
  maxYamlAliases: count.default(1_000),
  maxYamlExpandedChars: count.default(20_000_000),
  maxVarCombinations: count.default(1_000),
});
export type ImportLimits = z.infer<typeof ImportLimits>;

/** The fields of a canonical case that a column can be mapped to. */
export const MappableField = z.enum([
  "caseId",
  "input",
  "output",
  "reference",
  "contexts",
  "contextIds",
  "referenceContexts",
  "referenceContextIds",
  "toolCalls",
  "referenceToolCalls",
  "rubric",
  "tags",
  "metadata",
]);
export type MappableField = z.infer<typeof MappableField>;

/** `latin-1` (WHATWG windows-1252) is only ever used when it is asked for by name. */
export const EncodingName = z.enum(["auto", "utf-8", "cp949", "euc-kr", "utf-16le", "utf-16be", "latin-1"]);
export type EncodingName = z.infer<typeof EncodingName>;

/**
 * How to read a data set. `mapping` names, for a canonical field, the column or the JSON pointer (`/input/query`) that
 * holds it, and wins over the names the format knows. `sheet` names the sheet of a workbook.
 */
export const ImportOptions = z.strictObject({
  format: z.union([FormatName, z.literal("auto")]).default("auto"),
  fileName: z.string().max(1024).optional(),
  contentType: z.string().max(255).optional(),
  encoding: EncodingName.default("auto"),
  mapping: z.partialRecord(MappableField, z.string().min(1).max(512)).default({}),
  sheet: z.string().max(255).optional(),
  limits: ImportLimits.prefault({}),
});
export type ImportOptions = z.infer<typeof ImportOptions>;
export type ImportOptionsInput = z.input<typeof ImportOptions>;
