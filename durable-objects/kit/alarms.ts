import { afterFailure, afterSuccess, type Due, dueNow, insuranceMs, nextWakeUp } from "./alarms.rules.ts";

export const alarmSteps = [
  "create table alarms (reason text primary key, at integer not null, failures integer not null default 0)",
];

const lostAfterMs = 1_000;

/** Many named reasons on the one alarm that the platform gives an object. Call `arm` after changing them. */
export class Alarms {
  readonly #storage: DurableObjectStorage;

  constructor(storage: DurableObjectStorage) {
    this.#storage = storage;
  }

  /** Every reason that waits. */
  all(): Due[] {
    return this.#storage.sql
      .exec<{ reason: string; at: number; failures: number }>("select reason, at, failures from alarms")
      .toArray();
  }

  /** Wakes the object for a reason at this instant, whatever was set before. */
  set(reason: string, at: number): void {
    this.#storage.sql.exec(
      "insert into alarms (reason, at) values (?, ?) on conflict (reason) do update set at = excluded.at",
      reason,
      at,
    );
  }

  /** Wakes the object for a reason at this instant, unless it will wake for it earlier. */
  sooner(reason: string, at: number): void {
    const current = this.#find(reason);
    if (current === undefined || at < current.at) this.set(reason, at);
  }

  clear(reason: string): void {
    this.#storage.sql.exec("delete from alarms where reason = ?", reason);
  }

  /** Takes the due reasons and parks each at the insured instant until it is settled. */
  take(now: number): Due[] {
    const taken = dueNow(this.all(), now).map((due) => ({ ...due, at: now + insuranceMs }));
    for (const { reason, at } of taken) this.set(reason, at);
    return taken;
  }

  /** A taken reason was handled; `next` is when it is due again, if it is. */
  succeeded(due: Due, next: number | undefined): void {
    const at = afterSuccess(this.#find(due.reason), due.at, next);
    if (at === undefined) this.clear(due.reason);
    else {
      this.#storage.sql.exec("update alarms set at = ?, failures = 0 where reason = ?", at, due.reason);
    }
  }

  /** A taken reason failed: it is tried again after a back-off. */
  failed(due: Due, now: number): void {
    const failures = due.failures + 1;
    const at = afterFailure(failures, now, Math.random);
    this.#storage.sql.exec(
      "update alarms set at = ?, failures = ? where reason = ?",
      at,
      failures,
      due.reason,
    );
  }

  /**
   * Sets the platform's alarm to the next wake-up, only where it differs: each setting is a row written. One that
   * should have rung and still stands was lost, when the process was killed say: it is set again.
   */
  async arm(): Promise<void> {
    const next = nextWakeUp(this.all());
    const armed = await this.#storage.getAlarm();
    const now = Date.now();
    if (next === undefined) {
      if (armed !== null) await this.#storage.deleteAlarm();
    } else if (next < now - lostAfterMs) {
      await this.#storage.setAlarm(now);
    } else if (armed !== next) {
      await this.#storage.setAlarm(next);
    }
  }

  #find(reason: string): Due | undefined {
    return this.all().find((due) => due.reason === reason);
  }
}
