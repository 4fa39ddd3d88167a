import * as z from "zod";
import type { CaseContext, EvaluationCase } from "../../../../contracts/evaluation-case.ts";
import { notApplicable, scored } from "../metric.ts";
import { foldText } from "../text/normalize.ts";
import { lengthOf, maxComparedCells, stringSimilarity } from "../text/string-similarity.ts";
import { tokenize } from "../text/tokenizers.ts";
import { absent, present, type Reading } from "./case-reading.ts";

/** How a retrieved context is recognised as a judged one. */
export const retrievalOptions = {
  /**
   * `id`: equal ids. `text`: equal text after folding. `similar`: Levenshtein similarity to a reference context not
   * taken yet reaches `threshold`. `auto`: `id` when every context has one, else `text`.
   */
  judgeBy: z.enum(["auto", "id", "text", "similar"]).default("auto"),
  threshold: z.number().min(0).max(1).default(0.5),
  /** A document is relevant when its gain (the `score` of its reference context, 1 when it has none) is above this. */
  relevantAbove: z.number().min(0).default(0),
  /** What a query without any relevant document scores: nothing (it is left out of the mean) or 0. */
  noRelevant: z.enum(["exclude", "zero"]).default("exclude"),
  /** What an empty retrieved list scores: nothing or 0. */
  noContexts: z.enum(["exclude", "zero"]).default("exclude"),
} as const;

/** For metrics that need no list of all relevant documents: relevance may be read off the reference answer. */
export const rankOptions = {
  ...retrievalOptions,
  /** Also `reference_overlap`: a context is relevant when it has at least `threshold` of the tokens of the reference. */
  judgeBy: z.enum(["auto", "id", "text", "similar", "reference_overlap"]).default("auto"),
} as const;

export interface RetrievalChoice {
  readonly judgeBy: "auto" | "id" | "text" | "similar" | "reference_overlap";
  readonly threshold: number;
  readonly relevantAbove: number;
  readonly noRelevant: "exclude" | "zero";
  readonly noContexts: "exclude" | "zero";
}

export interface RankedContexts {
  /** The gain at each rank; a document seen before at an earlier rank keeps its place and gains 0. */
  readonly gains: readonly number[];
  readonly relevant: readonly boolean[];
  /** Gains of all judged documents, greatest first; of the retrieved ones alone with `reference_overlap`. */
  readonly judgedGains: readonly number[];
  /** Number of relevant documents there are. */
  readonly relevantTotal: number;
  readonly judgedBy: string;
}

/**
 * The retrieved list of a case against its reference contexts. Order is by `rank` when every context has one, else as
 * given. `no_contexts`, `no_reference_contexts`, `no_relevant_documents` or `text_too_long` when it cannot be judged.
 */
export function readRanked(evaluationCase: EvaluationCase, choice: RetrievalChoice): Reading<RankedContexts> {
  const retrieved = inOrder(evaluationCase.contexts);
  if (retrieved.length === 0 && choice.noContexts === "exclude") return absent("no_contexts");
  if (choice.judgeBy === "reference_overlap") return byOverlap(retrieved, evaluationCase.reference, choice);
  const judged = evaluationCase.referenceContexts;
  if (judged.length === 0) return absent("no_reference_contexts");
  const judgedBy =
    choice.judgeBy === "auto" ? (hasIds(retrieved) && hasIds(judged) ? "id" : "text") : choice.judgeBy;
  if (judgedBy === "id" && !(hasIds(retrieved) && hasIds(judged))) return absent("no_context_ids");
  const gains =
    judgedBy === "similar"
      ? similarGains(retrieved, judged, choice.threshold)
      : keyedGains(retrieved, judged, judgedBy);
  if (gains === undefined) return absent("text_too_long");
  const judgedGains = [...gainsByKey(judged, judgedBy).values()].sort((a, b) => b - a);
  return ranked(gains, judgedGains, judgedBy, choice);
}

function ranked(
  gains: readonly number[],
  judgedGains: readonly number[],
  judgedBy: string,
  choice: RetrievalChoice,
): Reading<RankedContexts> {
  const isRelevant = (gain: number): boolean => gain > choice.relevantAbove;
  const relevantTotal = judgedGains.filter(isRelevant).length;
  if (relevantTotal === 0 && judgedBy !== "reference_overlap") {
    const evidence = [{ kind: "ranking", reason: "no_relevant_documents", data: { judgedBy } }];
    if (choice.noRelevant === "zero") return { ok: false, result: scored(0, evidence) };
    return { ok: false, result: notApplicable("no_relevant_documents", evidence) };
  }
  return present({ gains, relevant: gains.map(isRelevant), judgedGains, relevantTotal, judgedBy });
}

function inOrder(contexts: readonly CaseContext[]): readonly CaseContext[] {
  if (!contexts.every((context) => context.rank !== undefined)) return contexts;
  return contexts.toSorted((a, b) => (a.rank ?? 0) - (b.rank ?? 0));
}

function hasIds(contexts: readonly CaseContext[]): boolean {
  return contexts.every((context) => context.id !== undefined);
}

function gainOf(context: CaseContext): number {
  return Math.max(0, context.score ?? 1);
}

function keyOf(context: CaseContext, by: string): string {
  return by === "id" ? (context.id ?? "") : foldText(context.text);
}

function gainsByKey(judged: readonly CaseContext[], by: string): Map<string, number> {
  const gains = new Map<string, number>();
  for (const context of judged) {
    const key = keyOf(context, by);
    gains.set(key, Math.max(gains.get(key) ?? 0, gainOf(context)));
  }
  return gains;
}

function keyedGains(retrieved: readonly CaseContext[], judged: readonly CaseContext[], by: string): number[] {
  const left = gainsByKey(judged, by);
  return retrieved.map((context) => {
    const key = keyOf(context, by);
    const gain = left.get(key) ?? 0;
    left.delete(key);
    return gain;
  });
}

function similarGains(
  retrieved: readonly CaseContext[],
  judged: readonly CaseContext[],
  threshold: number,
): number[] | undefined {
  const left = gainsByKey(judged, "text");
  const texts = retrieved.map((context) => foldText(context.text));
  if (lengthOf(texts) * lengthOf([...left.keys()]) > maxComparedCells) return undefined;
  return texts.map((text) => {
    let best: { key: string; similarity: number } | undefined;
    for (const key of left.keys()) {
      const similarity = stringSimilarity(text, key) ?? 0;
      if (similarity >= threshold && similarity > (best?.similarity ?? -1)) best = { key, similarity };
    }
    const gain = best === undefined ? 0 : (left.get(best.key) ?? 0);
    if (best !== undefined) left.delete(best.key);
    return gain;
  });
}

function byOverlap(
  retrieved: readonly CaseContext[],
  reference: string | undefined,
  choice: RetrievalChoice,
): Reading<RankedContexts> {
  if (reference === undefined) return absent("no_reference");
  const wanted = new Set(tokenize("korean-particle", reference));
  if (wanted.size === 0) return absent("no_reference_tokens");
  const seen = new Set<string>();
  const gains = retrieved.map((context) => {
    const key = foldText(context.text);
    if (seen.has(key)) return 0;
    seen.add(key);
    const tokens = new Set(tokenize("korean-particle", context.text));
    const recall = [...wanted].filter((token) => tokens.has(token)).length / wanted.size;
    return recall >= choice.threshold && recall > 0 ? 1 : 0;
  });
  return ranked(
    gains,
    gains.toSorted((a, b) => b - a),
    "reference_overlap",
    choice,
  );
}
