import type { EvaluationCase } from "../../../../contracts/evaluation-case.ts";
import { isBlank } from "../text/normalize.ts";
import { lengthOf, maxComparedCells, stringSimilarity } from "../text/string-similarity.ts";
import { absent, present, type Reading, readContexts } from "./case-reading.ts";

/**
 * For each text of `of`, its best Levenshtein similarity to a text of the other side; `no_contexts`,
 * `no_reference_contexts` or `text_too_long` when there is nothing to compare.
 */
export function readBestSimilarities(
  evaluationCase: EvaluationCase,
  of: "contexts" | "referenceContexts",
): Reading<readonly number[]> {
  const contexts = readContexts(evaluationCase);
  if (!contexts.ok) return contexts;
  const references = evaluationCase.referenceContexts
    .map((context) => context.text)
    .filter((text) => !isBlank(text));
  if (references.length === 0) return absent("no_reference_contexts");
  const [left, right] = of === "contexts" ? [contexts.value, references] : [references, contexts.value];
  if (lengthOf(left) * lengthOf(right) > maxComparedCells) return absent("text_too_long");
  const best: number[] = [];
  for (const text of left) {
    best.push(Math.max(...right.map((other) => stringSimilarity(text, other) ?? 0)));
  }
  return present(best);
}

/** The distinct context ids of both sides; `no_contexts`, `no_reference_contexts` or `no_context_ids` without them. */
export function readIds(
  evaluationCase: EvaluationCase,
): Reading<{ readonly retrieved: Set<string>; readonly reference: Set<string> }> {
  const { contexts, referenceContexts } = evaluationCase;
  if (contexts.length === 0) return absent("no_contexts");
  if (referenceContexts.length === 0) return absent("no_reference_contexts");
  const ids = [contexts, referenceContexts].map(
    (list) => new Set(list.flatMap((context) => context.id ?? [])),
  );
  const [retrieved, reference] = [ids[0] ?? new Set<string>(), ids[1] ?? new Set<string>()];
  return retrieved.size === 0 || reference.size === 0
    ? absent("no_context_ids")
    : present({ retrieved, reference });
}
