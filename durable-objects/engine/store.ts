import type { KeyState, ShardRow, ShardStore, TimerClock } from "../../src/modules/rules/index.ts";
import { newShardRow } from "../../src/modules/rules/index.ts";

/** The state of an engine shard over an object's SQLite; statements are few and constant, so they stay prepared. */
export class SqlShardStore implements ShardStore {
  readonly #sql: SqlStorage;

  constructor(sql: SqlStorage) {
    this.#sql = sql;
  }

  readShard(): ShardRow {
    const [row] = this.#sql.exec<{ body: string }>("select body from shard").toArray();
    return row === undefined ? newShardRow() : (JSON.parse(row.body) as ShardRow);
  }

  writeShard(row: ShardRow): void {
    this.#sql.exec("insert or replace into shard (one, body) values (1, ?)", JSON.stringify(row));
  }

  readKey(lineage: string, key: string): KeyState | undefined {
    const [row] = this.#sql
      .exec<{ body: string }>("select body from keys where lineage = ? and key = ?", lineage, key)
      .toArray();
    return row === undefined ? undefined : (JSON.parse(row.body) as KeyState);
  }

  writeKey(lineage: string, key: string, state: KeyState): void {
    this.#sql.exec(
      "insert or replace into keys (lineage, key, body) values (?, ?, ?)",
      lineage,
      key,
      JSON.stringify(state),
    );
  }

  deleteKey(lineage: string, key: string): void {
    this.#sql.exec("delete from keys where lineage = ? and key = ?", lineage, key);
    for (const clock of ["rule", "clock"]) {
      this.#sql.exec("delete from timers where lineage = ? and clock = ? and key = ?", lineage, clock, key);
    }
  }

  setTimer(lineage: string, key: string, clock: TimerClock, due: number | null): void {
    if (due === null) {
      this.#sql.exec("delete from timers where lineage = ? and clock = ? and key = ?", lineage, clock, key);
    } else {
      this.#sql.exec(
        "insert or replace into timers (lineage, clock, key, due) values (?, ?, ?, ?)",
        lineage,
        clock,
        key,
        due,
      );
    }
  }

  dueKeys(lineage: string, clock: TimerClock, upTo: number, limit: number): string[] {
    return this.#sql
      .exec<{ key: string }>(
        "select key from timers where lineage = ? and clock = ? and due <= ? order by due, key limit ?",
        lineage,
        clock,
        upTo,
        limit,
      )
      .toArray()
      .map(({ key }) => key);
  }

  firstDue(lineage: string, clock: TimerClock): number | null {
    const [row] = this.#sql
      .exec<{ due: number }>(
        "select due from timers where lineage = ? and clock = ? order by due limit 1",
        lineage,
        clock,
      )
      .toArray();
    return row?.due ?? null;
  }

  seenAt(source: string, id: string): number | undefined {
    return this.#sql
      .exec<{ at: number }>("select at from seen where source = ? and id = ?", source, id)
      .toArray()[0]?.at;
  }

  markSeen(source: string, id: string, at: number, forgetAt: number): void {
    this.#sql.exec(
      "insert or replace into seen (source, id, at, forget_at) values (?, ?, ?, ?)",
      source,
      id,
      at,
      forgetAt,
    );
  }

  forgetSeen(now: number, limit: number): void {
    const rows = this.#sql
      .exec<{ source: string; id: string }>(
        "select source, id from seen where forget_at <= ? limit ?",
        now,
        limit,
      )
      .toArray();
    for (const { source, id } of rows)
      this.#sql.exec("delete from seen where source = ? and id = ?", source, id);
  }

  /** The keys of a lineage, some at a time; each slice may be written while the next is not read yet. */
  *slicesOf(lineage: string, size: number): Generator<KeyState[]> {
    let after = "";
    for (;;) {
      const rows = this.#sql
        .exec<{ key: string; body: string }>(
          "select key, body from keys where lineage = ? and key > ? order by key limit ?",
          lineage,
          after,
          size,
        )
        .toArray();
      const last = rows.at(-1);
      if (last === undefined) return;
      yield rows.map(({ body }) => JSON.parse(body) as KeyState);
      after = last.key;
    }
  }

  /** Forgets a lineage: its keys, its timers and how far it had come. */
  forgetLineage(lineage: string): void {
    this.#sql.exec("delete from keys where lineage = ?", lineage);
    this.#sql.exec("delete from timers where lineage = ?", lineage);
    const shard = this.readShard();
    delete shard.rules[lineage];
    this.writeShard(shard);
  }
}
