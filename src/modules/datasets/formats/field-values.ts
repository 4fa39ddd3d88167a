import type { CaseContext } from "../../../../contracts/evaluation-case.ts";
import { canonicalJson } from "../../../kernel/json.ts";
import { readPythonLiteral } from "./python-literal.rules.ts";
import type { FoundField, RecordFields } from "./record-fields.ts";
import type { RowNotes } from "./row-notes.ts";

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** A value as text: text as it is, numbers and booleans printed, anything else as canonical JSON with a warning. */
export function readText(found: FoundField | undefined, notes: RowNotes): string | undefined {
  if (!found) return undefined;
  const { value, pointer } = found;
  if (typeof value === "string") return value;
  if (typeof value === "number" && !Number.isSafeInteger(value) && Number.isInteger(value)) {
    notes.warn(pointer, "number_not_exact", "This number is too large to be read exactly; write it as text.");
    return String(value);
  }
  if (typeof value === "number" || typeof value === "boolean") {
    notes.warn(pointer, "converted_to_text", `Text was expected; the ${typeof value} was printed.`);
    return String(value);
  }
  notes.warn(pointer, "converted_to_text", "Text was expected; the value was printed as JSON.");
  return canonicalJson(value);
}

/** An id: text or a number, printed without a warning. */
export function readId(found: FoundField | undefined, notes: RowNotes): string | undefined {
  if (!found) return undefined;
  if (typeof found.value === "number" && Number.isSafeInteger(found.value)) return String(found.value);
  const text = readText(found, notes)?.trim();
  return text === "" ? undefined : text;
}

/** JSON inside text, as CSV cells hold it: an object or an array; anything else stays as it is. */
export function openJson(value: unknown): unknown {
  if (typeof value !== "string") return value;
  const text = value.trim();
  if (!/^[[{"]/.test(text)) return value;
  try {
    return JSON.parse(text);
  } catch {
    return value;
  }
}

/**
 * A list in whatever dress it comes: a list, JSON in text, a Python literal in text (Hugging Face CSV), `a|b|c` when
 * `pipes` is set, or else one lone text.
 */
export function readList(
  found: FoundField | undefined,
  notes: RowNotes,
  pipes = false,
): unknown[] | undefined {
  if (!found) return undefined;
  const { value, pointer } = found;
  if (Array.isArray(value)) return value;
  if (typeof value !== "string") {
    notes.warn(pointer, "not_a_list", "A list was expected; the value was taken as its only item.");
    return [value];
  }
  const text = value.trim();
  if (text === "") return [];
  if (text.startsWith("[") || text.startsWith("(")) {
    const list = listInText(text, pointer, notes);
    if (list) return list;
    if (text.startsWith("["))
      notes.warn(pointer, "list_not_readable", "This looks like a list and cannot be read as one.");
  }
  if (pipes)
    return text
      .split("|")
      .map((part) => part.trim())
      .filter((part) => part !== "");
  if (!text.startsWith("["))
    notes.warn(pointer, "not_a_list", "A list was expected; the text was taken as its only item.");
  return [value];
}

function listInText(text: string, pointer: string, notes: RowNotes): unknown[] | undefined {
  const opened = openJson(text);
  if (Array.isArray(opened)) return opened;
  const literal = readPythonLiteral(text);
  if (!literal || !Array.isArray(literal.value)) return undefined;
  if (literal.spaced) {
    notes.warn(
      pointer,
      "spaced_list",
      "The items of this list have no commas between them, as NumPy prints; they were read as separate items.",
    );
  }
  return literal.value;
}

/** A list of texts; nulls are left out with a warning. */
export function readTexts(
  found: FoundField | undefined,
  notes: RowNotes,
  pipes = false,
): string[] | undefined {
  const list = readList(found, notes, pipes);
  if (!list || !found) return undefined;
  return list.flatMap((value, index) => {
    const pointer = `${found.pointer}/${index}`;
    if (value === null || value === undefined) {
      notes.warn(pointer, "null_item", "A null in a list was left out.");
      return [];
    }
    return [readText({ value, pointer }, notes) ?? ""];
  });
}

const textKeys = ["text", "content", "page_content", "document"] as const;

function contextOf(
  value: unknown,
  found: FoundField,
  index: number,
  fields: RecordFields,
): CaseContext | undefined {
  const pointer = `${found.pointer}/${index}`;
  if (value === null || value === undefined) {
    fields.notes.warn(pointer, "null_item", "A null in a list was left out.");
    return undefined;
  }
  const key = isObject(value) ? textKeys.find((name) => typeof value[name] === "string") : undefined;
  if (!isObject(value) || key === undefined)
    return { text: readText({ value, pointer }, fields.notes) ?? "" };
  const { id = value.doc_id, score } = value;
  const context: CaseContext = { text: String(value[key]) };
  if (typeof id === "string" || typeof id === "number") context.id = String(id);
  if (typeof score === "number" && Number.isFinite(score)) context.score = score;
  const known: readonly string[] = [key, "id", "doc_id", "score", "rank"];
  if (Object.keys(value).some((name) => !known.includes(name))) fields.keepWhole(found);
  return context;
}

/**
 * Contexts in order, with ids set beside them by position. Ids without texts give contexts with an empty text, which
 * the id-based retrieval metrics can use; a different number of ids and texts is told.
 */
export function readContexts(
  fields: RecordFields,
  found: FoundField | undefined,
  ids: FoundField | undefined,
  how: { readonly pipes?: boolean; readonly ranked?: boolean } = {},
): CaseContext[] {
  const contexts = (readList(found, fields.notes, how.pipes) ?? []).flatMap((value, index) => {
    const context = found && contextOf(value, found, index, fields);
    return context ? [context] : [];
  });
  const idList = readList(ids, fields.notes);
  if (idList && ids) {
    if (contexts.length === 0) contexts.push(...idList.map(() => ({ text: "" })));
    if (idList.length !== contexts.length) {
      const message = `There are ${idList.length} ids for ${contexts.length} contexts.`;
      fields.notes.warn(ids.pointer, "ids_do_not_match", message);
      fields.keepWhole(ids);
    }
    for (const [index, id] of idList.entries()) {
      const context = contexts[index];
      if (context && id !== null && id !== undefined) context.id = String(id);
    }
  }
  if (how.ranked) for (const [index, context] of contexts.entries()) context.rank = index + 1;
  return contexts;
}

/** Tags: a list, JSON in text, or text with commas or bars between. */
export function readTags(found: FoundField | undefined, notes: RowNotes): string[] {
  if (!found) return [];
  const { value } = found;
  if (typeof value !== "string" || value.trim().startsWith("[")) return readTexts(found, notes) ?? [];
  return value
    .split(/[,|]/)
    .map((tag) => tag.trim())
    .filter((tag) => tag !== "");
}

/** A JSON object, or JSON text of one; anything else is told and kept as it came. */
export function readObject(
  fields: RecordFields,
  found: FoundField | undefined,
): Record<string, unknown> | undefined {
  if (!found) return undefined;
  let value = openJson(found.value);
  if (typeof value === "string" && value.trim().startsWith("{"))
    value = readPythonLiteral(value.trim())?.value ?? value;
  if (isObject(value)) return value;
  if (value === "") return undefined;
  fields.notes.warn(
    found.pointer,
    "not_an_object",
    "A JSON object was expected; the value is kept as it came.",
  );
  fields.keepWhole(found);
  return undefined;
}
