import { and, eq, type SQL, sql } from "drizzle-orm";
import type { SQLiteColumn, SQLiteTable, SQLiteUpdateSetSource } from "drizzle-orm/sqlite-core";
import type { Statement, WriteDb } from "./db.ts";

type Condition = SQL | undefined;
type Stamped = SQLiteTable & { readonly writeId: SQLiteColumn };
type Versioned = Stamped & { readonly version: SQLiteColumn };

/** A statement that fails the whole unit, as a lost race, unless some row of the table meets the condition. */
export function mustExist(q: WriteDb, table: SQLiteTable, condition: Condition): Statement {
  return q.mustHold(sql`exists (select 1 from ${table} where ${condition})`);
}

/**
 * Changes the row that `is` names while `unchanged` still holds; the whole unit fails as a lost race when it doesn't.
 * `values.writeId` must be new: it tells this write's row from everybody else's.
 */
export function changeRow<Table extends Stamped>(
  q: WriteDb,
  table: Table,
  is: Condition,
  unchanged: Condition,
  values: SQLiteUpdateSetSource<Table> & { readonly writeId: string },
): readonly Statement[] {
  return [
    q.update(table).set(values).where(and(is, unchanged)),
    mustExist(q, table, and(is, eq(table.writeId, values.writeId))),
  ];
}

/** `changeRow` of a row that must still be at version `expected`. */
export function replaceRow<Table extends Versioned>(
  q: WriteDb,
  table: Table,
  is: Condition,
  expected: number,
  values: SQLiteUpdateSetSource<Table> & { readonly writeId: string },
): readonly Statement[] {
  return changeRow(q, table, is, eq(table.version, expected), values);
}

/** Deletes the row that `is` names if its last write is still `writeId`; else the whole unit fails as a lost race. */
export function removeRow(q: WriteDb, table: Stamped, is: Condition, writeId: string): readonly Statement[] {
  return [mustExist(q, table, and(is, eq(table.writeId, writeId))), q.delete(table).where(is)];
}
