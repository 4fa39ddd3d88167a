interface Flight<Value> {
  readonly promise: Promise<Value>;
  readonly signal: AbortSignal | undefined;
}

interface Shared<Value> {
  readonly value: Value;
  /** Whether another caller's work was used. */
  readonly joined: boolean;
}

/**
 * Lets equal work that is already under way serve every caller. A caller who aborts leaves alone; when the one who
 * does the work aborts, a waiting caller begins anew.
 */
export function shareInFlight<Value>(): (
  key: string,
  signal: AbortSignal | undefined,
  work: () => Promise<Value>,
) => Promise<Shared<Value>> {
  const flights = new Map<string, Flight<Value>>();
  return async (key, signal, work) => {
    for (;;) {
      signal?.throwIfAborted();
      const flight = flights.get(key);
      if (!flight) {
        const promise = work().finally(() => flights.delete(key));
        promise.catch(() => undefined);
        flights.set(key, { promise, signal });
        return { value: await untilAborted(promise, signal), joined: false };
      }
      try {
        return { value: await untilAborted(flight.promise, signal), joined: true };
      } catch (error) {
        if (signal?.aborted || !flight.signal?.aborted) throw error;
      }
    }
  };
}

/** Waits for work, or for the signal, whichever is first; the work itself goes on. */
export function untilAborted<Value>(work: Promise<Value>, signal: AbortSignal | undefined): Promise<Value> {
  if (!signal) return work;
  return new Promise((resolve, reject) => {
    const onAbort = () => reject(signal.reason);
    if (signal.aborted) onAbort();
    signal.addEventListener("abort", onAbort, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener("abort", onAbort));
  });
}
