export interface ForeignMetric {
  readonly metric: string;
  readonly options: Readonly<Record<string, unknown>>;
}

/** Names other tools give to metrics that Maru has under another name. */
const otherNames: ReadonlyMap<string, string> = new Map([
  ["mrr", "reciprocal_rank"],
  ["map", "average_precision"],
  ["recall", "recall_at_k"],
  ["precision", "precision_at_k"],
  ["hit", "hit_at_k"],
  ["hit_rate", "hit_at_k"],
  ["ndcg", "ndcg"],
  ["rouge", "rouge_l"],
  ["f1", "token_f1"],
  ["answer_similarity", "semantic_similarity"],
  ["factual_correctness_f1", "factual_correctness"],
  ["summary_faithfulness", "faithfulness"],
  ["summary_score", "summarization_qa"],
]);

/** A metric as a file names it, `recall@5` included; undefined when the text cannot be the name of a metric. */
export function metricByForeignName(name: string): ForeignMetric | undefined {
  const match = /^([a-z][a-z0-9_]{0,63})(?:@(\d{1,4}))?$/.exec(
    name
      .trim()
      .toLowerCase()
      .replaceAll(/[\s-]+/g, "_"),
  );
  const base = match?.[1];
  if (base === undefined) return undefined;
  const k = match?.[2];
  return { metric: otherNames.get(base) ?? base, options: k === undefined ? {} : { k: Number(k) } };
}
