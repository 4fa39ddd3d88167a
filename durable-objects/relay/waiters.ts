/** Those who wait for something to happen, for a time at most. */
export class Waiters {
  #waiting = new Set<() => void>();

  next(waitMs: number): Promise<void> {
    return new Promise((resolve) => {
      const go = () => {
        clearTimeout(timer);
        this.#waiting.delete(go);
        resolve();
      };
      const timer = setTimeout(go, waitMs);
      this.#waiting.add(go);
    });
  }

  wake(): void {
    for (const go of [...this.#waiting]) go();
  }
}
