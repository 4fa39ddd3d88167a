import { readdirSync, readFileSync } from "node:fs";
import { DatabaseSync, type SQLInputValue } from "node:sqlite";
import { drizzle } from "drizzle-orm/sqlite-proxy";
import type { ReadDb, Statement, WriteDb } from "../../../src/db/db.ts";

interface NodeDb extends ReadDb {
  write(build: (q: WriteDb) => readonly Statement[]): Promise<void>;
}

/** The product's tables in Node's SQLite, made by its own migrations, for operations that run without workerd. */
export function openNodeDb(folder = "migrations/d1"): NodeDb {
  const database = new DatabaseSync(":memory:");
  for (const file of readdirSync(folder)
    .filter((name) => name.endsWith(".sql"))
    .sort())
    database.exec(readFileSync(`${folder}/${file}`, "utf8"));
  const db = drizzle(async (query, params, method) => {
    const statement = database.prepare(query);
    statement.setReturnArrays(true);
    const rows = statement.all(...(params as SQLInputValue[])) as unknown as unknown[][];
    return { rows: method === "get" ? (rows[0] as unknown[]) : rows };
  });
  const read = {
    dialect: "sqlite" as const,
    select: db.select.bind(db),
    selectDistinct: db.selectDistinct.bind(db),
    $count: db.$count.bind(db),
  };
  const write = {
    ...read,
    insert: db.insert.bind(db),
    update: db.update.bind(db),
    delete: db.delete.bind(db),
    mustHold: () => Promise.resolve(),
  };
  return {
    ...(read as unknown as ReadDb),
    async write(build) {
      for (const statement of build(write as unknown as WriteDb)) await statement;
    },
  };
}
