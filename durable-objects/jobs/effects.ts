import type { Effect } from "../../src/modules/jobs/engine/effects.ts";

export const effectSteps = [
  "create table effects (seq integer primary key autoincrement, body text not null)",
];

export interface PendingEffects {
  readonly effects: readonly Effect[];
  /** Acknowledge up to here once they have been sent. */
  readonly upTo: number;
}

/** What decisions led to and has not been acknowledged: one row a decision, in order. */
export class Effects {
  readonly #sql: SqlStorage;

  constructor(sql: SqlStorage) {
    this.#sql = sql;
  }

  add(effects: readonly Effect[]): void {
    if (effects.length > 0) this.#sql.exec("insert into effects (body) values (?)", JSON.stringify(effects));
  }

  /** The oldest decisions' effects, at most of `rows` decisions. */
  pending(rows: number): PendingEffects | null {
    const found = this.#sql
      .exec<{ seq: number; body: string }>("select seq, body from effects order by seq limit ?", rows)
      .toArray();
    const last = found.at(-1);
    if (last === undefined) return null;
    return { effects: found.flatMap(({ body }) => JSON.parse(body) as Effect[]), upTo: last.seq };
  }

  acknowledge(upTo: number): void {
    this.#sql.exec("delete from effects where seq <= ?", upTo);
  }
}
