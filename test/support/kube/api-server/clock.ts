import type { SimClock } from "../words.ts";

/** A clock that can be stopped, so that nothing of it outlives the simulator. */
export interface StoppableClock extends SimClock {
  stop(): void;
}

interface Due {
  readonly at: number;
  readonly order: number;
  readonly run: () => void;
}

const settled = () => new Promise<void>((resolve) => setImmediate(resolve));

/** Time that stands until `advance`. */
export function virtualClock(startAt: number): StoppableClock {
  let now = startAt;
  let order = 0;
  let waiting: Due[] = [];
  const earliest = (until: number) =>
    waiting
      .filter(({ at }) => at <= until)
      .reduce<Due | undefined>(
        (best, due) =>
          best && (best.at < due.at || (best.at === due.at && best.order < due.order)) ? best : due,
        undefined,
      );
  return {
    now: () => now,
    after(delayMs, run) {
      order += 1;
      const due: Due = { at: now + Math.max(0, delayMs), order, run };
      waiting.push(due);
      return () => {
        waiting = waiting.filter((one) => one !== due);
      };
    },
    async advance(ms) {
      const until = now + ms;
      await settled();
      for (let due = earliest(until); due; due = earliest(until)) {
        const running = due;
        waiting = waiting.filter((one) => one !== running);
        now = Math.max(now, due.at);
        due.run();
        await settled();
      }
      now = until;
    },
    stop() {
      waiting = [];
    },
  };
}

/** Time that runs, `speed` times as fast as the wall clock. */
export function runningClock(startAt: number, speed: number): StoppableClock {
  const startedAt = Date.now();
  const timers = new Set<NodeJS.Timeout>();
  return {
    now: () => startAt + (Date.now() - startedAt) * speed,
    after(delayMs, run) {
      const timer = setTimeout(() => {
        timers.delete(timer);
        run();
      }, Math.max(0, delayMs) / speed);
      timers.add(timer);
      return () => {
        timers.delete(timer);
        clearTimeout(timer);
      };
    },
    advance: () => Promise.reject(new Error("A running clock can't be moved.")),
    stop() {
      for (const timer of timers) clearTimeout(timer);
      timers.clear();
    },
  };
}

/** An instant as the API writes it: whole seconds, UTC. */
export function instant(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 19)}Z`;
}
