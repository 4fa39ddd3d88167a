import type { AlertSignal } from "../../contracts/alerts.ts";
import type { Sql } from "../jobs/sql.ts";

const perSend = 200;

type Tell = (signals: readonly AlertSignal[]) => Promise<unknown>;

/** What the alert hub is still to be told, in order. Saved with the decision; told again until the hub has taken it. */
export class SignalsOut {
  readonly #sql: Sql;
  #sending: Promise<void> | undefined;

  constructor(sql: Sql) {
    this.#sql = sql;
  }

  keep(signals: readonly AlertSignal[]): void {
    for (const signal of signals)
      this.#sql.exec("insert into signals_out (body) values (?)", JSON.stringify(signal));
  }

  isEmpty(): boolean {
    return this.#sql.exec("select 1 from signals_out limit 1").toArray().length === 0;
  }

  /**
   * Tells all, also what is kept while it goes on; who asks meanwhile waits for the same. A signal may be told twice, the
   * hub knows it by its order.
   */
  send(tell: Tell): Promise<void> {
    this.#sending ??= this.#sendAll(tell);
    return this.#sending;
  }

  async #sendAll(tell: Tell): Promise<void> {
    // So that what fails at once is not taken for what goes on.
    await Promise.resolve();
    try {
      for (;;) {
        const rows = this.#sql
          .exec<{ seq: number; body: string }>(
            "select seq, body from signals_out order by seq limit ?",
            perSend,
          )
          .toArray();
        const last = rows.at(-1);
        if (last === undefined) return;
        await tell(rows.map(({ seq, body }) => ({ ...(JSON.parse(body) as AlertSignal), seq })));
        this.#sql.exec("delete from signals_out where seq <= ?", last.seq);
      }
    } finally {
      this.#sending = undefined;
    }
  }
}
