import type { MaruEvent } from "../../../../contracts/events.ts";

/** Histories that are each in the order of arrival, as one. */
export async function* mergeArrivals(
  histories: readonly AsyncIterable<MaruEvent>[],
): AsyncGenerator<MaruEvent> {
  const readers = histories.map((history) => history[Symbol.asyncIterator]());
  try {
    const heads = await Promise.all(readers.map((reader) => reader.next()));
    for (;;) {
      let first = -1;
      for (const [place, head] of heads.entries()) {
        if (head.done === true) continue;
        const known = heads[first];
        if (known === undefined || known.done === true || head.value.ingesttime < known.value.ingesttime)
          first = place;
      }
      const [head, reader] = [heads[first], readers[first]];
      if (head === undefined || head.done === true || reader === undefined) return;
      yield head.value;
      heads[first] = await reader.next();
    }
  } finally {
    await Promise.all(readers.map((reader) => reader.return?.()));
  }
}
