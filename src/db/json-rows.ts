import { type Column, getTableColumns, type SQL, sql } from "drizzle-orm";
import type { SQLiteTable } from "drizzle-orm/sqlite-core";
import type { Dialect } from "./define-tables.ts";

type Rows<T extends SQLiteTable> = readonly {
  readonly [K in keyof T["$inferInsert"]]: T["$inferInsert"][K];
}[];

/**
 * A select of rows that travel as one JSON parameter, for `insert(table).select(…)`: every column of the table in its
 * order, as many rows as one parameter holds (2 MB on D1). Building it costs the same for one row as for hundreds, and
 * the text of the statement never changes. Tables with bytes are refused with a TypeError.
 */
export function jsonRows<T extends SQLiteTable>(dialect: Dialect, table: T, rows: Rows<T>): SQL {
  const columns = Object.entries(getTableColumns(table)) as [string, Column][];
  const cells = (rows as readonly Readonly<Record<string, unknown>>[]).map((row) =>
    columns.map(([key, column]) => cellOf(dialect, column, row[key])),
  );
  if (dialect === "sqlite") {
    const places = columns.map(([, column], place) => sqlitePlace(column, place));
    return sql`select ${sql.raw(places.join(", "))} from json_each(${JSON.stringify(cells)}) where true`;
  }
  const places = columns.map(([, column], place) => postgresPlace(column, place));
  // PostgreSQL has no text with a NUL character.
  const text = JSON.stringify(cells, (_, cell) =>
    typeof cell === "string" && cell.includes("\0") ? cell.replaceAll("\0", "\ufffd") : cell,
  );
  return sql`select ${sql.raw(places.join(", "))} from json_array_elements(${text}::text::json) as r(value)`;
}

function cellOf(dialect: Dialect, column: Column, value: unknown): unknown {
  if (value === undefined || value === null) return null;
  if (value instanceof Date) return dialect === "sqlite" ? value.getTime() : value.toISOString();
  if (column.dataType === "custom") throw new TypeError(`"${column.name}" can't travel as JSON.`);
  return value;
}

function sqlitePlace({ dataType }: Column, place: number): string {
  const path = `'$[${place}]'`;
  return dataType === "json" ? `nullif(value -> ${path}, 'null')` : `json_extract(value, ${path})`;
}

function postgresPlace(column: Column, place: number): string {
  const { dataType } = column;
  return dataType === "json"
    ? `nullif((value -> ${place})::jsonb, 'null'::jsonb)`
    : `(value ->> ${place})::${column.getSQLType()}`;
}
