import { seededRandom } from "../../src/kernel/random.ts";

interface Planned {
  readonly at: number;
  readonly order: number;
  readonly run: () => void;
}

/** A seeded world: one clock, one source of chance, and things that happen in order of time. */
export class Scheduler {
  readonly random: () => number;
  now: number;
  private readonly heap: Planned[] = [];
  private planned = 0;

  constructor(seed: number, now: number) {
    this.random = seededRandom(seed);
    this.now = now;
  }

  after(ms: number, run: () => void): void {
    this.planned += 1;
    const item = { at: this.now + Math.max(0, ms), order: this.planned, run };
    this.heap.push(item);
    let child = this.heap.length - 1;
    while (child > 0) {
      const parent = (child - 1) >> 1;
      if (!this.swapIfEarlier(child, parent)) break;
      child = parent;
    }
  }

  /** Runs what is planned up to a time; stops early when `until` says so. */
  run(to: number, until: () => boolean): void {
    while (!until()) {
      const next = this.heap[0];
      if (next === undefined || next.at > to) break;
      this.pop();
      this.now = next.at;
      next.run();
    }
    if (!until()) this.now = Math.max(this.now, to);
  }

  chance(probability: number): boolean {
    return this.random() < probability;
  }

  between(low: number, high: number): number {
    return low + Math.floor(this.random() * (high - low + 1));
  }

  pick<T>(items: readonly T[]): T {
    const item = items[Math.floor(this.random() * items.length)];
    if (item === undefined) throw new RangeError("nothing to pick from");
    return item;
  }

  private pop(): void {
    const last = this.heap.pop();
    if (last === undefined || this.heap.length === 0) return;
    this.heap[0] = last;
    let parent = 0;
    for (;;) {
      const left = parent * 2 + 1;
      const right = left + 1;
      const child = right < this.heap.length && this.isEarlier(right, left) ? right : left;
      if (child >= this.heap.length || !this.swapIfEarlier(child, parent)) return;
      parent = child;
    }
  }

  private isEarlier(a: number, b: number): boolean {
    const [first, second] = [this.heap[a], this.heap[b]];
    if (first === undefined || second === undefined) return false;
    return first.at < second.at || (first.at === second.at && first.order < second.order);
  }

  private swapIfEarlier(a: number, b: number): boolean {
    const [first, second] = [this.heap[a], this.heap[b]];
    if (first === undefined || second === undefined || !this.isEarlier(a, b)) return false;
    this.heap[a] = second;
    this.heap[b] = first;
    return true;
  }
}
