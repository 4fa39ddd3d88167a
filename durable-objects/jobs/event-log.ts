import type { StoredEvent } from "../../src/modules/jobs/engine/job-store.ts";
import type { Sql, SqlValue } from "./sql.ts";

interface Segment {
  readonly text: string;
  readonly events: readonly StoredEvent[];
}

interface Body extends Record<string, SqlValue> {
  readonly body: string;
}

/** Events in one row at most, so that reading one of them stays cheap. */
const segmentEvents = 64;

/** Events by their sequence, those of one decision in a row together: row writes are what a job costs. */
export class EventLog {
  readonly #sql: Sql;
  #segment: Segment = { text: "", events: [] };

  constructor(sql: Sql) {
    this.#sql = sql;
  }

  append(events: readonly StoredEvent[]): void {
    for (let from = 0; from < events.length; from += segmentEvents) {
      const part = events.slice(from, from + segmentEvents);
      const first = part[0];
      const last = part.at(-1);
      if (first === undefined || last === undefined) return;
      const insert = "insert into job_events (seq, at, size, body) values (?, ?, ?, ?)";
      this.#sql.exec(insert, first.seq, last.at, part.length, JSON.stringify(part));
    }
  }

  find(seq: number): StoredEvent | undefined {
    const select = "select body from job_events where seq <= ? order by seq desc limit 1";
    const row = this.#first<Body>(select, seq);
    const events = row === undefined ? [] : this.#eventsOf(row.body);
    return events[seq - (events[0]?.seq ?? 0)];
  }

  /** At most `limit` events after `afterSeq`. */
  from(afterSeq: number, limit: number): StoredEvent[] {
    const found: StoredEvent[] = [];
    let after = afterSeq;
    while (found.length < limit) {
      const row = this.#rowAfter(after);
      if (row === undefined) break;
      for (const event of this.#eventsOf(row.body)) {
        if (event.seq <= after || found.length === limit) continue;
        found.push(event);
        after = event.seq;
      }
    }
    return found;
  }

  /** Deletes whole rows that are older than `at`, until `limit` events are gone; answers how many. */
  trim(at: number, limit: number): number {
    let gone = 0;
    while (gone < limit) {
      const first = this.#first<{ seq: number; at: number; size: number }>(
        "select seq, at, size from job_events order by seq limit 1",
      );
      if (first === undefined || first.at >= at) break;
      this.#sql.exec("delete from job_events where seq = ?", first.seq);
      gone += first.size;
    }
    return gone;
  }

  /** The row that holds the next event, or the first row beyond a place that was trimmed. */
  #rowAfter(after: number): Body | undefined {
    const holding = "select body from job_events where seq <= ? and seq + size > ? order by seq desc limit 1";
    const next = "select body from job_events where seq > ? order by seq limit 1";
    return this.#first<Body>(holding, after + 1, after + 1) ?? this.#first<Body>(next, after);
  }

  #eventsOf(text: string): readonly StoredEvent[] {
    if (this.#segment.text !== text) this.#segment = { text, events: JSON.parse(text) as StoredEvent[] };
    return this.#segment.events;
  }

  #first<T extends Record<string, SqlValue>>(select: string, ...bindings: SqlValue[]): T | undefined {
    return this.#sql.exec<T>(select, ...bindings).toArray()[0];
  }
}
