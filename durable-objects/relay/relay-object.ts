import { type Frame, frameTypes } from "../../contracts/relay/frame.ts";
import type { AgentMessage, AgentReport, Hello } from "../../contracts/relay/hello.ts";
import { u32 } from "../../contracts/relay/link.ts";
import { closeCodes, keepAlive } from "../../contracts/relay/protocol.ts";
import { type Push, readPush } from "../../contracts/relay/push.ts";
import type { InventoryItem } from "../../src/kernel/ports/clusters.ts";
import { AppError, toFailure } from "../../src/kernel/problem.ts";
import type {
  AgentPresence,
  InventoryPage,
  LogCheck,
  LoggedCall,
  QueuedCommand,
} from "../../src/modules/clusters/index.ts";
import type { Env } from "../../src/platform/env.ts";
import { clusterOf } from "../../src/platform/objects.ts";
import { BaseObject } from "../kit/base-object.ts";
import { AgentNews } from "./agent-news.ts";
import type { AgentNote, AgentSession } from "./agent-session.ts";
import { Agents, graceMs } from "./agents.ts";
import { CallDesk } from "./call-desk.ts";
import { ClusterFacts } from "./cluster-facts.ts";
import {
  type ConsoleNote,
  closeLost,
  closeOrphans,
  closeSocket,
  closeWithdrawn,
  consoleTag,
  endConsole,
  typed,
} from "./consoles.ts";
import { EventsOut } from "./events-out.ts";
import { type InventoryQuery, InventoryStore } from "./inventory-store.ts";
import { LogSeals } from "./log-seals.ts";
import { answerConsole } from "./open-console.ts";
import { Presence } from "./presence.ts";
import { type Packed, packReply, type RelayCall, unpackCall } from "./relay-call.ts";
import { forgetCluster, nextEpoch, relaySteps } from "./schema.ts";
import { Waiters } from "./waiters.ts";

const sweepEveryMs = 60_000;
const pruneEveryMs = 3_600_000;
const sealEveryMs = 86_400_000;
const stepsPerPage = 500;

/**
 * One a cluster: holds the sockets of its agents and carries calls to the active one. It may fall asleep between any two
 * messages; sockets, and what is noted on them, stay.
 */
