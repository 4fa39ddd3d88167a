import * as pg from "drizzle-orm/pg-core";
import * as sqlite from "drizzle-orm/sqlite-core";

const sqliteBytes = sqlite.customType<{ data: Uint8Array; driverData: ArrayBuffer | Uint8Array | number[] }>({
  dataType: () => "blob",
  fromDriver: (value) => new Uint8Array(value as ArrayBuffer),
});

const pgBytes = pg.customType<{ data: Uint8Array; driverData: Uint8Array }>({
  dataType: () => "bytea",
  fromDriver: (value) => new Uint8Array(value),
});

/** The column words of a table on SQLite (D1 and Durable Objects). Instants are milliseconds, JSON is text. */
export const sqliteKit = {
  table: sqlite.sqliteTable,
  text: (name: string) => sqlite.text(name),
  oneOf: <const Values extends readonly [string, ...string[]]>(name: string, values: Values) =>
    sqlite.text(name, { enum: values as unknown as [Values[number], ...Values[number][]] }),
  int: (name: string) => sqlite.integer(name, { mode: "number" }),
  bool: (name: string) => sqlite.integer(name, { mode: "boolean" }),
  real: (name: string) => sqlite.real(name),
  json: <Value>(name: string) => sqlite.text(name, { mode: "json" }).$type<Value>(),
  time: (name: string) => sqlite.integer(name, { mode: "timestamp_ms" }),
  bytes: (name: string) => sqliteBytes(name),
  index: sqlite.index,
  unique: sqlite.uniqueIndex,
  key: sqlite.primaryKey,
};

export type Kit = typeof sqliteKit;

const postgresWords = {
  table: pg.pgTable,
  text: (name: string) => pg.text(name),
  oneOf: (name: string, values: readonly [string, ...string[]]) =>
    pg.text(name, { enum: values as [string, ...string[]] }),
  int: (name: string) => pg.bigint(name, { mode: "number" }),
  bool: (name: string) => pg.boolean(name),
  real: (name: string) => pg.doublePrecision(name),
  json: (name: string) => pg.jsonb(name),
  time: (name: string) => pg.timestamp(name, { withTimezone: true, precision: 3, mode: "date" }),
  bytes: (name: string) => pgBytes(name),
  index: pg.index,
  unique: pg.uniqueIndex,
  key: pg.primaryKey,
};

/**
 * The same words on PostgreSQL, cast once to the type of the SQLite kit: stores, row types and editors see one
 * dialect, and the shared store tests hold the cast honest.
 */
export const postgresKit = postgresWords as unknown as Kit;
