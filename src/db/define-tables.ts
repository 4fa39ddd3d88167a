import { type Kit, postgresKit, sqliteKit } from "./columns.ts";

export type Dialect = "sqlite" | "postgres";

export interface Tables<T> {
  readonly sqlite: T;
  readonly postgres: T;
  /** The tables of the dialect that a connection speaks. */
  of(connection: { readonly dialect: Dialect }): T;
}

/** One definition of a module's tables, made for both dialects; migrations are generated from it for each. */
export function defineTables<T>(define: (kit: Kit) => T): Tables<T> {
  const sqlite = define(sqliteKit);
  const postgres = define(postgresKit);
  return { sqlite, postgres, of: ({ dialect }) => (dialect === "sqlite" ? sqlite : postgres) };
}
