import { env } from "cloudflare:workers";
import { PgTable, getTableConfig as postgresConfig } from "drizzle-orm/pg-core";
import { SQLiteTable, getTableConfig as sqliteConfig } from "drizzle-orm/sqlite-core";
import postgres from "postgres";
import { describe, expect, inject, it } from "vitest";
import * as d1Schema from "../../migrations/schema.d1.ts";
import * as postgresSchema from "../../migrations/schema.postgres.ts";
import type { Env } from "../../src/platform/env.ts";

interface Shape {
  readonly columns: Readonly<Record<string, { notNull: boolean; primary: boolean }>>;
  readonly indexes: readonly string[];
}

const byName = <T>(entries: [string, T][]): Record<string, T> =>
  Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)));

const d1Tables = (Object.values(d1Schema) as unknown[]).filter(
  (table): table is SQLiteTable => table instanceof SQLiteTable,
);
const postgresTables = (Object.values(postgresSchema) as unknown[]).filter(
  (table): table is PgTable => table instanceof PgTable,
);

function shapeOf(config: {
  columns: { name: string; notNull: boolean; primary: boolean }[];
  indexes: { config: { name?: string | undefined; unique: boolean; columns: unknown[] } }[];
  primaryKeys: { columns: { name: string }[] }[];
}): Shape {
  const keys = new Set(config.primaryKeys.flatMap(({ columns }) => columns.map(({ name }) => name)));
  return {
    columns: byName(
      config.columns.map(({ name, notNull, primary }) => [
        name,
        { notNull, primary: primary || keys.has(name) },
      ]),
    ),
    indexes: config.indexes
      .map(
        ({ config: { name, unique, columns } }) =>
          `${name} ${unique ? "unique " : ""}${columns.map((column) => (column as { name: string }).name).join(",")}`,
      )
      .sort(),
  };
}

describe("the two schemas", () => {
  it("have the same tables, columns, keys and indexes", () => {
    const d1 = byName(d1Tables.map((table) => [sqliteConfig(table).name, shapeOf(sqliteConfig(table))]));
    const pg = byName(
      postgresTables.map((table) => [postgresConfig(table).name, shapeOf(postgresConfig(table) as never)]),
    );
    expect(Object.keys(d1).length).toBeGreaterThan(10);
    expect(pg).toEqual(d1);
  });

  it("carry a tenant in every table, so that no row is nobody's", () => {
    const without = d1Tables
      .map((table) => sqliteConfig(table))
      .filter(({ columns }) => !columns.some(({ name }) => name === "tenant_id"));
    expect(without.map(({ name }) => name)).toEqual([]);
  });

  it("are what the migrations made in both databases", async () => {
    const { DB } = env as unknown as Env;
    const made: Record<string, string[]> = {};
    const { results } = await DB.prepare(
      "select name from sqlite_master where type = 'table' and name not like '\\_%' escape '\\' and name not like 'sqlite%' and name <> 'd1_migrations'",
    ).all<{ name: string }>();
    for (const { name } of results) {
      const info = await DB.prepare(`select name from pragma_table_info('${name}')`).all<{ name: string }>();
      made[name] = info.results.map((column) => column.name).sort();
    }
    const sql = postgres(inject("postgresUrl"), { max: 1, onnotice: () => {} });
    const rows = await sql<{ table_name: string; column_name: string }[]>`
      select table_name, column_name from information_schema.columns where table_schema = 'public'`;
    await sql.end();
    const inPostgres: Record<string, string[]> = {};
    for (const { table_name, column_name } of rows) {
      inPostgres[table_name] = [...(inPostgres[table_name] ?? []), column_name];
    }
    for (const columns of Object.values(inPostgres)) columns.sort();
    const defined = Object.fromEntries(
      d1Tables.map((table) => [
        sqliteConfig(table).name,
        sqliteConfig(table)
          .columns.map(({ name }) => name)
          .sort(),
      ]),
    );
    expect(made).toEqual(defined);
    expect(inPostgres).toEqual(defined);
  });
});
