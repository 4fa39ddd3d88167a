/** What an isolate may still let through for one caller without asking, until `endsAt` (milliseconds). */
export interface Lease {
  readonly endsAt: number;
  readonly left: number;
  /** What nobody had been granted when the lease was given. */
  readonly remaining: number;
  /** How much the isolate asks for next: doubled with each lease of the window. */
  readonly want: number;
}

const firstShare = 100;
const largestShare = 20;

/** How much to ask for: little at first, so that a quiet caller wastes nothing, a twentieth of the limit at most. */
export function wantOf(lease: Lease | undefined, limit: number): number {
  const largest = Math.max(1, Math.floor(limit / largestShare));
  return Math.min(largest, lease?.want ?? Math.max(1, Math.floor(limit / firstShare)));
}

/** The lease after a grant, with one request of it already used. Nothing granted is remembered until the window ends. */
export function leaseOf(
  grant: { readonly granted: number; readonly remaining: number; readonly endsAt: number },
  want: number,
): Lease {
  return {
    endsAt: grant.endsAt,
    left: Math.max(0, grant.granted - 1),
    remaining: grant.remaining,
    want: want * 2,
  };
}

/** Whether the isolate has to ask: it has nothing left and the window wasn't empty when it last asked. */
export function mustAsk(lease: Lease | undefined): boolean {
  return lease === undefined || (lease.left === 0 && lease.remaining > 0);
}
