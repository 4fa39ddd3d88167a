import type { OutcomeAnswer } from "../../contracts/relay/hello.ts";
import { linkGone } from "../../contracts/relay/link-end.ts";
import { linkLimits } from "../../contracts/relay/protocol.ts";
import { type Failure, toFailure } from "../../src/kernel/problem.ts";
import type { Scope } from "../../src/kernel/scopes.ts";
import {
  chainOf,
  failureOf,
  isRead,
  linkLost,
  offline,
  refuseToQueue,
  shownCallPath,
  timedOut,
} from "../../src/modules/clusters/index.ts";
import type { Sql } from "../alerts/sql-rows.ts";
import type { AgentSession } from "./agent-session.ts";
import { type CallEntry, CallLog } from "./call-log.ts";
import { CommandQueue, mostQueued } from "./command-queue.ts";
import { Deadlines } from "./deadlines.ts";
import { firstElsewhere, notQueueable, overloaded, tooLarge } from "./desk-refusals.ts";
import { type CallEnd, sendCall } from "./outgoing-call.ts";
import { defaultTimeoutMs, type RelayCall, type RelayReply } from "./relay-call.ts";
import { saidOf } from "./said-of.ts";
import type { Signer } from "./signer.ts";
import { UnknownOutcomes } from "./unknown-outcomes.ts";
import { WriteKeys } from "./write-keys.ts";

/** What the desk needs of its relay. */
export interface DeskHost {
  readonly tenantId: string;
  readonly clusterId: string;
  active(now: number): AgentSession | undefined;
  find(agentId: string): AgentSession | undefined;
  signer(): Signer | Promise<Signer>;
  later(work: () => void, ms: number): void;
  /** Something waits in the queue until this instant. */
  waits(expiresAt: number): void;
  /** Whether the one who asked for a queued command may still do it. */
  stillMay(actor: string, scope: Scope): Promise<boolean>;
}

/** Streams that calls may have open at once; the rest is for consoles. */
const mostCalls = linkLimits.streams - 64;
const askAgainMs = 5_000;
const drainAgainMs = 1_000;
/** Refusals that come before anything leaves. */
const notSent: ReadonlySet<string> = new Set(["clusters.offline", "clusters.overloaded"]);
const noBytes = new Uint8Array();

/** Sends calls to the active agent, keeps those that may wait, and writes down what became of each. */
export class CallDesk {
  readonly #host: DeskHost;
  readonly log: CallLog;
  readonly queue: CommandQueue;
  readonly #unknown: UnknownOutcomes;
  readonly #keys: WriteKeys;
  readonly #deadlines = new Deadlines();
  readonly #inFlight = new Set<string>();
  #isDraining = false;

  constructor(sql: Sql, host: DeskHost) {
    this.#host = host;
    this.log = new CallLog(sql, host.later);
    this.queue = new CommandQueue(sql);
    this.#unknown = new UnknownOutcomes(sql);
    this.#keys = new WriteKeys(sql);
  }

