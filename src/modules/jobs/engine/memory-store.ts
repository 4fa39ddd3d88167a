import type { Json } from "../../../kernel/json.ts";
import type { ChunkRow, JobRow } from "./job-row.ts";
import {
  type HotState,
  type JobStore,
  type KeyUse,
  type Link,
  newHotState,
  type StoredEvent,
} from "./job-store.ts";
import { type Config, emptyConfig } from "./limits.ts";
import { SortedKeys } from "./sorted-keys.ts";

interface Place {
  readonly queue: string | null;
  readonly rank: number;
  readonly due: number | null;
}

/**
 * The store in memory: for tests, simulations and running without an object. Rows are kept as text, so what comes out
 * is private to the caller and what is stored can't be changed from outside.
 */
export class MemoryJobStore implements JobStore {
  private hot = JSON.stringify(newHotState());
  private config = JSON.stringify(emptyConfig);
  private readonly jobs = new Map<string, string>();
  private readonly places = new Map<string, Place & { readonly seq: number }>();
  private readonly queues = new Map<string, SortedKeys<string>>();
  private readonly due = new SortedKeys<string>();
  private readonly payloads = new Map<string, string>();
  private readonly closed = new Map<string, Map<number, string>>();
  private readonly lists = new Map<string, SortedKeys<string>>();
  private readonly keys = new Map<string, string>();
  private events: string[] = [];
  private firstEvent = 1;

  readHot(): HotState {
    return JSON.parse(this.hot) as HotState;
  }

  writeHot(hot: HotState): void {
    this.hot = JSON.stringify(hot);
  }

  readConfig(): Config {
    return JSON.parse(this.config) as Config;
  }

  writeConfig(config: Config): void {
    this.config = JSON.stringify(config);
  }

  findJob(id: string): JobRow | undefined {
    const text = this.jobs.get(id);
    return text === undefined ? undefined : (JSON.parse(text) as JobRow);
  }

  insertJob(job: JobRow): void {
    if (this.jobs.has(job.id)) throw new RangeError(`the job ${job.id} is there already`);
    this.put(job);
  }

  updateJob(job: JobRow, withSpec: boolean): void {
    const before = this.findJob(job.id);
    if (before === undefined) throw new RangeError(`there is no job ${job.id}`);
    this.put(withSpec ? job : { ...job, spec: before.spec });
  }

  deleteJob(id: string): void {
    this.unplace(id);
    this.jobs.delete(id);
    this.payloads.delete(id);
    this.closed.delete(id);
  }

  heads(queue: string, limit: number): JobRow[] {
    return this.rows(this.queues.get(queue)?.first(limit) ?? []);
  }

  dueJobs(now: number, limit: number): JobRow[] {
    return this.rows(this.due.upTo(now, limit));
  }

  firstDue(): number | null {
    return this.due.lowest();
  }

  findPayload(jobId: string): Json | undefined {
    const text = this.payloads.get(jobId);
    return text === undefined ? undefined : (JSON.parse(text) as Json);
  }

  writePayload(jobId: string, value: Json): void {
    this.payloads.set(jobId, JSON.stringify(value));
  }

  findChunk(jobId: string, index: number): ChunkRow | undefined {
    const text = this.closed.get(jobId)?.get(index);
    return text === undefined ? undefined : (JSON.parse(text) as ChunkRow);
  }

  insertChunk(chunk: ChunkRow): void {
    const chunks = this.closed.get(chunk.jobId) ?? new Map<number, string>();
    if (chunks.has(chunk.index))
      throw new RangeError(`chunk ${chunk.index} of ${chunk.jobId} is closed already`);
    chunks.set(chunk.index, JSON.stringify(chunk));
    this.closed.set(chunk.jobId, chunks);
  }

  chunks(jobId: string, afterIndex: number, limit: number): ChunkRow[] {
    return [...(this.closed.get(jobId) ?? [])]
      .filter(([index]) => index > afterIndex)
      .sort(([a], [b]) => a - b)
      .slice(0, limit)
      .map(([, text]) => JSON.parse(text) as ChunkRow);
  }

