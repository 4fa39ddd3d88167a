import { judgeFailed, type MetricResult } from "../../metric.ts";

/**
 * The cosine of the angle between two vectors of the same length, clamped to [-1, 1]; `null` when one of them is zero
 * or their lengths differ, because then there is no angle.
 */
export function cosine(a: readonly number[] | undefined, b: readonly number[] | undefined): number | null {
  if (!a || !b || a.length === 0 || a.length !== b.length) return null;
  let dot = 0;
  let squareA = 0;
  let squareB = 0;
  for (let i = 0; i < a.length; i++) {
    const x = a[i] ?? 0;
    const y = b[i] ?? 0;
    dot += x * y;
    squareA += x * x;
    squareB += y * y;
  }
  if (squareA === 0 || squareB === 0) return null;
  return Math.max(-1, Math.min(1, dot / Math.sqrt(squareA) / Math.sqrt(squareB)));
}

/** The embedding model gave a zero vector, or vectors of two lengths: nothing to compare, so neither 0 nor 1. */
export function noAngle(): MetricResult {
  return judgeFailed({
    ok: false,
    reasonCode: "embedding_unusable",
    detail: "The vectors have no angle.",
    calls: [],
  });
}
