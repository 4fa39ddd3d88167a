/** The faults of an answer that must speak of each of `count` items exactly once, by index from 0. */
export function everyIndexOnce(
  items: readonly { readonly index: number }[],
  count: number,
  what: string,
): string[] {
  const times = new Map<number, number>();
  for (const { index } of items) times.set(index, (times.get(index) ?? 0) + 1);
  const faults: string[] = [];
  for (let index = 0; index < count; index++) {
    const seen = times.get(index) ?? 0;
    if (seen !== 1) faults.push(`${what} ${index} has ${seen === 0 ? "no" : "more than one"} verdict.`);
  }
  const strangers = [...times.keys()].filter((index) => index < 0 || index >= count);
  if (strangers.length > 0) faults.push(`There is no ${what} with index ${strangers.join(", ")}.`);
  return faults;
}

/** The items of an answer in the order of their index. */
export function byIndex<Item extends { readonly index: number }>(items: readonly Item[]): Item[] {
  return items.toSorted((a, b) => a.index - b.index);
}
