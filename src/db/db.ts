import type { SQL } from "drizzle-orm";
import type { BaseSQLiteDatabase } from "drizzle-orm/sqlite-core";
import type { Dialect } from "./define-tables.ts";

type Builder = BaseSQLiteDatabase<"async", unknown>;

/** A connection that can only select: what an operation sees as `ctx.db`. */
export interface ReadDb extends Pick<Builder, "select" | "selectDistinct" | "$count"> {
  readonly dialect: Dialect;
}

/** A statement that has been built but not run. */
export type Statement = PromiseLike<unknown>;

/** A connection on which statements of one atomic unit are built. */
export interface WriteDb extends ReadDb, Pick<Builder, "insert" | "update" | "delete"> {
  /** A statement that fails the whole unit, as a lost race, unless the condition holds when it runs. */
  mustHold(condition: SQL): Statement;
}

/** One database behind the seam: D1, PostgreSQL, or the SQLite of an object. */
export interface Db extends ReadDb {
  /**
   * Runs the statements in order as one unit: all or none. Throws `LostRace` when a `mustHold` fails and
   * `UniqueViolation` when a unique index refuses; in both cases nothing is written.
   */
  atomic(build: (q: WriteDb) => readonly Statement[]): Promise<readonly unknown[]>;
  /** Proves that the database answers. */
  ping(): Promise<void>;
  close(): Promise<void>;
}

export class LostRace extends Error {
  override readonly name = "LostRace";
}

export class UniqueViolation extends Error {
  override readonly name = "UniqueViolation";
}
