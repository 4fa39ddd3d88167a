import type { EvaluationCase } from "../../../../contracts/evaluation-case.ts";

/**
 * The `summary_tags` a case expects, from its metadata (`summary_tags` or `summaryTags`, a list or a text with commas,
 * semicolons or bars), lower case. Undefined when the case says nothing about tags.
 */
export function expectedTags(evaluationCase: EvaluationCase): readonly string[] | undefined {
  const raw = evaluationCase.metadata.summary_tags ?? evaluationCase.metadata.summaryTags;
  if (raw === undefined || raw === null) return undefined;
  const parts = Array.isArray(raw) ? raw.map(String) : String(raw).split(/[,;|]/);
  return [...new Set(parts.map((part) => part.trim().toLowerCase()).filter((part) => part !== ""))];
}
