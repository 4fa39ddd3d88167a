import type { Effect, JobSnapshot } from "../../src/modules/jobs/engine/effects.ts";
import type { Sql } from "./sql.ts";

// A number may be used again once all are acknowledged: there is one sender, and it acknowledges what it has read.
export const effectSteps = ["create table effects (seq integer primary key, body text not null)"];

type Told = Extract<Effect, { kind: "index" | "finished" }>;
type Mark = Pick<Told, "kind" | "key"> & { readonly jobId: string };
type Saved = Exclude<Effect, Told> | Mark;

export interface PendingEffects {
  readonly effects: readonly Effect[];
  /** Acknowledge up to here once they have been sent. */
  readonly upTo: number;
}

/** Snapshots that stay in memory until they are sent; a job beyond them is read from its row. */
const toldInMemory = 2_000;

/**
 * What decisions led to and has not been acknowledged: one row a decision, in order. What tells of a job's state is
 * saved by the job's id alone and looked up when it is sent: the state may be newer then, never older.
 */
export class Effects {
  readonly #sql: Sql;
  readonly #read: (jobId: string) => JobSnapshot | null;
  readonly #told = new Map<string, JobSnapshot>();

  constructor(sql: Sql, read: (jobId: string) => JobSnapshot | null) {
    this.#sql = sql;
    this.#read = read;
  }

  add(effects: readonly Effect[]): void {
    if (effects.length === 0) return;
    this.#sql.exec("insert into effects (body) values (?)", JSON.stringify(effects.map(savedOf)));
    for (const effect of effects) {
      if (isTold(effect)) this.#remember(effect.job);
      else if (effect.kind === "purged") this.#told.delete(effect.jobId);
    }
  }

  /** Drops what is in memory, as after a transaction that was rolled back. */
  forget(): void {
    this.#told.clear();
  }

  /** The oldest decisions' effects, at most of `rows` decisions and none of those after `end`. */
  pending(rows: number, end = Number.MAX_SAFE_INTEGER): PendingEffects | null {
    const select = "select seq, body from effects where seq <= ? order by seq limit ?";
    const found = this.#sql.exec<{ seq: number; body: string }>(select, end, rows).toArray();
    const last = found.at(-1);
    if (last === undefined) return null;
    const known = new Map<string, JobSnapshot | null>();
    const lookUp = (jobId: string): JobSnapshot | null => {
      const job = known.get(jobId) ?? this.#told.get(jobId) ?? this.#read(jobId);
      this.#told.delete(jobId);
      known.set(jobId, job);
      return job;
    };
    const effects = found
      .flatMap(({ body }) => JSON.parse(body) as Saved[])
      .flatMap((saved): Effect[] => {
        if (!("jobId" in saved) || saved.kind === "purged") return [saved];
        const { kind, key, jobId } = saved;
        const job = lookUp(jobId);
        return job ? [{ kind, key, job }] : [];
      });
    return { effects, upTo: last.seq };
  }

  /** The number of the last decision whose effects wait to be sent; null when none do. */
  last(): number | null {
    const select = "select seq from effects order by seq desc limit 1";
    return this.#sql.exec<{ seq: number }>(select).toArray()[0]?.seq ?? null;
  }

  acknowledge(upTo: number): void {
    this.#sql.exec("delete from effects where seq <= ?", upTo);
  }

  #remember(job: JobSnapshot): void {
    this.#told.set(job.id, job.deadUnits.length === 0 ? job : { ...job, deadUnits: [...job.deadUnits] });
    const [oldest] = this.#told.keys();
    if (this.#told.size > toldInMemory && oldest !== undefined) this.#told.delete(oldest);
  }
}

const isTold = (effect: Effect): effect is Told => effect.kind === "index" || effect.kind === "finished";

function savedOf(effect: Effect): Saved {
  if (!isTold(effect)) return effect;
  return { kind: effect.kind, key: effect.key, jobId: effect.job.id };
}
