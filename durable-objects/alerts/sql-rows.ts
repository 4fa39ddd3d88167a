export type SqlValue = ArrayBuffer | string | number | null;

/** What a store uses of an object's `SqlStorage`. */
export interface Sql {
  exec<T extends Record<string, SqlValue>>(query: string, ...bindings: unknown[]): { toArray(): T[] };
}

/** Rows that are kept as JSON beside the columns that find them. */
export abstract class SqlRows {
  readonly #sql: Sql;

  constructor(sql: Sql) {
    this.#sql = sql;
  }

  protected body<T>(select: string, ...bindings: SqlValue[]): T | undefined {
    return this.bodies<T>(select, ...bindings)[0];
  }
  protected bodies<T>(select: string, ...bindings: SqlValue[]): T[] {
    return this.all<{ body: string }>(select, ...bindings).map(({ body }) => JSON.parse(body) as T);
  }
  protected all<T extends Record<string, SqlValue>>(select: string, ...bindings: SqlValue[]): T[] {
    return this.#sql.exec<T>(select, ...bindings).toArray();
  }
  protected write(statement: string, ...bindings: SqlValue[]): void {
    this.#sql.exec(statement, ...bindings);
  }
}
