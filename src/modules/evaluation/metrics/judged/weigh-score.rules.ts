import type { TokenCandidate } from "../../../../kernel/ports/llm.ts";

interface WeighedScore {
  readonly score: number;
  /** The candidates that were averaged; empty when the raw score stands. */
  readonly candidates: readonly { readonly score: number; readonly probability: number }[];
}

/**
 * The expected score Σ s·p / Σ p over the candidates of the last token that spells the raw score: whole numbers within
 * the scale whose probability is at least 1 %. Without log probabilities, or where no such token stands alone, the raw
 * score itself. Sources: Liu et al. 2023, arXiv 2303.16634; DeepEval g_eval.
 */
export function weighScore(
  raw: number,
  scale: { readonly lowest: number; readonly highest: number },
  logprobs: readonly (readonly TokenCandidate[])[] | undefined,
): WeighedScore {
  const spelled = logprobs?.findLast((candidates) => candidates[0]?.token.trim() === String(raw));
  const weights = new Map<number, number>();
  for (const { token, logprob } of spelled ?? []) {
    const text = token.trim();
    const score = Number(text);
    const probability = Math.exp(logprob);
    if (!/^-?\d+$/.test(text) || score < scale.lowest || score > scale.highest || probability < 0.01)
      continue;
    weights.set(score, (weights.get(score) ?? 0) + probability);
  }
  const candidates = [...weights].map(([score, probability]) => ({ score, probability }));
  const total = candidates.reduce((sum, { probability }) => sum + probability, 0);
  if (total === 0) return { score: raw, candidates: [] };
  return {
    score: candidates.reduce((sum, { score, probability }) => sum + score * probability, 0) / total,
    candidates,
  };
}
