import type { WindowEntries } from "./job-store.ts";

/** Providers count requests and tokens per minute. */
export const windowMs = 60_000;

/** What was taken in the last minute. Entries from a clock that ran ahead still count. */
export function usedIn(entries: WindowEntries, now: number): number {
  return entries.reduce((sum, [at, amount]) => (at > now - windowMs ? sum + amount : sum), 0);
}

/**
 * Milliseconds until `amount` fits under `limit` beside what is held and was taken: 0 when it fits now, null when
 * only the release of a hold (or a higher limit) can help.
 */
export function waitForRoom(
  entries: WindowEntries,
  now: number,
  held: number,
  amount: number,
  limit: number,
): number | null {
  if (amount === 0) return 0;
  let free = limit - held - usedIn(entries, now);
  if (amount <= free) return 0;
  for (const [at, taken] of entries) {
    if (at <= now - windowMs) continue;
    free += taken;
    if (amount <= free) return at + windowMs - now;
  }
  return null;
}

/**
 * Notes that `amount` was taken now. Takes within one second share an entry that carries the later time, so that an
 * entry never leaves the window too early and a window never has more than about sixty.
 */
export function noteTaken(entries: WindowEntries, now: number, amount: number): WindowEntries {
  const kept = entries.filter(([at]) => at > now - windowMs);
  if (amount === 0) return kept;
  const last = kept.at(-1);
  if (last !== undefined && Math.floor(last[0] / 1000) >= Math.floor(now / 1000)) {
    kept[kept.length - 1] = [Math.max(last[0], now), last[1] + amount];
  } else {
    kept.push([now, amount]);
  }
  return kept;
}
