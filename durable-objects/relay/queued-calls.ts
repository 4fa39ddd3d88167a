import type { Scope } from "../../src/kernel/scopes.ts";
import { chainOf, offline, type QueuedCommand, refuseToQueue } from "../../src/modules/clusters/index.ts";
import type { Sql } from "../alerts/sql-rows.ts";
import type { AgentSession } from "./agent-session.ts";
import { entryOf } from "./call-entry.ts";
import type { CallEntry, CallLog } from "./call-log.ts";
import { CommandQueue, mostQueued } from "./command-queue.ts";
import { notQueueable, overloaded } from "./desk-refusals.ts";
import { type RelayCall, type RelayReply, refused } from "./relay-call.ts";
import { saidOf } from "./said-of.ts";

/** What the queue needs of the desk and its relay. */
interface QueueHost {
  active(now: number): AgentSession | undefined;
  later(work: () => void, ms: number): void;
  /** Something waits until this instant. */
  waits(expiresAt: number): void;
  /** Whether the one who asked may still do it. */
  stillMay(actor: string, scope: Scope): Promise<boolean>;
  /** Whether a command has left and has no end yet. */
  isInFlight(commandId: string): boolean;
  send(session: AgentSession, call: RelayCall, now: number): Promise<RelayReply>;
}

const drainAgainMs = 1_000;
/** Refusals that come before anything leaves. */
const notSent: ReadonlySet<string> = new Set(["clusters.offline", "clusters.overloaded"]);
const noBytes = new Uint8Array();

/** Calls that wait for an agent: kept while there is none, sent in their order once one is there. */
export class QueuedCalls {
  readonly #queue: CommandQueue;
  readonly #log: CallLog;
  readonly #host: QueueHost;
  #isDraining = false;

  constructor(sql: Sql, log: CallLog, host: QueueHost) {
    this.#queue = new CommandQueue(sql);
    this.#log = log;
    this.#host = host;
  }

  /** No agent is there: keeps a call that asked to wait and may; all others are refused. */
  keep(call: RelayCall, now: number): RelayReply {
    if (call.queueForMs === undefined) return refused(offline(call));
    const body = call.body instanceof Uint8Array ? call.body : noBytes;
    const { method, operation, path } = call;
    const because =
      call.body instanceof ReadableStream
        ? "A body that is streamed can't be kept."
        : refuseToQueue({
            method,
            operation,
            path,
            body: new TextDecoder().decode(body.subarray(0, 65_536)),
          });
    if (because !== undefined) return refused(notQueueable(call, because));
    if (this.#queue.waiting >= mostQueued) return refused(overloaded(call));
    const { queueForMs, body: _, ...request } = call;
    const expiresAt = now + queueForMs;
    this.#queue.add({ ...request, ...(body.byteLength > 0 ? { body } : {}) }, chainOf(path), now, expiresAt);
    this.#log.append(entryOf(call, now, "queued", {}));
    this.#host.waits(expiresAt);
    return { ok: true, status: 202, headers: {}, body: noBytes, queued: true };
  }

  /** Sends what waits, one after the other: each may rest on the one before. */
  async drain(): Promise<void> {
    if (this.#isDraining) return;
    this.#isDraining = true;
    try {
      this.#takeBackUnsent();
      for (;;) {
        const now = Date.now();
        const session = this.#host.active(now);
        const next = session && this.#queue.next(now);
        if (session === undefined || next === undefined) return;
        if (!(await this.#sendQueued(session, next, now))) return;
      }
    } finally {
      this.#isDraining = false;
    }
  }

  expire(now: number): void {
    for (const commandId of this.#queue.expire(now))
      this.#settleQueued(commandId, "failed", "clusters.expired");
  }

  cancel(commandId: string): QueuedCommand | undefined {
    const before = this.#queue.find(commandId);
    const after = this.#queue.cancel(commandId);
    if (before?.state === "queued") this.#settleQueued(commandId, "failed", "clusters.cancelled");
    return after;
  }

  list(after: string, limit: number): QueuedCommand[] {
    return this.#queue.list(after, limit);
  }

  /** When the next of them expires. */
  get nextExpiry(): number | undefined {
    return this.#queue.nextExpiry;
  }

  /** An agent has told later what became of a command whose answer was lost. */
  told(commandId: string, isDone: boolean, status: number | null): void {
    if (this.#queue.find(commandId)?.state !== "sent") return;
    this.#queue.settle(commandId, isDone ? "applied" : "failed", status, "Told by the agent later.");
  }

  /** What was taken out of the queue by an object that died before it could be sent: its sending stands in no log. */
  #takeBackUnsent(): void {
    for (const commandId of this.#queue.taken()) {
      const outcome = this.#log.find(commandId)?.outcome;
      const didNotRun = outcome === "queued" || outcome === "failed";
      if (didNotRun && !this.#host.isInFlight(commandId)) this.#queue.putBack(commandId);
    }
  }

  /** Says whether the next may follow; false when the agent can take none now. */
  async #sendQueued(
    session: AgentSession,
    { call, chain }: NonNullable<ReturnType<CommandQueue["next"]>>,
    now: number,
  ): Promise<boolean> {
    const { commandId } = call;
    if (!(await this.#host.stillMay(call.actor, call.scope ?? "clusters:write"))) {
      const detail = "Whoever asked for it may not do it any more.";
      this.#queue.settle(commandId, "failed", null, detail);
      this.#settleQueued(commandId, "failed", "clusters.no_longer_allowed");
      return true;
    }
    // Before it leaves: if this object dies meanwhile it is not sent a second time.
    if (this.#queue.find(commandId)?.state !== "queued") return true;
    this.#queue.take(commandId);
    const reply = await this.#host.send(session, call, now);
    if (!reply.ok) {
      if (notSent.has(reply.failure.code)) {
        this.#queue.putBack(commandId);
        this.#host.later(() => void this.drain(), drainAgainMs);
        return false;
      }
      const isOpen =
        reply.failure.code === "clusters.outcome_unknown" || reply.failure.code === "clusters.timeout";
      this.#queue.settle(commandId, isOpen ? "sent" : "failed", null, reply.failure.detail);
      return true;
    }
    const { status } = reply;
    const said = await saidOf(reply.body);
    const isConflict = status === 409 || status === 412;
    this.#queue.settle(
      commandId,
      isConflict ? "conflict" : status >= 400 ? "failed" : "applied",
      status,
      status >= 400 ? said : null,
    );
    if (!isConflict) return true;
    for (const id of this.#queue.stopChain(chain, `${commandId}, which it followed, met a conflict.`))
      this.#settleQueued(id, "failed", "clusters.conflict_before");
    return true;
  }

  #settleQueued(commandId: string, outcome: CallEntry["outcome"], code: string): void {
    const entry = this.#log.find(commandId);
    if (entry !== undefined) this.#log.append({ ...entry, at: Date.now(), outcome, code });
  }
}
