import type { ShardRow } from "./shard-store.ts";

const kept = 10;

/** Notes in a shard's row that it was down, in place: it was to be stepped long before `now` and was not. */
export function noteOutage(shard: ShardRow, now: number, outageMs: number | null): void {
  const { wakeAt } = shard;
  if (outageMs === null || wakeAt === null || wakeAt === undefined || now - wakeAt <= outageMs) return;
  shard.outages = [...(shard.outages ?? []), { downAt: wakeAt, upAt: now }].slice(-kept);
}
