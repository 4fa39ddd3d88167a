import type { KeyState, ShardRow, ShardStore, TimerClock } from "../../src/modules/rules/index.ts";
import { newShardRow, readKeyState, writeKeyState } from "../../src/modules/rules/index.ts";
import type { Sql } from "../jobs/sql.ts";
import { type CachedKey, KeyCache } from "./key-cache.ts";
import { SeenEvents } from "./seen-events.ts";

/** Of the states of keys that stay in memory. */
const mostBytes = 32_000_000;

interface KeyRow extends Record<string, string | number | null> {
  readonly row: number;
  readonly body: string;
  readonly due: number | null;
  readonly expiry: number | null;
}

/** A step is under way, or one was not finished: memory may be ahead of storage. */
const underWay = -1;

/**
 * The state of an engine shard over an object's SQLite. Keys that were used lately stay in memory as they are after the
 * last step; they count only while storage says that this step was indeed the last, so a step that was rolled back, or
 * another instance of the object, leaves nothing behind. Keys and timers are written when the shard's row is.
 */
export class SqlShardStore implements ShardStore {
  readonly #sql: Sql;
  readonly #keys = new KeyCache(mostBytes);
  readonly #seen: SeenEvents;
  #unsaved = new Set<CachedKey>();
  #shard: ShardRow | null = null;
  /** The steps that storage has seen when memory was last like it. */
  #steps: number = underWay;

  constructor(sql: Sql) {
    this.#sql = sql;
    this.#seen = new SeenEvents(sql);
  }

  readShard(): ShardRow {
    const [row] = this.#sql.exec<{ steps: number }>("select steps from shard").toArray();
    const known = this.#steps;
    this.#steps = underWay;
    if (row === undefined || known !== row.steps || this.#shard === null) {
      this.#forgetMemory();
      const [whole] = this.#sql.exec<{ body: string }>("select body from shard").toArray();
      this.#shard = whole === undefined ? newShardRow() : (JSON.parse(whole.body) as ShardRow);
    }
    return this.#shard;
  }

  writeShard(row: ShardRow): void {
    this.#save();
    this.#seen.save();
    this.#steps = this.#putShard(row);
    this.#shard = row;
  }

