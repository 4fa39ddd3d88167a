import { emptyDraft } from "./case-draft.ts";
import type { CaseFormat } from "./case-format.ts";
import { readId, readTags, readText, readTexts } from "./field-values.ts";
import { readMessages } from "./messages.ts";

/** OpenAI evals (github.com/openai/evals): `{"input": messages[] | text, "ideal": text | texts}`, one object a line. */
export const openaiEvalsJsonl: CaseFormat = {
  name: "openai-evals-jsonl",
  containers: ["jsonl"],
  read: (fields) => {
    const { notes } = fields;
    const draft = emptyDraft();
    draft.id = readId(fields.take("caseId", ["id", "sample_id"]), notes);
    const input = fields.take("input", ["input"]);
    if (input && Array.isArray(input.value)) {
      const { messages, extras } = readMessages(input.value, input.pointer, notes);
      draft.input = messages;
      if (extras.length > 0) draft.metadata.messages = extras;
    } else draft.input = readText(input, notes);
    const ideal = fields.take("reference", ["ideal"]);
    if (ideal && Array.isArray(ideal.value)) {
      const [first, ...others] = readTexts(ideal, notes) ?? [];
      draft.reference = first;
      if (others.length > 0) draft.metadata.otherReferences = others;
    } else draft.reference = readText(ideal, notes);
    draft.output = readText(fields.take("output", []), notes);
    draft.tags = readTags(fields.take("tags", ["tags"]), notes);
    return [draft];
  },
};
