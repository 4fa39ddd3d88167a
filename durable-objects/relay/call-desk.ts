import type { OutcomeAnswer } from "../../contracts/relay/hello.ts";
import { linkGone } from "../../contracts/relay/link-end.ts";
import { linkLimits } from "../../contracts/relay/protocol.ts";
import { type Failure, toFailure } from "../../src/kernel/problem.ts";
import type { Scope } from "../../src/kernel/scopes.ts";
import { failureOf, isRead, linkLost, timedOut } from "../../src/modules/clusters/index.ts";
import type { Sql } from "../alerts/sql-rows.ts";
import type { AgentSession } from "./agent-session.ts";
import { entryOf } from "./call-entry.ts";
import { CallLog } from "./call-log.ts";
import { Deadlines } from "./deadlines.ts";
import { firstElsewhere, overloaded, tooLarge } from "./desk-refusals.ts";
import { type CallEnd, sendCall } from "./outgoing-call.ts";
import { QueuedCalls } from "./queued-calls.ts";
import { defaultTimeoutMs, type RelayCall, type RelayReply, refused } from "./relay-call.ts";
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

/** Sends calls to the active agent, lets wait those that may, and writes down what became of each. */
export class CallDesk {
  readonly #host: DeskHost;
  readonly log: CallLog;
  readonly queued: QueuedCalls;
  readonly #unknown: UnknownOutcomes;
  readonly #keys: WriteKeys;
  readonly #deadlines = new Deadlines();
  readonly #inFlight = new Set<string>();

  constructor(sql: Sql, host: DeskHost) {
    this.#host = host;
    this.log = new CallLog(sql, host.later);
    this.queued = new QueuedCalls(sql, this.log, {
      ...host,
      isInFlight: (commandId) => this.#inFlight.has(commandId),
      send: async (session, call, now) => this.#send(session, await host.signer(), call, now),
    });
    this.#unknown = new UnknownOutcomes(sql);
    this.#keys = new WriteKeys(sql);
  }

  async call(call: RelayCall): Promise<RelayReply> {
    const now = Date.now();
    const signing = this.#host.signer();
    const signer = signing instanceof Promise ? await signing : signing;
    const session = this.#host.active(now);
    const reply = await (session === undefined
      ? this.queued.keep(call, now)
      : this.#send(session, signer, call, now));
    if (!reply.ok) letGo(call.body);
    return reply;
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
      this.queued.told(id, ran === "yes" && (status ?? 0) < 400, status);
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
    if (!session.isConnected) return this.queued.keep(call, startedAt);
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

  #askLater(): void {
    const session = this.#host.active(Date.now());
    if (session !== undefined) this.ask(session);
  }
}

function refusalOf(call: RelayCall, end: Exclude<CallEnd, { kind: "answer" }>): Failure {
  if (end.kind === "timeout") return timedOut(call, call.timeoutMs ?? defaultTimeoutMs);
  return end.failure === linkGone ? linkLost(call) : failureOf(call, end.failure);
}

/** A body that nobody will read any more. */
function letGo(body: RelayCall["body"]): void {
  if (body instanceof ReadableStream && !body.locked) void body.cancel().catch(() => {});
}
