import * as z from "zod";
import type { CaseParts } from "./case-parts.ts";

/** Where the text that was summarised stands; `auto` takes the first that is there, in this order. */
export const SourceField = z.enum(["auto", "reference_contexts", "contexts", "input"]);
export type SourceField = z.infer<typeof SourceField>;

/** The text that a summary was made of, contexts joined by line ends; empty when the case has none. */
export function sourceText(parts: CaseParts, field: SourceField): string {
  const texts = {
    reference_contexts: parts.referenceContexts.join("\n"),
    contexts: parts.contexts.join("\n"),
    input: parts.question,
  };
  if (field !== "auto") return texts[field];
  return texts.reference_contexts || texts.contexts || texts.input;
}
