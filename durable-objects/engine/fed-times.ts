import { type KeyInput, type PollResult, pollInputs, runInputs } from "../../src/modules/rules/index.ts";
import { migrate } from "../kit/migrate.ts";

const steps = [
  `create table fed (lineage text not null, kind text not null, at integer not null, primary key (lineage, kind, at))
   without rowid`,
];

/** How long a run is remembered: longer than anybody tries to start it. */
const runsKeptMs = 8 * 86_400_000;

/** Which polls and runs each lineage has taken, saved with what they did: each counts once. */
export class FedTimes {
  readonly #sql: SqlStorage;

  constructor(storage: DurableObjectStorage) {
    migrate(storage, steps, "fed");
    this.#sql = storage.sql;
  }

  /** What a poll's result is to the engine; nothing when its due time, or a later one, was taken before. */
  poll(lineage: string, at: number, intervalMs: number, result: PollResult): KeyInput[] {
    const { last } = this.#sql
      .exec<{ last: number | null }>(
        "select max(at) as last from fed where lineage = ? and kind = 'poll'",
        lineage,
      )
      .one();
    const inputs = pollInputs(last, at, intervalMs, result);
    if (inputs.length === 0) return inputs;
    this.#take(lineage, "poll", at);
    this.#sql.exec("delete from fed where lineage = ? and kind = 'poll' and at < ?", lineage, at);
    return inputs;
  }

  /** What a run of a schedule is to the engine; nothing when it was taken before. */
  run(lineage: string, scheduledFor: number): KeyInput[] {
    if (this.#take(lineage, "run", scheduledFor) === 0) return [];
    const before = scheduledFor - runsKeptMs;
    this.#sql.exec("delete from fed where lineage = ? and kind = 'run' and at < ?", lineage, before);
    return runInputs(scheduledFor);
  }

  forget(lineage: string): void {
    this.#sql.exec("delete from fed where lineage = ?", lineage);
  }

  #take(lineage: string, kind: string, at: number): number {
    return this.#sql.exec(
      "insert into fed (lineage, kind, at) values (?, ?, ?) on conflict do nothing",
      lineage,
      kind,
      at,
    ).rowsWritten;
  }
}
