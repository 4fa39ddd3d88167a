import type { KeyState } from "../state.ts";
import { readKeyState, writeKeyState } from "../stored/stored-key.ts";
import { DueIndex } from "./due-index.ts";
import { newShardRow, type ShardRow, type ShardStore, type TimerClock } from "./shard-store.ts";

const minuteMs = 60_000;

/**
 * A shard in memory, for tests, backtests and rule tests. With `copies` what goes in and out passes through JSON text, as
 * in a real store; without, states are the engine's own drafts, which is faster.
 */
export class MemoryShardStore implements ShardStore {
  private shard: ShardRow = newShardRow();
  private readonly keys = new Map<string, KeyState | string>();
  private readonly timers = new Map<string, DueIndex>();
  private readonly seen = new Map<string, { readonly at: number; readonly forgetAt: number }>();
  /** What may be forgotten, by the minute after which it may. */
  private readonly forgettable = new Map<number, string[]>();
  private readonly copies: boolean;

  constructor({ copies = true }: { readonly copies?: boolean } = {}) {
    this.copies = copies;
  }

  readShard(): ShardRow {
    return this.copies ? structuredClone(this.shard) : this.shard;
  }

  writeShard(row: ShardRow): void {
    this.shard = this.copies ? structuredClone(row) : row;
  }

  readKey(lineage: string, key: string): KeyState | undefined {
    const found = this.keys.get(`${lineage}\n${key}`);
    return typeof found === "string" ? readKeyState(found) : found;
  }

  writeKey(lineage: string, key: string, state: KeyState): void {
    this.keys.set(`${lineage}\n${key}`, this.copies ? writeKeyState(state) : state);
  }

  deleteKey(lineage: string, key: string): void {
    this.keys.delete(`${lineage}\n${key}`);
    this.index(lineage, "rule").set(key, null);
    this.index(lineage, "clock").set(key, null);
  }

  setTimer(lineage: string, key: string, clock: TimerClock, due: number | null): void {
    this.index(lineage, clock).set(key, due);
  }

  dueKeys(lineage: string, clock: TimerClock, upTo: number, limit: number): string[] {
    return this.index(lineage, clock).upTo(upTo, limit);
  }

  firstDue(lineage: string, clock: TimerClock): number | null {
    return this.index(lineage, clock).first();
  }

  expectEvents(): void {}

  seenAt(source: string, id: string): number | undefined {
    return this.seen.get(`${source}\n${id}`)?.at;
  }

  markSeen(source: string, id: string, at: number, forgetAt: number): void {
    const name = `${source}\n${id}`;
    this.seen.set(name, { at, forgetAt });
    const minute = Math.ceil(forgetAt / minuteMs);
    const names = this.forgettable.get(minute);
    if (names === undefined) this.forgettable.set(minute, [name]);
    else names.push(name);
  }

  forgetSeen(now: number): void {
    for (const [minute, names] of this.forgettable) {
      if (minute * minuteMs > now) continue;
      for (const name of names) if ((this.seen.get(name)?.forgetAt ?? 0) <= now) this.seen.delete(name);
      this.forgettable.delete(minute);
    }
  }

  /** How many keys there are, and how many characters their states take. */
  size(): { readonly keys: number; readonly characters: number } {
    let characters = 0;
    for (const state of this.keys.values()) {
      characters += typeof state === "string" ? state.length : writeKeyState(state).length;
    }
    return { keys: this.keys.size, characters };
  }

  private index(lineage: string, clock: TimerClock): DueIndex {
    const name = `${clock}\n${lineage}`;
    const known = this.timers.get(name);
    if (known !== undefined) return known;
    const fresh = new DueIndex();
    this.timers.set(name, fresh);
    return fresh;
  }
}
