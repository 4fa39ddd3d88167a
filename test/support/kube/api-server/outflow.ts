/** Lines on their way to one reader, which may be slower than what makes them. */
export class Outflow implements AsyncIterable<string> {
  #waiting: string[] = [];
  #ended = false;
  #wake: (() => void) | undefined;
  readonly #onEnd: (() => void)[] = [];

  /** How many lines wait to be read. */
  get backlog(): number {
    return this.#waiting.length;
  }

  get ended(): boolean {
    return this.#ended;
  }

  push(line: string): void {
    if (this.#ended) return;
    this.#waiting.push(line);
    this.#wake?.();
  }

  /** No more lines; what waits is still read unless `now`. */
  end(now = false): void {
    if (now) this.#waiting = [];
    if (this.#ended) return;
    this.#ended = true;
    for (const run of this.#onEnd) run();
    this.#wake?.();
  }

  onEnd(run: () => void): void {
    this.#onEnd.push(run);
  }

  [Symbol.asyncIterator](): AsyncIterator<string> {
    return {
      next: () => this.#next(),
      return: () => {
        this.end(true);
        return Promise.resolve({ done: true, value: undefined });
      },
    };
  }

  async #next(): Promise<IteratorResult<string>> {
    while (this.#waiting.length === 0) {
      if (this.#ended) return { done: true, value: undefined };
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
      this.#wake = undefined;
    }
    const value = this.#waiting.join("");
    this.#waiting = [];
    return { done: false, value };
  }
}
