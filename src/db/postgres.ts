import { sql } from "drizzle-orm";
import { drizzle } from "drizzle-orm/postgres-js";
import postgres from "postgres";
import type { Db, WriteDb } from "./db.ts";
import { lostMark, readDbError } from "./failures.ts";

/**
 * Opens PostgreSQL, in production through Hyperdrive's connection string. An atomic unit is one transaction over the
 * same list of statements that D1 would run as a batch.
 */
export function openPostgres(connectionString: string, options: { maxConnections?: number } = {}): Db {
  const client = postgres(connectionString, {
    max: options.maxConnections ?? 5,
    fetch_types: false,
    prepare: true,
    onnotice: () => {},
  });
  const db = drizzle(client);
  type Runner = Pick<
    typeof db,
    "select" | "selectDistinct" | "$count" | "insert" | "update" | "delete" | "execute"
  >;
  const readOf = (runner: Runner) => ({
    dialect: "postgres" as const,
    select: runner.select.bind(runner),
    selectDistinct: runner.selectDistinct.bind(runner),
    $count: runner.$count.bind(runner),
  });
  // The one cast to the SQLite-typed seam; the shared store tests run on both databases.
  const writeOf = (runner: Runner) =>
    ({
      ...readOf(runner),
      insert: runner.insert.bind(runner),
      update: runner.update.bind(runner),
      delete: runner.delete.bind(runner),
      mustHold: (condition: Parameters<WriteDb["mustHold"]>[0]) =>
        runner.execute(sql`select (case when ${condition} then '1' else ${lostMark} end)::int`),
    }) as unknown as WriteDb;
  return {
    ...(readOf(db) as unknown as Omit<Db, "atomic" | "ping" | "close">),
    async atomic(build) {
      try {
        return await db.transaction(async (tx) => {
          const results: unknown[] = [];
          for (const statement of build(writeOf(tx as unknown as Runner))) results.push(await statement);
          return results;
        });
      } catch (error) {
        throw readDbError(error);
      }
    },
    async ping() {
      await client`select 1`;
    },
    async close() {
      await client.end({ timeout: 1 });
    },
  };
}
