import type { LogLine, PodLogs, SimClock } from "../words.ts";

const KEPT_LINES = 10_000;

export interface WrittenLine extends LogLine {
  readonly namespace: string;
  readonly pod: string;
  readonly container: string;
}

/** A line with its place among all lines. */
interface OrderedLine extends LogLine {
  readonly order: number;
}

/** What containers print, in memory; followers hear each line. */
export class PodLogStore implements PodLogs {
  readonly #clock: SimClock;
  readonly #lines = new Map<string, OrderedLine[]>();
  readonly #previous = new Map<string, OrderedLine[]>();
  #order = 0;
  readonly #listeners = new Set<(line: WrittenLine) => void>();

  constructor(clock: SimClock) {
    this.#clock = clock;
  }

  append(namespace: string, pod: string, text: string, container = ""): void {
    const key = keyOf(namespace, pod, container);
    this.#order += 1;
    const line: OrderedLine = { at: this.#clock.now(), text, order: this.#order };
    const kept = this.#lines.get(key) ?? [];
    kept.push(line);
    if (kept.length > KEPT_LINES * 2) kept.splice(0, kept.length - KEPT_LINES);
    this.#lines.set(key, kept);
    for (const listener of [...this.#listeners]) listener({ ...line, namespace, pod, container });
  }

  lines(namespace: string, pod: string, container = ""): readonly OrderedLine[] {
    return this.#lines.get(keyOf(namespace, pod, container)) ?? [];
  }

  previous(namespace: string, pod: string, container = ""): readonly OrderedLine[] | undefined {
    return this.#previous.get(keyOf(namespace, pod, container));
  }

  rotate(namespace: string, pod: string, container = ""): void {
    const key = keyOf(namespace, pod, container);
    this.#previous.set(key, this.#lines.get(key) ?? []);
    this.#lines.delete(key);
  }

  onLine(listener: (line: WrittenLine) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
}

function keyOf(namespace: string, pod: string, container: string): string {
  return `${namespace}/${pod}/${container}`;
}
