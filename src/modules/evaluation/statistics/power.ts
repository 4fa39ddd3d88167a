import { normalCdf, normalQuantile } from "./normal.ts";

export interface PowerOptions {
  /** The two-sided level of the test, 0.05 by default. */
  readonly alpha?: number;
  /** The wanted chance to see a real effect, 0.8 by default. */
  readonly power?: number;
}

function reachOf({ alpha = 0.05, power = 0.8 }: PowerOptions): number {
  return normalQuantile(1 - alpha / 2) + normalQuantile(power);
}

/**
 * Pairs needed to see a mean difference `effect` when the differences have standard deviation `sd`:
 * n = ⌈((z_{α/2} + z_β)·sd/δ)²⌉, at least 2. Null for an effect of zero with any spread: no n is enough.
 */
export function pairsNeeded(sd: number, effect: number, options: PowerOptions = {}): number | null {
  if (sd === 0) return 2;
  if (effect === 0) return null;
  const needed = Math.ceil(((reachOf(options) * sd) / effect) ** 2);
  return Number.isSafeInteger(needed) ? Math.max(2, needed) : null;
}

/** The smallest mean difference that n pairs can show: (z_{α/2} + z_β)·sd/√n, in the unit of the score. */
export function smallestDetectableEffect(sd: number, n: number, options: PowerOptions = {}): number | null {
  return n < 2 ? null : (reachOf(options) * sd) / Math.sqrt(n);
}

/** The chance that n pairs show a mean difference `effect`, two-sided, by the normal approximation. */
export function achievedPower(sd: number, effect: number, n: number, alpha = 0.05): number {
  if (sd === 0) return effect === 0 ? alpha : 1;
  const shift = (Math.abs(effect) / sd) * Math.sqrt(n);
  const critical = normalQuantile(1 - alpha / 2);
  return normalCdf(shift - critical) + normalCdf(-shift - critical);
}
