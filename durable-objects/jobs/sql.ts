export type SqlValue = ArrayBuffer | string | number | null;

/** What the job store uses of an object's `SqlStorage`. */
export interface Sql {
  exec<T extends Record<string, SqlValue>>(query: string, ...bindings: unknown[]): { toArray(): T[] };
}
