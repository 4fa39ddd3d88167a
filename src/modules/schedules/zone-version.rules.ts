import { sha256 } from "@noble/hashes/sha2.js";
import { toHex } from "../../kernel/hash.ts";
import { offsetAt, transitionAfter, type Zone } from "../../kernel/zone.ts";

const watchedMs = 3 * 366 * 86_400_000;

/**
 * Names the zone data that answers were computed with: 16 hexadecimal digits over the zone's offset and transitions
 * from the UTC year of `now` on, for three years. Runs are computed anew when it differs; the runtime does not tell
 * the version of its tz database.
 */
export function zoneVersion(zone: Zone, now: number): string {
  const from = Date.UTC(new Date(now).getUTCFullYear(), 0, 1);
  const until = from + watchedMs;
  const changes = [`${offsetAt(zone, from)}`];
  let next = transitionAfter(zone, from, until);
  while (next !== null) {
    changes.push(`${next.at}:${next.after}`);
    next = transitionAfter(zone, next.at, until);
  }
  return toHex(sha256(new TextEncoder().encode(changes.join(" ")))).slice(0, 16);
}