  addLink(key: string, seq: number, jobId: string): void {
    const list = this.lists.get(key) ?? new SortedKeys<string>();
    list.removeAt(seq, 0);
    list.add(seq, 0, jobId);
    this.lists.set(key, list);
  }

  removeLink(key: string, seq: number): void {
    const list = this.lists.get(key);
    list?.removeAt(seq, 0);
    if (list?.size === 0) this.lists.delete(key);
  }

  links(key: string, afterSeq: number, limit: number): Link[] {
    const list = this.lists.get(key);
    return (list?.after(afterSeq, limit) ?? []).map(({ major, value }) => ({ seq: major, jobId: value }));
  }

  findKey(key: string): KeyUse | undefined {
    const text = this.keys.get(key);
    return text === undefined ? undefined : (JSON.parse(text) as KeyUse);
  }

  writeKey(key: string, use: KeyUse | null): void {
    if (use === null) this.keys.delete(key);
    else this.keys.set(key, JSON.stringify(use));
  }

  appendEvents(events: readonly StoredEvent[]): void {
    for (const event of events) {
      if (event.seq !== this.firstEvent + this.events.length)
        throw new RangeError(`event ${event.seq} out of turn`);
      this.events.push(JSON.stringify(event));
    }
  }

  findEvent(seq: number): StoredEvent | undefined {
    const text = this.events[seq - this.firstEvent];
    return text === undefined ? undefined : (JSON.parse(text) as StoredEvent);
  }

  eventsFrom(afterSeq: number, limit: number): StoredEvent[] {
    const from = Math.max(0, afterSeq + 1 - this.firstEvent);
    return this.events.slice(from, from + limit).map((text) => JSON.parse(text) as StoredEvent);
  }

  trimEvents(at: number, limit: number): number {
    let gone = 0;
    while (gone < limit && gone < this.events.length) {
      const event = this.findEvent(this.firstEvent + gone);
      if (event === undefined || event.at >= at) break;
      gone += 1;
    }
    this.events = this.events.slice(gone);
    this.firstEvent += gone;
    return gone;
  }

  /** A copy to decide on: what is decided there can be kept or dropped whole, like a transaction. */
  fork(): MemoryJobStore {
    const copy = new MemoryJobStore();
    copy.hot = this.hot;
    copy.config = this.config;
    copy.events = [...this.events];
    copy.firstEvent = this.firstEvent;
    for (const text of this.jobs.values()) copy.put(JSON.parse(text) as JobRow);
    for (const [id, text] of this.payloads) copy.payloads.set(id, text);
    for (const [id, chunks] of this.closed) copy.closed.set(id, new Map(chunks));
    for (const [key, use] of this.keys) copy.keys.set(key, use);
    for (const [key, list] of this.lists) {
      for (const { major, value } of list.first(list.size)) copy.addLink(key, major, value);
    }
    return copy;
  }

  /** Every job id, in no order: for checks from outside, never for the engine. */
  allJobIds(): readonly string[] {
    return [...this.jobs.keys()];
  }

  private rows(ids: readonly { readonly value: string }[]): JobRow[] {
    return ids.flatMap(({ value }) => this.findJob(value) ?? []);
  }

  private put(job: JobRow): void {
    this.unplace(job.id);
    this.jobs.set(job.id, JSON.stringify(job));
    this.places.set(job.id, { queue: job.queue, rank: job.rank, due: job.due, seq: job.seq });
    if (job.queue !== null) {
      const queue = this.queues.get(job.queue) ?? new SortedKeys<string>();
      queue.add(job.rank, job.seq, job.id);
      this.queues.set(job.queue, queue);
    }
    if (job.due !== null) this.due.add(job.due, job.seq, job.id);
  }

  private unplace(id: string): void {
    const place = this.places.get(id);
    if (place === undefined) return;
    this.places.delete(id);
    if (place.queue !== null) {
      const queue = this.queues.get(place.queue);
      queue?.removeAt(place.rank, place.seq);
      if (queue?.size === 0) this.queues.delete(place.queue);
    }
    if (place.due !== null) this.due.removeAt(place.due, place.seq);
  }
}
