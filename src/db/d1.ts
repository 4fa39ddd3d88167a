import { sql } from "drizzle-orm";
import type { BatchItem } from "drizzle-orm/batch";
import { drizzle } from "drizzle-orm/d1";
import type { Db, WriteDb } from "./db.ts";
import { lostMark, readDbError } from "./failures.ts";

const opened = new WeakMap<D1Database, Db>();

/** Opens D1, once an isolate. An atomic unit is one `batch`, which D1 runs as a transaction. */
export function openD1(binding: D1Database): Db {
  const known = opened.get(binding) ?? connect(binding);
  opened.set(binding, known);
  return known;
}

function connect(binding: D1Database): Db {
  const db = drizzle(binding);
  const read = {
    dialect: "sqlite" as const,
    select: db.select.bind(db),
    selectDistinct: db.selectDistinct.bind(db),
    $count: db.$count.bind(db),
  };
  const write: WriteDb = {
    ...read,
    insert: db.insert.bind(db),
    update: db.update.bind(db),
    delete: db.delete.bind(db),
    mustHold: (condition) =>
      db
        .select({ held: sql<number>`case when ${condition} then 1 else json(${lostMark}) end` })
        .from(sql`(select 1) as one`),
  };
  return {
    ...read,
    async atomic(build) {
      const statements = build(write);
      const [first, ...rest] = statements as unknown as readonly BatchItem<"sqlite">[];
      if (first === undefined) return [];
      try {
        return await db.batch([first, ...rest]);
      } catch (error) {
        throw readDbError(error);
      }
    },
    async ping() {
      await binding.prepare("select 1").first();
    },
    async close() {},
  };
}
