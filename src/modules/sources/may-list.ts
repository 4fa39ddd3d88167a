import { minuteOf } from "./minute.rules.ts";

const listedPerMinute = 120;
let listing: { minute: number; bySource: Map<string, number> } = { minute: 0, bySource: new Map() };

/** Whether more of what a source refused is still listed this minute: a flood of refusals is only counted. */
export function mayList(sourceId: string, now: Date, count: number): boolean {
  const minute = minuteOf(now).getTime();
  if (listing.minute !== minute) listing = { minute, bySource: new Map() };
  const listed = listing.bySource.get(sourceId) ?? 0;
  listing.bySource.set(sourceId, listed + count);
  return listed < listedPerMinute;
}