  async call(call: RelayCall): Promise<RelayReply> {
    const now = Date.now();
    const signing = this.#host.signer();
    const signer = signing instanceof Promise ? await signing : signing;
    const session = this.#host.active(now);
    const reply = await (session === undefined
      ? this.#keep(call, now)
      : this.#send(session, signer, call, now));
    if (!reply.ok) letGo(call.body);
    return reply;
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
        const next = session && this.queue.next(now);
        if (session === undefined || next === undefined) return;
        if (!(await this.#sendQueued(session, next, now))) return;
      }
    } finally {
      this.#isDraining = false;
    }
  }

  expire(now: number): void {
    for (const commandId of this.queue.expire(now))
      this.#settleQueued(commandId, "failed", "clusters.expired");
  }

  cancel(commandId: string) {
    const before = this.queue.find(commandId);
    const after = this.queue.cancel(commandId);
    if (before?.state === "queued") this.#settleQueued(commandId, "failed", "clusters.cancelled");
    return after;
  }

  /** Asks an agent what became of commands whose answers were lost. */
  ask(session: AgentSession): void {
    const ids = this.#unknown
      .list(Date.now())
      .filter((id) => !this.#inFlight.has(id) && this.log.find(id)?.agentId === session.agentId)
      .slice(0, 100);
    if (ids.length > 0) session.socket?.send(JSON.stringify({ type: "outcomes?", ids }));
  }

  told({ outcomes }: ReturnType<typeof OutcomeAnswer.parse>): void {
    for (const { id, ran, status } of outcomes) {
      const entry = this.log.find(id);
      if (entry === undefined || ran === "unknown" || !this.#unknown.has(id)) continue;
      this.#unknown.close(id);
      const outcome = ran === "yes" ? "ran" : "did_not_run";
      this.log.append({ ...entry, at: Date.now(), outcome, status, code: null });
      const state = ran === "no" ? "failed" : (status ?? 0) >= 400 ? "failed" : "applied";
      if (this.queue.find(id)?.state === "sent")
        this.queue.settle(id, state, status, "Told by the agent later.");
    }
  }

  /** A signed command is on its way: written down before it leaves when it changes something. */
  begin(session: AgentSession, call: RelayCall, now: number): void {
    this.#inFlight.add(call.commandId);
    if (isRead(call.method)) return;
    this.#unknown.open(call.commandId, now);
    const key = call.idempotencyKey;
    if (key !== undefined) this.#keys.remember(key, call.commandId, session.agentId, now);
    this.log.append(entryOf(call, now, "sent", { agentId: session.agentId }));
  }

  /** What became of it. */
  conclude(session: AgentSession, call: RelayCall, end: CallEnd, startedAt: number): Failure | undefined {
    const now = Date.now();
    this.#inFlight.delete(call.commandId);
    const facts = { agentId: session.agentId, durationMs: now - startedAt };
    if (end.kind === "answer") {
      this.#unknown.close(call.commandId, isRead(call.method));
      this.log.appendSoon(entryOf(call, startedAt, "answered", { ...facts, status: end.status }));
      return undefined;
    }
    const failure = refusalOf(call, end);
    const isKnown = isRead(call.method) || (end.kind === "failure" && end.failure.ran === "no");
    if (isKnown) this.#unknown.close(call.commandId, isRead(call.method));
    else this.#host.later(() => void this.#askLater(), askAgainMs);
    const outcome = isKnown ? "failed" : "unknown";
    this.log.appendSoon(entryOf(call, startedAt, outcome, { ...facts, code: failure.code }));
    return failure;
  }

  /** What was taken out of the queue by an object that died before it could be sent: its sending stands in no log. */
  #takeBackUnsent(): void {
    for (const commandId of this.queue.taken()) {
      const outcome = this.log.find(commandId)?.outcome;
      const didNotRun = outcome === "queued" || outcome === "failed";
      if (didNotRun && !this.#inFlight.has(commandId)) this.queue.putBack(commandId);
    }
  }

  async #send(active: AgentSession, signer: Signer, call: RelayCall, startedAt: number): Promise<RelayReply> {
    const session = this.#takerOf(call, active, startedAt);
    if ("failure" in session) return session;
    if (session.end.open >= mostCalls || !session.end.hasRoom) return refused(overloaded(call));
    let signed: Awaited<ReturnType<Signer["command"]>>;
    try {
      signed = await signer.command(call, this.#host.tenantId, this.#host.clusterId, startedAt);
    } catch (error) {
      return refused(error instanceof RangeError ? tooLarge(call) : toFailure(error));
    }
    // Signing took a moment: nothing was sent yet, so whoever waits may still be told so.
    if (!session.isConnected) return this.#keep(call, startedAt);
    this.begin(session, call, startedAt);
    const end = await sendCall(session, signed, call, this.#deadlines, call.timeoutMs ?? defaultTimeoutMs);
    const failure = this.conclude(session, call, end, startedAt);
    if (failure !== undefined || end.kind !== "answer") return refused(failure ?? overloaded(call));
    return { ok: true, status: end.status, headers: end.headers, body: end.body };
  }

  /** The active agent; of a repeat the one that had the first, since no other knows what became of it. */
  #takerOf(
    { idempotencyKey: key }: RelayCall,
    active: AgentSession,
    now: number,
  ): AgentSession | ReturnType<typeof refused> {
    const first = key === undefined ? undefined : this.#keys.find(key, now);
    if (key === undefined || first === undefined) return active;
    const { outcome, status } = this.log.find(first.commandId) ?? {};
    if (outcome === "failed" || outcome === "did_not_run" || status === 429) {
      this.#keys.free(key);
      return active;
    }
    if (first.agentId === active.agentId) return active;
    const holder = this.#host.find(first.agentId);
    return holder?.isConnected ? holder : refused(firstElsewhere(first));
  }

  #keep(call: RelayCall, now: number): RelayReply {
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
    if (this.queue.waiting >= mostQueued) return refused(overloaded(call));
    const { queueForMs, body: _, ...request } = call;
    const expiresAt = now + queueForMs;
    this.queue.add({ ...request, ...(body.byteLength > 0 ? { body } : {}) }, chainOf(path), now, expiresAt);
    this.log.append(entryOf(call, now, "queued", {}));
    this.#host.waits(expiresAt);
    return { ok: true, status: 202, headers: {}, body: noBytes, queued: true };
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
      this.queue.settle(commandId, "failed", null, detail);
      this.#settleQueued(commandId, "failed", "clusters.no_longer_allowed");
      return true;
    }
    // Before it leaves: if this object dies meanwhile it is not sent a second time.
    if (this.queue.find(commandId)?.state !== "queued") return true;
    this.queue.take(commandId);
    const reply = await this.#send(session, await this.#host.signer(), call, now);
    if (!reply.ok) {
      if (notSent.has(reply.failure.code)) {
        this.queue.putBack(commandId);
        this.#host.later(() => void this.drain(), drainAgainMs);
        return false;
      }
      const isOpen =
        reply.failure.code === "clusters.outcome_unknown" || reply.failure.code === "clusters.timeout";
      this.queue.settle(commandId, isOpen ? "sent" : "failed", null, reply.failure.detail);
      return true;
    }
    const { status } = reply;
    const said = await saidOf(reply.body);
    const isConflict = status === 409 || status === 412;
    this.queue.settle(
      commandId,
      isConflict ? "conflict" : status >= 400 ? "failed" : "applied",
      status,
      status >= 400 ? said : null,
    );
    if (!isConflict) return true;
    for (const id of this.queue.stopChain(chain, `${commandId}, which it followed, met a conflict.`))
      this.#settleQueued(id, "failed", "clusters.conflict_before");
    return true;
  }

  #settleQueued(commandId: string, outcome: CallEntry["outcome"], code: string): void {
    const entry = this.log.find(commandId);
    if (entry !== undefined) this.log.append({ ...entry, at: Date.now(), outcome, code });
  }

  #askLater(): void {
    const session = this.#host.active(Date.now());
    if (session !== undefined) this.ask(session);
  }
}

function entryOf(
  call: RelayCall,
  at: number,
  outcome: CallEntry["outcome"],
  facts: Partial<Pick<CallEntry, "agentId" | "status" | "code" | "durationMs">>,
): CallEntry {
  return {
    commandId: call.commandId,
    at,
    actor: call.actor,
    operation: call.operation,
    driver: call.driver,
    verb: call.method,
    path: shownCallPath(call.path),
    agentId: null,
    status: null,
    code: null,
    durationMs: null,
    ...facts,
    outcome,
  };
}

function refusalOf(call: RelayCall, end: Exclude<CallEnd, { kind: "answer" }>): Failure {
  if (end.kind === "timeout") return timedOut(call, call.timeoutMs ?? defaultTimeoutMs);
  return end.failure === linkGone ? linkLost(call) : failureOf(call, end.failure);
}

/** A body that nobody will read any more. */
function letGo(body: RelayCall["body"]): void {
  if (body instanceof ReadableStream && !body.locked) void body.cancel().catch(() => {});
}

const refused = (failure: Failure) => ({ ok: false, failure }) as const;
