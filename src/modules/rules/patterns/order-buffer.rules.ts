/** What puts events into order. `sequence` is compared as text; without one an event comes before those that have it. */
export interface OrderedEvent {
  readonly source: string;
  readonly id: string;
  /** Event time, epoch milliseconds. */
  readonly at: number;
  readonly sequence?: string | undefined;
  readonly ingestSeq: number;
}

/** Events that wait for the watermark, in order; plain JSON when the events are. */
export interface OrderBuffer<E> {
  /** No event at or before this instant is waited for any more; null before the first watermark. */
  readonly watermark: number | null;
  readonly waiting: readonly E[];
}

export interface OrderStep<E> {
  readonly buffer: OrderBuffer<E>;
  /** Events whose turn has come, in order. */
  readonly released: readonly E[];
  /** Events that came at or before the watermark: for the side stream, not for the rule. */
  readonly late: readonly E[];
  /** Events released before the watermark because too many waited; the watermark went along with them. */
  readonly forced: number;
}

export const emptyOrderBuffer: OrderBuffer<never> = { watermark: null, waiting: [] };

/** The watermark under events at most `boundMs` out of order: the newest event time less the bound, less one. */
export function boundedWatermark(newestAt: number, boundMs: number): number {
  return newestAt - boundMs - 1;
}

/** Negative when `a` comes before `b`: by event time, sequence, ingestion number, and at last by identity. */
export function compareEvents(a: OrderedEvent, b: OrderedEvent): number {
  return (
    a.at - b.at ||
    compareText(a.sequence ?? "", b.sequence ?? "") ||
    a.ingestSeq - b.ingestSeq ||
    compareText(a.source, b.source) ||
    compareText(a.id, b.id)
  );
}

/**
 * Takes events in, judged by the watermark so far, then moves the watermark to `watermark` when that is later, and
 * releases what it has passed. At most `maxWaiting` events stay; beyond that the oldest are released early.
 */
export function orderEvents<E extends OrderedEvent>(
  buffer: OrderBuffer<E>,
  events: readonly E[],
  watermark: number | null,
  maxWaiting = 10_000,
): OrderStep<E> {
  const before = buffer.watermark ?? Number.NEGATIVE_INFINITY;
  const late = events.filter((event) => event.at <= before);
  const inTime = late.length === 0 ? events : events.filter((event) => event.at > before);
  const all = inTime.length === 0 ? buffer.waiting : [...buffer.waiting, ...inTime].sort(compareEvents);

  let mark = Math.max(before, watermark ?? Number.NEGATIVE_INFINITY);
  let count = firstAfter(all, mark);
  let forced = 0;
  if (all.length - count > maxWaiting) {
    const last = all[all.length - maxWaiting - 1];
    mark = Math.max(mark, last?.at ?? mark);
    const through = firstAfter(all, mark);
    forced = through - count;
    count = through;
  }
  return {
    buffer: {
      watermark: mark === Number.NEGATIVE_INFINITY ? null : mark,
      waiting: count === 0 ? all : all.slice(count),
    },
    released: all.slice(0, count),
    late,
    forced,
  };
}

/** How many events of a sorted list are at or before an instant. */
function firstAfter(events: readonly OrderedEvent[], at: number): number {
  let low = 0;
  let high = events.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((events[middle]?.at ?? 0) <= at) low = middle + 1;
    else high = middle;
  }
  return low;
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
