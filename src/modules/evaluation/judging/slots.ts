import { untilAborted } from "./share-in-flight.ts";

/** Runs work with at most `limit` at a time, in order of arrival; who aborts while waiting gives the turn away. */
export function slots(
  limit: number,
): <Value>(work: () => Promise<Value>, signal?: AbortSignal) => Promise<Value> {
  const waiting: (() => void)[] = [];
  let free = limit;
  const leave = () => {
    const next = waiting.shift();
    if (next) next();
    else free++;
  };
  return async (work, signal) => {
    signal?.throwIfAborted();
    if (free > 0) free--;
    else {
      const turn = new Promise<void>((resolve) => waiting.push(resolve));
      try {
        await untilAborted(turn, signal);
      } catch (error) {
        void turn.then(leave);
        throw error;
      }
    }
    try {
      return await work();
    } finally {
      leave();
    }
  };
}
