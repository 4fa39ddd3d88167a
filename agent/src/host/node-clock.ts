import type { Clock } from "../core/clock.ts";

/** This machine's clock. */
export const nodeClock: Clock = {
  now: Date.now,
  random: Math.random,
  later: (work, ms) => {
    const timer = setTimeout(work, ms);
    return () => clearTimeout(timer);
  },
};
