import type { FailedPoll, PollEntry, PollState } from "../../src/modules/rules/index.ts";
import { migrate } from "../kit/migrate.ts";

const steps = [
  `create table polls (
     id text primary key,
     rule_id text not null,
     next_at integer not null,
     wanted_at integer,
     asked_at integer,
     until integer,
     body text not null
   );
   create index polls_rule on polls (rule_id);
   create index polls_next on polls (next_at);
   create index polls_wanted on polls (wanted_at) where wanted_at is not null;
   create index polls_asked on polls (until) where asked_at is not null;
   create table polls_failed (id text not null, due_at integer not null, body text not null, primary key (id, due_at))
   without rowid`,
];

/** What a due time cost no answer for is told to the engine in rounds of this many. */
const failedPerRound = 100;

/** The polls of a tenant's metric rules, and failures that the engine is still to be told of. */
export class PollStore {
  readonly #sql: SqlStorage;

  constructor(storage: DurableObjectStorage) {
    migrate(storage, steps, "polls");
    this.#sql = storage.sql;
  }

  put({ nextAt, wantedAt, askedAt, until, ...rest }: PollState): void {
    this.#sql.exec(
      `insert or replace into polls (id, rule_id, next_at, wanted_at, asked_at, until, body)
       values (?, ?, ?, ?, ?, ?, ?)`,
      rest.entry.id,
      rest.entry.ruleId,
      nextAt,
      wantedAt,
      askedAt,
      until,
      JSON.stringify(rest),
    );
  }

  find(id: string): PollState | undefined {
    return this.#read("id = ?", id)[0];
  }

  all(): PollState[] {
    return this.#read("1 = 1");
  }

  ofRule(ruleId: string): PollState[] {
    return this.#read("rule_id = ?", ruleId);
  }

  /** The polls about which something is to be decided: due, waiting for their turn, or being asked. */
  atHand(now: number, limit: number): PollState[] {
    const due = this.#read("next_at <= ? order by next_at limit ?", now, limit);
    const known = new Set(due.map(({ entry }) => entry.id));
    const going = this.#read("wanted_at is not null or asked_at is not null");
    return [...due, ...going.filter(({ entry }) => !known.has(entry.id))];
  }

  /** Polls whose sources are to be asked and that nobody has taken, those that wait longest first. */
  untaken(now: number): PollState[] {
    const asked = this.#read("asked_at is not null and until > ? order by asked_at, id", now);
    return asked.filter(({ taken }) => !taken);
  }

  forget(id: string): void {
    this.#sql.exec("delete from polls where id = ?", id);
  }

  /** When something is due next: a poll, or one that is being asked counts as lost. */
  nextWakeAt(): number | null {
    return this.#sql
      .exec<{ at: number | null }>(
        "select min(at) as at from (select min(next_at) as at from polls union all select min(until) from polls where asked_at is not null)",
      )
      .one().at;
  }

  addFailed(failed: FailedPoll): void {
    this.#sql.exec(
      "insert or replace into polls_failed (id, due_at, body) values (?, ?, ?)",
      failed.entry.id,
      failed.dueAt,
      JSON.stringify(failed),
    );
  }

  /** Failures that the engine is to be told of, the oldest first. */
  failed(): FailedPoll[] {
    return this.#sql
      .exec<{ body: string }>("select body from polls_failed order by due_at limit ?", failedPerRound)
      .toArray()
      .map(({ body }) => JSON.parse(body) as FailedPoll);
  }

  toldFailed(entry: PollEntry, dueAt: number): void {
    this.#sql.exec("delete from polls_failed where id = ? and due_at = ?", entry.id, dueAt);
  }

  #read(where: string, ...values: (string | number)[]): PollState[] {
    return this.#sql
      .exec<{
        nextAt: number;
        wantedAt: number | null;
        askedAt: number | null;
        until: number | null;
        body: string;
      }>(
        `select next_at as nextAt, wanted_at as wantedAt, asked_at as askedAt, until, body from polls where ${where}`,
        ...values,
      )
      .toArray()
      .map(({ body, ...times }) => ({
        ...(JSON.parse(body) as Omit<PollState, keyof typeof times>),
        ...times,
      }));
  }
}