export class RelayObject extends BaseObject {
  readonly #agents: Agents;
  readonly #desk: CallDesk;
  readonly #presence: Presence;
  readonly #inventory: InventoryStore;
  readonly #out: EventsOut;
  readonly #waiters = new Waiters();
  readonly #facts: ClusterFacts;
  readonly #seals: LogSeals;
  readonly #news: AgentNews;

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env, relaySteps);
    const { sql } = ctx.storage;
    const { tenantId } = this;
    const clusterId = clusterOf(this.name);
    const facts = new ClusterFacts(env, tenantId, clusterId, (work) => ctx.waitUntil(work));
    this.#facts = facts;
    const later = (work: () => void, ms: number) => void setTimeout(work, ms);
    this.#presence = new Presence(sql);
    this.#inventory = new InventoryStore(sql);
    this.#out = new EventsOut(sql, env, tenantId, clusterId);
    this.#news = new AgentNews(this.#presence, this.#out, clusterId, () =>
      this.#wakeAt("events", Date.now() + 250),
    );
    this.#desk = new CallDesk(sql, {
      tenantId,
      clusterId,
      later,
      active: (now) => this.#agents.active(now),
      find: (agentId) => this.#agents.find(agentId),
      signer: () => facts.signer(),
      waits: (expiresAt) => this.#wakeAt("expire", expiresAt),
      stillMay: (actor, scope) => facts.stillMay(actor, scope),
    });
    this.#seals = new LogSeals(sql, this.#desk.log, this.#out);
    this.#agents = new Agents(ctx, {
      tenantId,
      clusterId,
      later,
      facts: () => facts.read(),
      signer: async () => facts.signer(),
      nextEpoch: () => nextEpoch(sql),
      told: (session, frame) => this.#told(session, frame),
      said: (session, message) => this.#said(session, message),
      came: (session, report) => this.#came(session, report),
      restored: (session) => this.#resumeWork(session),
      promoted: (session) => this.#came(session, undefined),
      lost: ({ agentId }) => this.#news.gone(agentId, this.#agents.connected.length > 0),
    });
    ctx.setWebSocketAutoResponse(new WebSocketRequestResponsePair(keepAlive.ping, keepAlive.pong));
    this.#agents.restore();
  }

  /** Signs, sends and awaits a command; failures are values. */
  async call(...packed: Packed): Promise<Packed> {
    try {
      return packReply(await this.#desk.call(unpackCall(packed)));
    } catch (error) {
      if (error instanceof AppError) return packReply({ ok: false, failure: error.failure });
      throw error;
    }
  }

  /** Only for WebSockets: an agent that dials in, or the user of a console with its call in a header; a refusal is a failure as JSON. */
  override async fetch(request: Request): Promise<Response> {
    if (new URL(request.url).pathname === "/agent") return this.#agents.accept();
    const call = JSON.parse(decodeURIComponent(request.headers.get("x-relay-call") ?? "")) as RelayCall;
    try {
      const signer = await this.#facts.signer();
      const { ctx, tenantId } = this;
      const host = { ctx, desk: this.#desk, tenantId, clusterId: this.#facts.clusterId };
      return await answerConsole(host, this.#agents.active(Date.now()), signer, call);
    } catch (error) {
      return Response.json(toFailure(error), { status: 409 });
    }
  }

  override async webSocketMessage(socket: WebSocket, message: string | ArrayBuffer): Promise<void> {
    const note = socket.deserializeAttachment() as AgentNote | ConsoleNote;
    if (note.kind === "agent") return this.#agents.message(socket, note, message);
    const stream = this.#consoleStream(note);
    if (stream === undefined) closeLost(socket);
    else typed(socket, stream, message);
  }

  override webSocketClose(socket: WebSocket, code: number, reason: string): void {
    const note = socket.deserializeAttachment() as AgentNote | ConsoleNote | null;
    if (note?.kind === "agent" && !this.#agents.closed(socket))
      setTimeout(() => {
        closeOrphans(this.ctx.getWebSockets(consoleTag), (note) => this.#consoleStream(note));
      }, graceMs);
    if (note?.kind !== "console") return;
    const stream = this.#consoleStream(note);
    if (stream !== undefined) endConsole(stream, code, reason);
    // The runtime does not answer it: without this the user's side would wait for good.
    closeSocket(socket, code, reason);
  }

  override webSocketError(socket: WebSocket): void {
    this.webSocketClose(socket, 1006, "");
  }

  /** The database has changed: who may not be connected any more is cut off, and new keys are announced. */
  async refresh(): Promise<void> {
    const facts = await this.#facts.read();
    this.#agents.refresh(facts);
    if (facts === undefined) {
      this.#forget();
      return;
    }
    const signer = await this.#facts.signer();
    if (signer.keys.length > 1) this.#agents.announce(await signer.announcement());
  }

  presence(): AgentPresence[] {
    this.#agents.active(Date.now());
    return this.#presence.list();
  }

  calls(before: number | null, limit: number, commandId: string | null): LoggedCall[] {
    return this.#desk.log.list(before ?? Number.MAX_SAFE_INTEGER, limit, commandId ?? undefined);
  }

  verifyLog(seals: readonly { seq: number; hash: string }[]): LogCheck {
    return this.#desk.log.verify(seals);
  }

  listQueued(after: string, limit: number): QueuedCommand[] {
    this.#desk.queued.expire(Date.now());
    return this.#desk.queued.list(after, limit);
  }

  cancelQueued(commandId: string): QueuedCommand | null {
    return this.#desk.queued.cancel(commandId) ?? null;
  }

  inventory(query: InventoryQuery): {
    items: InventoryItem[];
    syncedAt: number | null;
    online: boolean;
  } {
    return {
      items: this.#inventory.list(query),
      syncedAt: this.#inventory.syncedAt,
      online: this.#agents.active(Date.now()) !== undefined,
    };
  }

  /** What changed in the inventory after a number, or from now on; waits for something when there is nothing. */
  async changes(since: number | null, waitMs: number): Promise<InventoryPage> {
    const after = since ?? this.#inventory.head;
    const found = this.#inventory.changes(after, stepsPerPage);
    if (found.steps.length > 0 || waitMs <= 0) return found;
    await this.#waiters.next(waitMs);
    return this.#inventory.changes(after, stepsPerPage);
  }

  protected override async wake(reason: string, now: number): Promise<number | undefined> {
    if (reason === "events") {
      await this.#out.flush();
      return undefined;
    }
    if (reason === "expire") {
      this.#desk.queued.expire(now);
      return this.#desk.queued.nextExpiry;
    }
    if (reason === "prune") {
      this.#desk.log.prune(now);
      return now + pruneEveryMs;
    }
    if (reason === "seal") return this.#seal(now);
    this.#agents.active(now);
    this.#news.reconcile(new Set(this.#agents.connected.map(({ agentId }) => agentId)));
    // Where the database doesn't answer, the next sweep asks again.
    const stillMay = (actor: string) => this.#facts.stillMay(actor, "clusters:write").catch(() => true);
    await closeWithdrawn(this.ctx.getWebSockets(consoleTag), (note) => this.#consoleStream(note), stillMay);
    return this.#agents.connected.length > 0 ? now + sweepEveryMs : undefined;
  }

  async #seal(now: number): Promise<number | undefined> {
    // The cluster may have been removed since this was planned.
    if ((await this.#facts.read()) === undefined) return undefined;
    await this.#seals.seal(await this.#facts.signer(), now);
    this.#wakeAt("events", now);
    return this.#agents.connected.length > 0 || this.#seals.isDue ? now + sealEveryMs : undefined;
  }

  #consoleStream({ agentId, session, stream }: ConsoleNote) {
    const found = this.#agents.find(agentId);
    return found?.session === session ? found.end.find(stream) : undefined;
  }

  /** What an agent tells by itself is stored, then acknowledged; only the active one is listened to. */
  #told(session: AgentSession, { type, payload }: Frame): void {
    if (type !== frameTypes.PUSH || payload.byteLength < 4) return;
    const id = new DataView(payload.buffer, payload.byteOffset).getUint32(0);
    const push = readPush(payload.subarray(4));
    if (push === undefined) this.log("warn", "a push could not be read", { agentId: session.agentId });
    else if (session.role === "active") this.#store(push);
    session.end.send(frameTypes.PUSHED, 0, u32(id));
  }

  #store(push: Push): void {
    if (push.type === "inventory") {
      this.ctx.storage.transactionSync(() => this.#news.changed(this.#inventory.take(push)));
      this.#waiters.wake();
      return;
    }
    this.#news.events(push);
  }

  async #said(session: AgentSession, message: Exclude<AgentMessage, Hello>): Promise<void> {
    const { agentId, role, socket } = session;
    if (message.type === "outcomes") this.#desk.told(message);
    else if (message.type === "report") this.#news.reported(agentId, role, message.report);
    else if (await this.#facts.rotateKey(agentId, message))
      socket?.send(JSON.stringify({ type: "rotated", publicKey: message.publicKey }));
    else if (socket) closeSocket(socket, closeCodes.unauthenticated, "The new key is not proved.");
  }

  #came(session: AgentSession, report: AgentReport | undefined): void {
    const now = Date.now();
    this.#news.reported(session.agentId, session.role, report);
    this.#wakeAt("sweep", now + sweepEveryMs);
    this.#wakeAt("prune", now + pruneEveryMs);
    this.#wakeAt("seal", now + sealEveryMs);
    this.#resumeWork(session);
  }

  /** What was left open before: outcomes that nobody knows, and commands that wait. */
  #resumeWork(session: AgentSession): void {
    this.#desk.ask(session);
    if (session.role === "active") this.ctx.waitUntil(this.#desk.queued.drain());
  }

  #wakeAt(reason: string, at: number): void {
    this.alarms.sooner(reason, at);
    this.ctx.waitUntil(this.alarms.arm());
  }

  /** The cluster was removed: nothing of it stays. */
  #forget(): void {
    for (const socket of this.ctx.getWebSockets(consoleTag))
      closeSocket(socket, 1001, "The cluster was removed.");
    forgetCluster(this.ctx.storage.sql);
  }
}
