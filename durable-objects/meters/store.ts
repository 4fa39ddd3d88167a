import type { Series } from "../../src/kernel/series.ts";

/** The series and the batches already counted, as they stand in the object's SQLite. */
export class MetersStore {
  readonly #storage: DurableObjectStorage;

  constructor(storage: DurableObjectStorage) {
    this.#storage = storage;
  }

  series(): Series[] {
    const rows = this.#storage.sql.exec<{ body: string }>("select body from series").toArray();
    return rows.map(({ body }) => JSON.parse(body));
  }

  sources(): Map<string, number> {
    const rows = this.#storage.sql
      .exec<{ source: string; n: number }>("select source, n from sources")
      .toArray();
    return new Map(rows.map(({ source, n }) => [source, n]));
  }

  /** Stores changed series together with the batches that changed them, and forgets sources silent since `before`. */
  save(
    changed: readonly (readonly [key: string, series: Series])[],
    sources: ReadonlyMap<string, number>,
    now: number,
    before: number,
  ): void {
    const { sql } = this.#storage;
    this.#storage.transactionSync(() => {
      for (const [key, series] of changed) {
        sql.exec(
          "insert into series (key, body) values (?, ?) on conflict (key) do update set body = excluded.body",
          key,
          JSON.stringify(series),
        );
      }
      for (const [source, n] of sources) {
        sql.exec(
          `insert into sources (source, n, at) values (?, ?, ?)
           on conflict (source) do update set n = excluded.n, at = excluded.at`,
          source,
          n,
          now,
        );
      }
      sql.exec("delete from sources where at < ?", before);
    });
  }
}
