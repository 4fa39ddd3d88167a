/** Time and chance of where the agent runs. */
export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
  /** 0 <= x < 1 */
  random(): number;
  /** Runs something later; the result takes it back. */
  later(work: () => void, ms: number): () => void;
}
