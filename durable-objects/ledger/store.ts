import { type ChainPlace, genesisHash } from "../../src/modules/audit/index.ts";

/** What the ledger remembers apart from the database: the end of the chain, and places on their way. */
export class LedgerStore {
  readonly #storage: DurableObjectStorage;

  constructor(storage: DurableObjectStorage) {
    this.#storage = storage;
  }

  head(): { seq: number; hash: string } {
    const [row] = this.#storage.sql
      .exec<{ seq: number; hash: string }>("select seq, hash from head")
      .toArray();
    return row ?? { seq: 0, hash: genesisHash };
  }

  /** Places that were given out but not confirmed: the object died between the two, or is between them now. */
  reserved(): ChainPlace[] {
    return this.#storage.sql
      .exec<{ eventId: string; seq: number; hash: string }>(
        "select event_id as eventId, seq, hash from reserved order by seq",
      )
      .toArray();
  }

  reserve(places: readonly ChainPlace[]): void {
    this.#storage.transactionSync(() => {
      for (const { seq, eventId, hash } of places) {
        this.#storage.sql.exec(
          "insert into reserved (seq, event_id, hash) values (?, ?, ?)",
          seq,
          eventId,
          hash,
        );
      }
    });
  }

  /** The reserved places stand in the database: the last of them is the head. */
  confirm(): void {
    this.#storage.transactionSync(() => {
      this.#storage.sql.exec(
        `insert into head (one, seq, hash) select 1, seq, hash from reserved order by seq desc limit 1
         on conflict (one) do update set seq = excluded.seq, hash = excluded.hash`,
      );
      this.#storage.sql.exec("delete from reserved");
    });
  }

  /** The reserved places were refused as a whole: none of them stands in the database. */
  release(): void {
    this.#storage.sql.exec("delete from reserved");
  }
}
