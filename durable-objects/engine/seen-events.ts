import type { Sql } from "../jobs/sql.ts";

/** What a batch brought of one source: when each event was taken, by id. */
interface Marks {
  at: number;
  forgetAt: number;
  readonly ids: Map<string, number>;
}

/** Batches that are looked at when it is time to forget. */
const batchesAtOnce = 50;
const nameOf = (source: string, id: string): string => `${id}\n${source}`;

/**
 * The events that were taken before. Those of a batch are looked up together and written together; what a batch brought
 * is also kept as one row, by which it is forgotten.
 */
export class SeenEvents {
  readonly #sql: Sql;
  /** What is known of the events of the batch at hand. */
  #known: Map<string, number> | null = null;
  #marks = new Map<string, Marks>();

  constructor(sql: Sql) {
    this.#sql = sql;
  }

  /** Looks up the events of a batch; others are looked up one by one. */
  expect(ids: readonly string[]): void {
    const found = this.#sql
      .exec<{ id: string; source: string; at: number }>(
        "select s.id, s.source, s.at from json_each(?) j cross join seen s on s.id = j.value",
        JSON.stringify(ids),
      )
      .toArray();
    this.#known = new Map(found.map(({ id, source, at }) => [nameOf(source, id), at]));
  }

  seenAt(source: string, id: string): number | undefined {
    if (this.#known !== null) return this.#known.get(nameOf(source, id));
    return this.#sql
      .exec<{ at: number }>("select at from seen where id = ? and source = ?", id, source)
      .toArray()[0]?.at;
  }

  mark(source: string, id: string, at: number, forgetAt: number): void {
    this.#known ??= new Map();
    this.#known.set(nameOf(source, id), at);
    const marks = this.#marks.get(source);
    if (marks === undefined) {
      this.#marks.set(source, { at, forgetAt, ids: new Map([[id, at]]) });
      return;
    }
    marks.ids.set(id, at);
    marks.at = Math.max(marks.at, at);
    marks.forgetAt = Math.max(marks.forgetAt, forgetAt);
  }

  save(): void {
    for (const [source, { at, forgetAt, ids }] of this.#marks) {
      this.#sql.exec(
        "insert or replace into seen (id, source, at) select key, ?, value from json_each(?)",
        source,
        JSON.stringify(Object.fromEntries(ids)),
      );
      this.#sql.exec(
        "insert into seen_batches (source, at, forget_at, size, ids) values (?, ?, ?, ?, ?)",
        source,
        at,
        forgetAt,
        ids.size,
        JSON.stringify([...ids.keys()]),
      );
    }
    this.drop();
  }

  /** Lets go of the batch at hand. */
  drop(): void {
    this.#known = null;
    if (this.#marks.size > 0) this.#marks = new Map();
  }

  /** Forgets what may be forgotten at `now`, at least `limit` events of it where there are so many. */
  forget(now: number, limit: number): void {
    const batches = this.#sql
      .exec<{ n: number; source: string; at: number; size: number; ids: string }>(
        "select n, source, at, size, ids from seen_batches where forget_at <= ? order by forget_at limit ?",
        now,
        batchesAtOnce,
      )
      .toArray();
    let left = limit;
    for (const { n, source, at, size, ids } of batches) {
      if (left <= 0) return;
      // One that was taken again since then is remembered longer.
      this.#sql.exec(
        "delete from seen where source = ? and at <= ? and id in (select value from json_each(?))",
        source,
        at,
        ids,
      );
      left -= size;
      this.#sql.exec("delete from seen_batches where n = ?", n);
    }
  }
}
