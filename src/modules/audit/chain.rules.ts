import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex, utf8ToBytes } from "@noble/hashes/utils.js";

/** What stands before the first event of a chain. */
export const genesisHash = "0".repeat(64);

/** Binds an event to its predecessor: SHA-256 of `previous chain hash | digest`, in lower-case hexadecimal. */
export function chainHash(previous: string, digest: string): string {
  return bytesToHex(sha256(utf8ToBytes(`${previous}|${digest}`)));
}

/** An event's place in its tenant's chain. */
export interface ChainPlace {
  readonly eventId: string;
  readonly seq: number;
  readonly hash: string;
}

/** Gives the next places of a chain to events, in the order given. */
export function chainOn(
  head: { readonly seq: number; readonly hash: string },
  events: readonly { readonly id: string; readonly digest: string }[],
): ChainPlace[] {
  let { seq, hash } = head;
  return events.map(({ id, digest }) => {
    seq += 1;
    hash = chainHash(hash, digest);
    return { eventId: id, seq, hash };
  });
}

/** A chained row as it was found, with the digest that its content has now. */
export interface FoundEvent {
  readonly id: string;
  readonly seq: number;
  readonly digest: string;
  readonly chainHash: string;
  readonly recomputed: string;
}

/**
 * `changed`: the content isn't what was chained. `missing`: a place is empty. `reordered`: an event stands in
 * another's place. `truncated`: the end that the ledger remembers is gone. `added`: a place that was never given out.
 */
type FaultKind = "changed" | "missing" | "reordered" | "truncated" | "added";

export interface ChainFault {
  readonly seq: number;
  readonly eventId: string | null;
  readonly kind: FaultKind;
}

/** A walk along a chain: everything up to `seq` was checked. */
export interface ChainWalk {
  readonly seq: number;
  readonly hash: string;
  readonly checked: number;
  readonly fault: ChainFault | null;
}

/** Continues a walk over the next rows, in the order of their places; it stops at the first fault. */
export function walkOn(walk: ChainWalk, rows: readonly FoundEvent[]): ChainWalk {
  let { seq, hash, checked } = walk;
  if (walk.fault) return walk;
  for (const row of rows) {
    const fault = faultOf(row, seq + 1, hash, rows);
    if (fault) return { seq, hash, checked, fault };
    seq = row.seq;
    hash = row.chainHash;
    checked += 1;
  }
  return { seq, hash, checked, fault: null };
}

function faultOf(
  row: FoundEvent,
  expected: number,
  previous: string,
  rows: readonly FoundEvent[],
): ChainFault | null {
  if (row.seq !== expected) return { seq: expected, eventId: null, kind: "missing" };
  if (row.recomputed !== row.digest) return { seq: row.seq, eventId: row.id, kind: "changed" };
  if (chainHash(previous, row.digest) === row.chainHash) return null;
  const rightful = rows.some((other) => {
    const hash = chainHash(previous, other.digest);
    return other.id !== row.id && (hash === other.chainHash || hash === row.chainHash);
  });
  return { seq: row.seq, eventId: row.id, kind: rightful ? "reordered" : "changed" };
}

/**
 * Compares the end of a walk with the head that the ledger keeps; a chain that was rewritten ends in another hash.
 * `more` tells whether events stand beyond the place where the walk found nothing.
 */
export function checkHead(
  walk: ChainWalk,
  head: { readonly seq: number; readonly hash: string },
  lastId: string | null,
  more: boolean,
): ChainFault | null {
  if (walk.fault) return walk.fault;
  if (walk.seq < head.seq) return { seq: walk.seq + 1, eventId: null, kind: more ? "missing" : "truncated" };
  return walk.hash === head.hash ? null : { seq: head.seq, eventId: lastId, kind: "changed" };
}
