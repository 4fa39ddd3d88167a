/** How far a tenant's events are chained, as the ledger itself remembers it, apart from the database. */
export interface LedgerHead {
  /** The place of the last chained event; 0 when there is none. */
  readonly seq: number;
  readonly hash: string;
  /** The last place given out: above `seq` while a batch is on its way to the database. */
  readonly reserved: number;
}

/** The ledger that chains a tenant's events. */
export interface LedgerPort {
  head(tenantId: string): Promise<LedgerHead>;
}
