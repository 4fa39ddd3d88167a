import {
  afterAnswer,
  decidePolls,
  newPoll,
  type PollEntry,
  type PollNote,
  type PollPolicy,
  type PollTask,
  type PollView,
  timeOf,
} from "../../src/modules/rules/index.ts";
import type { SettingValues } from "../../src/modules/settings/index.ts";
import { PollStore } from "./poll-store.ts";

export interface PollHost {
  readonly storage: DurableObjectStorage;
  readonly tenantId: () => string;
  readonly queue: Queue;
  readonly settings: () => SettingValues;
  /** Tells the engine that the poll of a due time failed. */
  fail(entry: PollEntry, dueAt: number, intervalMs: number, detail: string): Promise<unknown>;
}

const pollsPerRound = 500;
const perSend = 100;
/** How long a consumer has to tell how a poll went, beyond the time that its source has. */
const tellMs = 10_000;

/** Decides which metrics are polled when, hands them to the queue, and hears how that went. */
export class PollClock {
  readonly #host: PollHost;
  readonly #store: PollStore;

  constructor(host: PollHost) {
    this.#host = host;
    this.#store = new PollStore(host.storage);
  }

  /** Replaces what is polled. A poll that stays keeps its failures and its turn. Inside a transaction. */
  plan(entries: readonly PollEntry[], now: number): void {
    const policy = this.#policy();
    const wanted = new Set(entries.map(({ id }) => id));
    for (const { entry } of this.#store.all()) if (!wanted.has(entry.id)) this.#store.forget(entry.id);
    for (const entry of entries) {
      const known = this.#store.find(entry.id);
      this.#store.put(known === undefined ? newPoll(entry, now, policy) : { ...known, entry });
    }
  }

  /** Another interval moves every due time; off, nothing waits and nothing is asked. Inside a transaction. */
  settle(now: number): void {
    const policy = this.#policy();
    const stopped = this.#isOn() ? {} : { wantedAt: null, askedAt: null, until: null, taken: false };
    for (const poll of this.#store.all()) {
      const { nextAt } = newPoll(poll.entry, now, policy);
      this.#store.put({ ...poll, ...stopped, nextAt });
    }
  }

  views(ruleId: string): PollView[] {
    const policy = this.#policy();
    const isOn = this.#isOn();
    return this.#store.ofRule(ruleId).map(({ entry, nextAt, failures, backOffUntil, last }) => ({
      lineages: entry.lineages,
      intervalMs: timeOf(entry, policy).intervalMs,
      nextAt: isOn ? nextAt : null,
      failures,
      backOffUntil,
      last,
    }));
  }

  /** Takes the poll that waits longest, if one may be made. */
  async next(now: number): Promise<PollTask | null> {
    if (!this.#isOn()) return null;
    const { task, others } = this.#host.storage.transactionSync(() => {
      const asked = this.#decide(now);
      const first = this.#store.untaken(now)[0];
      if (first === undefined) return { task: null, others: asked };
      const times = timeOf(first.entry, this.#policy());
      this.#store.put({ ...first, taken: true, until: now + times.timeoutMs + tellMs });
      const mine = first.entry.id;
      return {
        task: { entry: first.entry, dueAt: first.askedAt ?? now, ...times },
        others: asked.filter((id) => id !== mine),
      };
    });
    await this.#knock(others.length);
    await this.#tellFailed();
    return task;
  }

  giveBack(pollId: string, dueAt: number): void {
    const poll = this.#store.find(pollId);
    if (poll?.askedAt === dueAt) this.#store.put({ ...poll, taken: false });
  }

  /** Notes how a poll went. */
  report(pollId: string, note: PollNote, retryAfterMs: number, now: number): void {
    const poll = this.#store.find(pollId);
    const after = poll && afterAnswer(poll, note, retryAfterMs, this.#policy(), now);
    if (after !== undefined) this.#store.put(after);
  }

  /** Does what is due: saved before the queue is told, and what nobody takes counts as lost. */
  async run(now: number): Promise<void> {
    if (!this.#isOn()) return;
    const asked = this.#host.storage.transactionSync(() => this.#decide(now));
    await this.#knock(asked.length);
    await this.#tellFailed();
  }

  /** When there is something to do; null while polling is off or nothing is polled. */
  nextWakeAt(): number | null {
    return this.#isOn() ? this.#store.nextWakeAt() : null;
  }

  /** Inside a transaction; answers the polls that are to be made now. */
  #decide(now: number): string[] {
    const { changed, ask, failed } = decidePolls(this.#store.atHand(now, pollsPerRound), this.#policy(), now);
    for (const poll of changed) this.#store.put(poll);
    for (const one of failed) this.#store.addFailed(one);
    return ask.map(({ pollId }) => pollId);
  }

  /** One message for each poll, so that as many consumers start as there is to do. */
  async #knock(times: number): Promise<void> {
    const body = { tenantId: this.#host.tenantId() };
    for (let sent = 0; sent < times; sent += perSend) {
      const messages = Array.from({ length: Math.min(perSend, times - sent) }, () => ({ body }));
      await this.#host.queue.sendBatch(messages);
    }
  }

  async #tellFailed(): Promise<void> {
    for (;;) {
      const failed = this.#store.failed();
      if (failed.length === 0) return;
      for (const { entry, dueAt, intervalMs, detail } of failed) {
        await this.#host.fail(entry, dueAt, intervalMs, detail);
        this.#store.toldFailed(entry, dueAt);
      }
    }
  }

  #isOn(): boolean {
    return this.#host.settings()["polling.enabled"];
  }

  #policy(): PollPolicy {
    const settings = this.#host.settings();
    return { globalIntervalMs: settings["polling.intervalMs"], concurrency: settings["polling.concurrency"] };
  }
}
