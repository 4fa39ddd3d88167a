import { type CaseDraft, emptyDraft } from "./case-draft.ts";
import type { CaseFormat } from "./case-format.ts";
import { isObject, openJson, readContexts, readId, readTags, readText } from "./field-values.ts";
import { callsOf, lastAnswer, readMessages } from "./messages.ts";
import type { FoundField, RecordFields } from "./record-fields.ts";

const inputKeys = ["question", "query", "input", "user_input", "prompt", "messages", "text"];
const answerKeys = [
  "answer",
  "output",
  "expected_output",
  "reference",
  "ground_truth",
  "response",
  "text",
  "content",
];
const contextKeys = ["contexts", "retrieved_contexts", "context", "documents"];

function firstKey(value: Record<string, unknown>, keys: readonly string[]): string | undefined {
  return keys.find((key) => value[key] !== undefined && value[key] !== null && value[key] !== "");
}

function setMessages(
  draft: CaseDraft,
  found: FoundField,
  list: readonly unknown[],
  fields: RecordFields,
): void {
  const { messages, extras } = readMessages(list, found.pointer, fields.notes);
  draft.input = messages;
  draft.output = lastAnswer(messages)?.content;
  draft.toolCalls = callsOf(messages);
  if (extras.length > 0) draft.metadata.messages = extras;
}

/** `input` is any JSON: text, messages, or an object in which a member by a usual name is the question. */
function readInput(draft: CaseDraft, found: FoundField | undefined, fields: RecordFields): void {
  if (!found) return;
  const value = openJson(found.value);
  if (Array.isArray(value) && (Array.isArray(found.value) || value.every(isObject))) {
    setMessages(draft, found, value, fields);
    return;
  }
  if (!isObject(value)) {
    draft.input = readText(Array.isArray(value) ? found : { ...found, value }, fields.notes);
    return;
  }
  const key = firstKey(value, inputKeys);
  if (key === undefined) {
    draft.input = readText({ ...found, value }, fields.notes);
    fields.keepWhole(found);
    return;
  }
  const inner = { value: value[key], pointer: `${found.pointer}/${key}` };
  fields.notes.mapped("input", inner.pointer);
  if (Array.isArray(inner.value)) setMessages(draft, inner, inner.value, fields);
  else draft.input = readText(inner, fields.notes);
  const contexts = firstKey(value, contextKeys);
  if (contexts !== undefined) {
    const at = { value: value[contexts], pointer: `${found.pointer}/${contexts}` };
    fields.notes.mapped("contexts", at.pointer);
    draft.contexts = readContexts(fields, at, undefined, { ranked: true });
  }
  if (Object.keys(value).some((name) => name !== key && name !== contexts)) fields.keepWhole(found);
}

function readAnswer(
  field: "output" | "reference",
  found: FoundField | undefined,
  fields: RecordFields,
): string | undefined {
  const value = found && openJson(found.value);
  if (!found || !isObject(value)) return readText(found && { ...found, value }, fields.notes);
  const key = firstKey(value, answerKeys);
  if (key === undefined || Object.keys(value).length > 1) fields.keepWhole(found);
  if (key === undefined) return readText({ ...found, value }, fields.notes);
  fields.notes.mapped(field, `${found.pointer}/${key}`);
  return readText({ value: value[key], pointer: `${found.pointer}/${key}` }, fields.notes);
}

/** Items of a Langfuse data set, or traces, as its API and its exports write them (JSON, JSONL, CSV). */
export const langfuseExport: CaseFormat = {
  name: "langfuse-export",
  containers: ["json", "jsonl", "csv"],
  read: (fields) => {
    const { notes } = fields;
    const draft = emptyDraft();
    draft.id = readId(fields.take("caseId", ["id"]), notes);
    const metadata = fields.take("metadata", ["metadata"]);
    const opened = metadata && openJson(metadata.value);
    if (isObject(opened)) draft.metadata = { ...opened };
    else if (metadata && metadata.value !== "") draft.metadata.value = opened;
    readInput(draft, fields.take("input", ["input"]), fields);
    draft.output = readAnswer("output", fields.take("output", ["output"]), fields) ?? draft.output;
    draft.reference = readAnswer(
      "reference",
      fields.take("reference", ["expectedOutput", "expected_output"]),
      fields,
    );
    const contexts = fields.take("contexts", []);
    if (contexts) draft.contexts = readContexts(fields, contexts, undefined, { ranked: true });
    const tags = fields.take("tags", ["tags"]);
    draft.tags = readTags(tags, notes);
    const status = fields.plain(["status"]);
    if (status) draft.metadata.status = status.value;
    if (status?.value === "ARCHIVED") draft.tags.push("archived");
    return [draft];
  },
  finish: (envelope, journal) => {
    Object.assign(journal.dataset, envelope);
  },
};
