interface Deadline {
  readonly at: number;
  readonly work: () => void;
}

/**
 * Work that is due at an instant unless it is taken back, over one timer of the platform: nearly every call is answered
 * long before its time is over, and a timer for each costs more than what it watches. With nothing due there is none,
 * since a timer keeps the object from falling asleep.
 */
export class Deadlines {
  readonly #all = new Set<Deadline>();
  #timer: { readonly id: ReturnType<typeof setTimeout>; readonly at: number } | undefined;

  /** Runs the work in so many milliseconds; the result takes it back. */
  add(work: () => void, ms: number): () => void {
    const deadline = { at: Date.now() + ms, work };
    this.#all.add(deadline);
    if (this.#timer === undefined || deadline.at < this.#timer.at) this.#arm(deadline.at);
    return () => this.#takeBack(deadline);
  }

  #takeBack(deadline: Deadline): void {
    this.#all.delete(deadline);
    if (this.#all.size > 0) return;
    clearTimeout(this.#timer?.id);
    this.#timer = undefined;
  }

  #arm(at: number): void {
    clearTimeout(this.#timer?.id);
    this.#timer = { at, id: setTimeout(() => this.#run(), Math.max(0, at - Date.now())) };
  }

  #run(): void {
    this.#timer = undefined;
    const now = Date.now();
    let next = Number.POSITIVE_INFINITY;
    for (const deadline of [...this.#all]) {
      if (deadline.at > now) next = Math.min(next, deadline.at);
      else if (this.#all.delete(deadline)) deadline.work();
    }
    if (next < Number.POSITIVE_INFINITY) this.#arm(next);
  }
}