  #putShard(row: ShardRow): number {
    const [written] = this.#sql
      .exec<{ steps: number }>(
        `insert into shard (one, steps, body) values (1, 1, ?)
         on conflict (one) do update set steps = steps + 1, body = excluded.body returning steps`,
        JSON.stringify(row),
      )
      .toArray();
    return written?.steps ?? underWay;
  }

  /** The shard's row between two steps. */
  storedShard(): ShardRow {
    const [row] = this.#sql.exec<{ body: string }>("select body from shard").toArray();
    return row === undefined ? newShardRow() : (JSON.parse(row.body) as ShardRow);
  }

  /** The state of a key between two steps. */
  storedKey(lineage: string, key: string): KeyState | undefined {
    const row = this.#row(lineage, key);
    return row === undefined ? undefined : readKeyState(row.body);
  }

  /** Replaces the state of a key between two steps; its timers stay. */
  replaceKey(lineage: string, key: string, state: KeyState): void {
    this.#keys.remove(lineage, key);
    this.#sql.exec(
      "update keys set body = ? where lineage = ? and key = ?",
      writeKeyState(state),
      lineage,
      key,
    );
  }

  readKey(lineage: string, key: string): KeyState | undefined {
    return this.#find(lineage, key)?.state;
  }

  writeKey(lineage: string, key: string, state: KeyState): void {
    const entry = this.#find(lineage, key) ?? this.#fresh(lineage, key, state);
    entry.state = state;
    this.#mark(entry, "state");
  }

  deleteKey(lineage: string, key: string): void {
    const entry = this.#keys.find(lineage, key);
    if (entry !== undefined) this.#unsaved.delete(entry);
    this.#keys.remove(lineage, key);
    this.#sql.exec("delete from keys where lineage = ? and key = ?", lineage, key);
  }

  setTimer(lineage: string, key: string, clock: TimerClock, due: number | null): void {
    const entry = this.#find(lineage, key);
    const place = clock === "rule" ? "due" : "expiry";
    if (entry === undefined || entry[place] === due) return;
    entry[place] = due;
    this.#mark(entry, "times");
  }

  dueKeys(lineage: string, clock: TimerClock, upTo: number, limit: number): string[] {
    this.#save();
    const place = clock === "rule" ? "due" : "expiry";
    return this.#sql
      .exec<{ key: string }>(
        `select key from keys where lineage = ? and ${place} <= ? order by ${place}, key limit ?`,
        lineage,
        upTo,
        limit,
      )
      .toArray()
      .map(({ key }) => key);
  }

  firstDue(lineage: string, clock: TimerClock): number | null {
    this.#save();
    const place = clock === "rule" ? "due" : "expiry";
    const [first] = this.#sql
      .exec<{ at: number }>(
        `select ${place} as at from keys where lineage = ? and ${place} is not null order by ${place} limit 1`,
        lineage,
      )
      .toArray();
    return first?.at ?? null;
  }

  expectEvents(ids: readonly string[]): void {
    this.#seen.expect(ids);
  }

  seenAt(source: string, id: string): number | undefined {
    return this.#seen.seenAt(source, id);
  }

  markSeen(source: string, id: string, at: number, forgetAt: number): void {
    this.#seen.mark(source, id, at, forgetAt);
  }

  forgetSeen(now: number, limit: number): void {
    this.#seen.forget(now, limit);
  }

  /** The keys of a lineage between two steps, some at a time; each slice may be stepped before the next is read. */
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
      yield rows.map(({ body }) => readKeyState(body));
      after = last.key;
    }
  }

  /** Forgets a lineage between two steps: its keys, its timers and how far it had come. */
  forgetLineage(lineage: string): void {
    this.#forgetMemory();
    this.#sql.exec("delete from keys where lineage = ?", lineage);
    const shard = this.storedShard();
    delete shard.rules[lineage];
    this.#putShard(shard);
  }

  #row(lineage: string, key: string): KeyRow | undefined {
    return this.#sql
      .exec<KeyRow>("select row, body, due, expiry from keys where lineage = ? and key = ?", lineage, key)
      .toArray()[0];
  }

  #find(lineage: string, key: string): CachedKey | undefined {
    const known = this.#keys.find(lineage, key);
    if (known !== undefined) return known;
    const found = this.#row(lineage, key);
    if (found === undefined) return undefined;
    const { row, body, due, expiry } = found;
    const state = readKeyState(body);
    const entry = { lineage, key, row, state, due, expiry, size: body.length, unsaved: null };
    this.#keys.add(entry);
    return entry;
  }

  #fresh(lineage: string, key: string, state: KeyState): CachedKey {
    const entry = { lineage, key, row: null, state, due: null, expiry: null, size: 0, unsaved: null };
    this.#keys.add(entry);
    return entry;
  }

  #mark(entry: CachedKey, what: "state" | "times"): void {
    entry.unsaved = entry.unsaved === null || entry.unsaved === what ? what : "both";
    this.#unsaved.add(entry);
  }

  #save(): void {
    for (const entry of this.#unsaved) this.#saveOne(entry);
    this.#unsaved.clear();
  }

  /** Writes what changed only: an index on a time is left alone while the time stays. */
  #saveOne(entry: CachedKey): void {
    const { lineage, key, row, state, due, expiry, unsaved } = entry;
    entry.unsaved = null;
    if (row !== null && unsaved === "times") {
      this.#sql.exec("update keys set due = ?, expiry = ? where row = ?", due, expiry, row);
      return;
    }
    const body = writeKeyState(state);
    this.#keys.resize(entry, body.length);
    if (row === null) {
      const [written] = this.#sql
        .exec<{ row: number }>(
          "insert into keys (lineage, key, due, expiry, body) values (?, ?, ?, ?, ?) returning row",
          lineage,
          key,
          due,
          expiry,
          body,
        )
        .toArray();
      entry.row = written?.row ?? null;
    } else if (unsaved === "state") {
      this.#sql.exec("update keys set body = ? where row = ?", body, row);
    } else {
      this.#sql.exec("update keys set body = ?, due = ?, expiry = ? where row = ?", body, due, expiry, row);
    }
  }

  #forgetMemory(): void {
    this.#keys.clear();
    this.#unsaved.clear();
    this.#seen.drop();
    this.#shard = null;
    this.#steps = underWay;
  }
}
