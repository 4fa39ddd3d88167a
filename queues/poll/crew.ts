/** A piece of work that was taken and is to be done. */
export type Work = () => Promise<void>;

export interface CrewLimits {
  /** Pieces of work at a time, whoever they are for. */
  readonly most: number;
  /** How often a round looks for more while some of its work goes on. */
  readonly lookMs: number;
  /** After this long a round takes no more. */
  readonly longestMs: number;
}

/**
 * What one invocation does for several, `most` pieces at a time. A round takes work while there is some, and looks for
 * more while a slow piece goes on, so that it keeps one place and nobody else waiting. It takes at least one piece if there
 * is one. Rounds for the same name follow each other. @throws the first failure of its work, once all of it has ended
 */
export function newCrew({ most, lookMs, longestMs }: CrewLimits) {
  const rounds = new Map<string, Promise<void>>();
  const until = Date.now() + longestMs;
  let going = 0;

  async function take(next: () => Promise<Work | null>): Promise<Work | null> {
    if (going >= most) return null;
    going += 1;
    const work = await next().catch((error: unknown) => () => Promise.reject(error));
    if (work === null) going -= 1;
    return work;
  }

  async function round(next: () => Promise<Work | null>): Promise<void> {
    const own = new Set<Promise<void>>();
    const failures: unknown[] = [];
    let taken = 0;
    for (;;) {
      const full = going >= most;
      const more = taken === 0 || (Date.now() < until && failures.length === 0);
      const work = more ? await take(next) : null;
      if (work !== null) {
        taken += 1;
        const run: Promise<void> = work()
          .catch((error: unknown) => void failures.push(error))
          .finally(() => {
            going -= 1;
            own.delete(run);
          });
        own.add(run);
      } else if (own.size > 0 || (taken === 0 && full)) await Promise.race([...own, pause(lookMs)]);
      else break;
    }
    if (failures.length > 0) throw failures[0];
  }

  return (name: string, next: () => Promise<Work | null>): Promise<void> => {
    const before = rounds.get(name) ?? Promise.resolve();
    const mine = before.catch(() => undefined).then(() => round(next));
    rounds.set(name, mine);
    return mine;
  };
}

const pause = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));
