import { upperGamma } from "./gamma.ts";

/** Φ(x), the standard normal distribution function, from Q(½, x²/2); keeps its relative accuracy in the lower tail. */
export function normalCdf(x: number): number {
  const tail = 0.5 * upperGamma(0.5, (x * x) / 2);
  return x < 0 ? tail : 1 - tail;
}

/**
 * Φ⁻¹(p): a rational first guess (Abramowitz and Stegun 26.2.23) and Halley steps on Φ. p ≤ 0 gives −∞, p ≥ 1 gives
 * +∞. Relative error about 1e-14.
 */
export function normalQuantile(p: number): number {
  if (p <= 0) return Number.NEGATIVE_INFINITY;
  if (p >= 1) return Number.POSITIVE_INFINITY;
  if (p === 0.5) return 0;
  if (p > 0.5) return -normalQuantile(1 - p);
  const t = Math.sqrt(-2 * Math.log(p));
  let x =
    (2.515517 + t * (0.802853 + t * 0.010328)) / (1 + t * (1.432788 + t * (0.189269 + t * 0.001308))) - t;
  for (let step = 0; step < 3; step++) {
    const density = Math.exp((-x * x) / 2) / Math.sqrt(2 * Math.PI);
    const newton = (normalCdf(x) - p) / density;
    x -= newton / (1 + (x * newton) / 2);
  }
  return x;
}
