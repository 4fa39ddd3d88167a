/** How bad the world is: probabilities of what goes wrong at each step, and delays in milliseconds. */
export interface Faults {
  /** A message or an answer never arrives. */
  readonly loss: number;
  /** A message arrives twice. */
  readonly duplicate: number;
  readonly maxDelayMs: number;
  /** At each await of a worker. */
  readonly workerCrash: number;
  /** At each await of the object: before the commit, after it, before and after a send. */
  readonly objectCrash: number;
  /** A worker goes silent for longer than its lease and comes back. */
  readonly stall: number;
  readonly transient: number;
  readonly permanent: number;
  readonly clockJump: number;
}

export const calm: Faults = {
  loss: 0,
  duplicate: 0,
  maxDelayMs: 50,
  workerCrash: 0,
  objectCrash: 0,
  stall: 0,
  transient: 0,
  permanent: 0,
  clockJump: 0,
};

/** Faults of a seed: some worlds are nearly quiet, some are dreadful. */
export function chaosOf(random: () => number): Faults {
  const scale = random() ** 2;
  return {
    loss: 0.15 * scale,
    duplicate: 0.15 * scale,
    maxDelayMs: 20 + Math.floor(8_000 * scale),
    workerCrash: 0.02 * scale,
    objectCrash: 0.08 * scale,
    stall: 0.02 * scale,
    transient: 0.05 * scale,
    permanent: 0.004 * scale,
    clockJump: 0.3 * scale,
  };
}
