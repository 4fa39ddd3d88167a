import type { CaseContext, CaseMessage } from "../../../../contracts/evaluation-case.ts";
import { type CaseDraft, emptyDraft } from "./case-draft.ts";
import type { FormatSurroundings } from "./case-format.ts";
import { isObject, readContexts, readId, readObject, readTags, readText, readTexts } from "./field-values.ts";
import type { FoundField, RecordFields } from "./record-fields.ts";
import { readThresholdColumns } from "./thresholds.ts";

const names = {
  caseId: ["id", "test_id", "case_id"],
  input: ["question", "query"],
  output: ["answer"],
  reference: ["ground_truth", "expected_answer"],
  contexts: ["contexts"],
  referenceContexts: ["reference_contexts"],
  referenceContextIds: ["relevant_docs", "relevant_doc_ids"],
  tags: ["tags"],
  metadata: ["metadata"],
} as const;

/** One row of EvalVault: its JSON `test_cases`, or a row of its CSV or XLSX, where `contexts` may be `a|b|c`. */
export function evalvaultRecord(
  fields: RecordFields,
  around: FormatSurroundings,
  pipes: boolean,
): readonly CaseDraft[] {
  const { notes } = fields;
  const draft = emptyDraft();
  draft.id = readId(fields.take("caseId", names.caseId), notes);
  draft.metadata = { ...readObject(fields, fields.take("metadata", names.metadata)) };
  draft.input = readText(fields.take("input", names.input), notes);
  draft.output = readText(fields.take("output", names.output), notes);
  draft.reference = readText(fields.take("reference", names.reference), notes);
  const contextIds = fields.take("contextIds", []);
  draft.contexts = readContexts(fields, fields.take("contexts", names.contexts), contextIds, {
    pipes,
    ranked: true,
  });
  draft.referenceContexts = readContexts(
    fields,
    fields.take("referenceContexts", names.referenceContexts),
    undefined,
    {
      pipes,
    },
  );
  const relevant = fields.take("referenceContextIds", names.referenceContextIds);
  draft.referenceContexts.push(...relevantDocuments(relevant, fields, around));
  draft.tags = readTags(fields.take("tags", names.tags), notes);
  const summaryTags = readTags(fields.plain(["summary_tags"]), notes);
  if (summaryTags.length > 0) {
    draft.metadata.summary_tags = summaryTags;
    draft.tags.push(...summaryTags);
  }
  const intent = readText(fields.plain(["summary_intent"]), notes);
  if (intent !== undefined) draft.metadata.summary_intent = intent;
  readThresholdColumns(fields, around.index, around.journal);
  return [draft];
}

const knownTexts = new WeakMap<object, ReadonlyMap<string, string>>();

/** The texts of a file's documents by id, made once for each list of documents. */
function documentTexts(documents: unknown): ReadonlyMap<string, string> {
  if (!Array.isArray(documents)) return new Map();
  const known = knownTexts.get(documents);
  if (known) return known;
  const texts = new Map<string, string>();
  for (const item of documents) {
    const text = isObject(item) ? (item.content ?? item.text) : undefined;
    if (isObject(item) && typeof text === "string") texts.set(String(item.doc_id ?? item.id), text);
  }
  knownTexts.set(documents, texts);
  return texts;
}

/** Documents by id: their texts come from the `documents` that stand before the cases in the same file. */
function relevantDocuments(
  found: FoundField | undefined,
  fields: RecordFields,
  around: FormatSurroundings,
): CaseContext[] {
  const ids = readTexts(found, fields.notes, true) ?? [];
  const texts = documentTexts(around.envelope.documents);
  return ids.map((id) => {
    const text = texts.get(id);
    if (text !== undefined) return { text, id };
    fields.notes.warn(
      found?.pointer ?? "",
      "unknown_document",
      `The file has no text for the document ${id} before this case.`,
    );
    return { text: "", id };
  });
}

function turnMessage(turn: unknown, pointer: string, fields: RecordFields): CaseMessage | undefined {
  const { notes } = fields;
  const role = isObject(turn) ? turn.role : undefined;
  if (!isObject(turn) || (role !== "user" && role !== "assistant")) {
    notes.reject(pointer, "unknown_role", "A turn needs the role user or assistant.");
    return undefined;
  }
  const content = readText({ value: turn.content ?? "", pointer: `${pointer}/content` }, notes) ?? "";
  const message: CaseMessage = { role, content };
  if (turn.contexts !== undefined && turn.contexts !== null) {
    message.contexts = readTexts({ value: turn.contexts, pointer: `${pointer}/contexts` }, notes) ?? [];
  }
  if (typeof turn.ground_truth === "string") message.reference = turn.ground_truth;
  return message;
}

const turnFields = new Set(["role", "content", "contexts", "ground_truth"]);

/**
 * A conversation of EvalVault. The whole of it is the input; a last turn of the assistant is also the output, and its
 * contexts and ground truth are the case's where the conversation has none of its own.
 */
export function evalvaultConversation(fields: RecordFields, turns: FoundField): readonly CaseDraft[] {
  const { notes } = fields;
  const draft = emptyDraft();
  draft.id = readId(fields.take("caseId", ["conversation_id", "id"]), notes);
  draft.metadata = { ...readObject(fields, fields.take("metadata", names.metadata)) };
  draft.tags = readTags(fields.take("tags", names.tags), notes);
  const list = Array.isArray(turns.value) ? turns.value : [];
  const messages = list.flatMap((turn, index) => turnMessage(turn, `/turns/${index}`, fields) ?? []);
  draft.input = messages;
  const last = messages.at(-1);
  if (last?.role === "assistant") draft.output = last.content;
  draft.reference = readText(fields.take("reference", ["expected_final_answer"]), notes) ?? last?.reference;
  draft.contexts = (last?.contexts ?? []).map((text, index) => ({ text, rank: index + 1 }));
  const extras = list.flatMap((turn, index) => {
    const more = isObject(turn)
      ? Object.entries(turn).filter(([name, value]) => !turnFields.has(name) && value !== null)
      : [];
    return more.length > 0 ? [{ index, ...Object.fromEntries(more) }] : [];
  });
  if (extras.length > 0) draft.metadata.messages = extras;
  const tolerance = fields.plain(["drift_tolerance"]);
  if (tolerance) draft.metadata.driftTolerance = tolerance.value;
  return [draft];
}
