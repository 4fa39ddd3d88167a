const longestMs = 25_000;

/** Readers of an object that wait until something happens; in memory only, as they are. */
export class WaitingReaders {
  readonly #wakes = new Set<() => void>();

  /** Resolves with the next `wake`, or after so long. */
  next(waitMs: number): Promise<void> {
    return new Promise((resolve) => {
      const wake = () => {
        clearTimeout(timer);
        this.#wakes.delete(wake);
        resolve();
      };
      const timer = setTimeout(wake, Math.min(waitMs, longestMs));
      this.#wakes.add(wake);
    });
  }

  wake(): void {
    for (const wake of [...this.#wakes]) wake();
  }
}
