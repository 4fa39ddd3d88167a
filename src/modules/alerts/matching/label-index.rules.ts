import type { Labels, Matcher } from "../../../../contracts/alerts.ts";
import { compileMatchers, type LabelTest } from "./matchers.rules.ts";

interface Entry<T> {
  readonly item: T;
  readonly test: LabelTest;
}

/**
 * Finds which of many lists of matchers hold for an alert, without trying them all: a list with a matcher
 * `name="value"` is only tried for alerts that have this label.
 */
export class LabelIndex<T> {
  readonly #byLabel = new Map<string, Map<string, Entry<T>[]>>();
  readonly #others: Entry<T>[] = [];

  add(matchers: readonly Matcher[], item: T): void {
    const entry = { item, test: compileMatchers(matchers) };
    const equality = matchers.find(({ op, value }) => op === "=" && value !== "");
    if (equality === undefined) {
      this.#others.push(entry);
      return;
    }
    const values = this.#byLabel.get(equality.name) ?? new Map<string, Entry<T>[]>();
    values.set(equality.value, [...(values.get(equality.value) ?? []), entry]);
    this.#byLabel.set(equality.name, values);
  }

  /** What matches, those found by a label first, otherwise in the order in which they were added. */
  matching(labels: Labels): T[] {
    const found: T[] = [];
    for (const [name, values] of this.#byLabel) {
      const value = Object.hasOwn(labels, name) ? labels[name] : undefined;
      if (value === undefined) continue;
      for (const { item, test } of values.get(value) ?? []) if (test(labels)) found.push(item);
    }
    for (const { item, test } of this.#others) if (test(labels)) found.push(item);
    return found;
  }
}
