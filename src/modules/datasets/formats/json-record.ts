import type { RecordWarning, SourceItem } from "./source-record.ts";

/** Replaces the NaN and Infinity that Python writes, outside strings, with null; undefined when there is none. */
function withoutNan(text: string): string | undefined {
  let changed = false;
  const parts = text.replace(/"[^"\\]*(?:\\[\s\S][^"\\]*)*"|-?\bInfinity\b|\bNaN\b/g, (token) => {
    if (token.startsWith('"')) return token;
    changed = true;
    return "null";
  });
  return changed ? parts : undefined;
}

function parse(text: string): { value: unknown } | { error: string } {
  try {
    return { value: JSON.parse(text) };
  } catch (error) {
    return { error: error instanceof Error ? error.message : "not JSON" };
  }
}

/** Reads one JSON object as a record; `{"row": {...}}` of a Hugging Face page of rows is unwrapped. */
export function jsonRecord(raw: string, line: number): SourceItem {
  let warnings: RecordWarning[] | undefined;
  let parsed = parse(raw);
  if ("error" in parsed) {
    const cleaned = withoutNan(raw);
    const again = cleaned === undefined ? parsed : parse(cleaned);
    if ("error" in again) {
      return {
        line,
        broken: { pointer: "", code: "malformed_json", message: `This is not JSON: ${parsed.error}` },
      };
    }
    parsed = again;
    warnings = [
      { pointer: "", code: "nan_to_null", message: "NaN and Infinity are not JSON and were read as null." },
    ];
  }
  const value = parsed.value;
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    return {
      line,
      broken: { pointer: "", code: "not_an_object", message: "A record must be a JSON object." },
    };
  }
  const record = value as Record<string, unknown>;
  const inner = record.row;
  const wrapped = typeof record.row_idx === "number" && typeof inner === "object" && inner !== null;
  const fields = wrapped ? (inner as Record<string, unknown>) : record;
  return warnings ? { line, raw, value: fields, warnings } : { line, raw, value: fields };
}

export function tooLong(line: number, maxChars: number): SourceItem {
  const message = `The record is longer than ${maxChars} characters.`;
  return { line, broken: { pointer: "", code: "record_too_long", message } };
}
