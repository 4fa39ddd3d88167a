import {
  afterAnswer,
  decidePolls,
  newPoll,
  type PollEntry,
  type PollNote,
  type PollPolicy,
  type PollTask,
  type PollTurn,
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
  fail(lineage: string, dueAt: number, intervalMs: number, detail: string): Promise<unknown>;
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

  /** Lets a consumer make a poll, unless somebody makes it or it is over. */
  take(pollId: string, dueAt: number, now: number): PollTask | null {
    const poll = this.#store.find(pollId);
    if (poll?.askedAt !== dueAt || poll.taken || (poll.until ?? 0) <= now || !this.#isOn()) return null;
    const times = timeOf(poll.entry, this.#policy());
    this.#store.put({ ...poll, taken: true, until: now + times.timeoutMs + tellMs });
    return { entry: poll.entry, ...times };
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

  /**
   * Does what is due: saved before it is sent, and what could not be sent counts as lost. The first `handsOn` polls are
   * answered instead of sent.
   */
  async run(now: number, handsOn = 0): Promise<readonly PollTurn[]> {
    if (!this.#isOn()) return [];
    const { ask } = this.#host.storage.transactionSync(() => {
      const decided = decidePolls(this.#store.atHand(now, pollsPerRound), this.#policy(), now);
      for (const poll of decided.changed) this.#store.put(poll);
      for (const one of decided.failed) this.#store.addFailed(one);
      return decided;
    });
    const tenantId = this.#host.tenantId();
    for (let i = handsOn; i < ask.length; i += perSend) {
      await this.#host.queue.sendBatch(
        ask.slice(i, i + perSend).map((poll) => ({ body: { tenantId, ...poll } })),
      );
    }
    await this.#tellFailed();
    return ask.slice(0, handsOn);
  }

  /** When there is something to do; null while polling is off or nothing is polled. */
  nextWakeAt(): number | null {
    return this.#isOn() ? this.#store.nextWakeAt() : null;
  }

  async #tellFailed(): Promise<void> {
    for (;;) {
      const failed = this.#store.failed();
      if (failed.length === 0) return;
      for (const { entry, dueAt, intervalMs, detail } of failed) {
        for (const lineage of entry.lineages) await this.#host.fail(lineage, dueAt, intervalMs, detail);
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
