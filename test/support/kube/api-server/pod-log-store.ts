import type { LogLine, PodLogs, SimClock } from "../words.ts";

export interface WrittenLine extends LogLine {
  readonly namespace: string;
  readonly pod: string;
  readonly container: string;
}

/** What containers print, in memory; followers hear each line. */
export class PodLogStore implements PodLogs {
  readonly #clock: SimClock;
  readonly #lines = new Map<string, LogLine[]>();
  readonly #previous = new Map<string, LogLine[]>();
  readonly #listeners = new Set<(line: WrittenLine) => void>();

  constructor(clock: SimClock) {
    this.#clock = clock;
  }

  append(namespace: string, pod: string, text: string, container = ""): void {
    const key = keyOf(namespace, pod, container);
    const line: LogLine = { at: this.#clock.now(), text };
    this.#lines.set(key, [...(this.#lines.get(key) ?? []), line]);
    for (const listener of [...this.#listeners]) listener({ ...line, namespace, pod, container });
  }

  lines(namespace: string, pod: string, container = ""): readonly LogLine[] {
    return this.#lines.get(keyOf(namespace, pod, container)) ?? [];
  }

  previous(namespace: string, pod: string, container = ""): readonly LogLine[] | undefined {
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
