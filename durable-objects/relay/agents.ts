import type { Frame } from "../../contracts/relay/frame.ts";
import type { AgentMessage, AgentReport, Hello, Welcome } from "../../contracts/relay/hello.ts";
import { LinkError } from "../../contracts/relay/link.ts";
import { closeCodes } from "../../contracts/relay/protocol.ts";
import { type AgentRow, type RelayFacts, toBase64Url } from "../../src/modules/clusters/index.ts";
import { type AgentNote, AgentSession } from "./agent-session.ts";
import { adoptConsoles, closeSocket, consolesOf, consoleTag, type OpenConsole } from "./consoles.ts";
import { challengeOf, judgeHello, readMessage, refuse } from "./handshake.ts";
import type { Signer } from "./signer.ts";

/** What the agents of a cluster need of their relay. */
export interface AgentsHost {
  readonly tenantId: string;
  readonly clusterId: string;
  /** From the database, now. */
  facts(): Promise<RelayFacts | undefined>;
  signer(): Promise<Signer>;
  nextEpoch(): number;
  later(work: () => void, ms: number): void;
  /** A PUSH. */
  told(session: AgentSession, frame: Frame): void;
  /** Any other word of an agent after its hello. */
  said(session: AgentSession, message: Exclude<AgentMessage, Hello>): Promise<void>;
  /** The link stands; calls may go out when it is active. */
  came(session: AgentSession, report: AgentReport): void;
  /** It was there before the object lost its memory. */
  restored(session: AgentSession): void;
  /** It takes over from another that was cut off. */
  promoted(session: AgentSession): void;
  /** It did not come back in time: its streams have ended. */
  lost(session: AgentSession): void;
}

export const agentTag = "agent";
/** How long streams wait for the same agent after a cut. */
export const graceMs = 2_000;
/** How long a socket may take to prove who it is. */
const handshakeMs = 10_000;
const mostStrangers = 32;
/** A hello is a few kilobytes; nobody who is not known yet makes this object read more. */
const mostHelloCharacters = 65_536;

/** The agents of one cluster: who is connected, who is active, and whose streams wait for it to come back. */
export class Agents {
  readonly #ctx: DurableObjectState;
  readonly #host: AgentsHost;
  readonly #sessions = new Map<string, AgentSession>();
  /** Sockets whose hello is being looked at. */
  readonly #heard = new WeakSet<WebSocket>();
  #refreshes = 0;

  constructor(ctx: DurableObjectState, host: AgentsHost) {
    this.#ctx = ctx;
    this.#host = host;
  }

  /**
   * After the object has slept: sockets are there, memory is not. Each link begins a new epoch on the socket it has, and
   * open consoles go on in it.
   */
  restore(): void {
    for (const socket of this.#ctx.getWebSockets(agentTag)) {
      const note = socket.deserializeAttachment() as AgentNote | null;
      if (note?.state !== "welcome" || socket.readyState !== WebSocket.OPEN) continue;
      const epoch = this.#host.nextEpoch();
      const session = this.#open(note.agentId, note.session, epoch);
      session.socket = socket;
      session.role = note.role;
      const survivors = this.#consolesOf(session);
      session.end.announce(
        epoch,
        survivors.map(({ stream }) => stream),
      );
      adoptConsoles(session, survivors);
      this.#host.later(() => this.#host.restored(session), 0);
    }
  }

  /** The agent that calls go to. One that is silent for too long is given up for another. */
  active(now: number): AgentSession | undefined {
    for (const session of this.#sessions.values()) {
      if (session.role !== "active" || session.socket === undefined || !session.isConnected) continue;
      const answeredAt = this.#ctx.getWebSocketAutoResponseTimestamp(session.socket)?.getTime();
      if (!session.isSilent(now, answeredAt)) return session;
      closeSocket(session.socket, closeCodes.lost, "Nothing was heard for too long.");
      this.#cut(session);
    }
    return [...this.#sessions.values()].find(({ role, isConnected }) => role === "active" && isConnected);
  }

  find(agentId: string): AgentSession | undefined {
    return this.#sessions.get(agentId);
  }

  get connected(): AgentSession[] {
    return [...this.#sessions.values()].filter(({ isConnected }) => isConnected);
  }

  /** Takes a socket in and asks who it is. */
  accept(): Response {
    const waiting = this.#ctx.getWebSockets(agentTag).filter((socket) => !isWelcome(socket));
    if (waiting.length >= mostStrangers)
      return new Response(null, { status: 503, headers: { "retry-after": "5" } });
    const [client, server] = Object.values(new WebSocketPair()) as [WebSocket, WebSocket];
    this.#ctx.acceptWebSocket(server, [agentTag]);
    const note: AgentNote = {
      kind: "agent",
      state: "challenged",
      nonce: toBase64Url(crypto.getRandomValues(new Uint8Array(24))),
      at: Date.now(),
    };
    server.serializeAttachment(note);
    server.send(JSON.stringify(this.#challenge(note)));
    this.#host.later(() => {
      if (!isWelcome(server)) closeSocket(server, closeCodes.unauthenticated, "No hello came in time.");
    }, handshakeMs);
    return new Response(null, { status: 101, webSocket: client });
  }

  async message(socket: WebSocket, note: AgentNote, message: string | ArrayBuffer): Promise<void> {
    if (note.state === "challenged") {
      const isHello = typeof message === "string" && message.length <= mostHelloCharacters;
      if (!isHello || this.#heard.has(socket))
        closeSocket(socket, closeCodes.protocolError, "One hello comes first.");
      else await this.#hello(socket, note, message);
      return;
    }
    const session = this.#sessions.get(note.agentId);
    if (session?.socket !== socket) return;
    session.heardAt = Date.now();
    try {
      if (typeof message === "string") await this.#host.said(session, readMessage(message));
      else session.end.receive(new Uint8Array(message));
    } catch (error) {
      if (!(error instanceof LinkError)) throw error;
      closeSocket(socket, closeCodes.protocolError, error.message);
      this.#cut(session);
    }
  }

  /** Says whether its session is known: not when the object slept until this very close. */
  closed(socket: WebSocket): boolean {
    const session = [...this.#sessions.values()].find((one) => one.socket === socket);
    if (session !== undefined) this.#cut(session);
    return session !== undefined;
  }

  /** Who may not be connected any more is cut off now. */
  refresh(facts: RelayFacts | undefined): void {
    this.#refreshes += 1;
    for (const socket of this.#ctx.getWebSockets(agentTag)) {
      const note = socket.deserializeAttachment() as AgentNote | null;
      if (note?.state !== "welcome") continue;
      const isGone = facts === undefined;
      if (!isGone && facts.agents.get(note.agentId)?.status === "active") continue;
      closeSocket(
        socket,
        isGone ? closeCodes.removed : closeCodes.revoked,
        isGone ? "The cluster was removed." : "This agent was revoked.",
      );
      const session = this.#sessions.get(note.agentId);
      if (session?.socket === socket) {
        this.#cut(session);
        this.#lose(session);
      }
    }
  }

  /** New keys of the control plane, to everyone who is connected. */
  announce(text: string): void {
    for (const { socket } of this.connected) socket?.send(text);
  }

  async #hello(
    socket: WebSocket,
    note: AgentNote & { readonly state: "challenged" },
    text: string,
  ): Promise<void> {
    this.#heard.add(socket);
    const seen = this.#refreshes;
    const facts = await this.#host.facts();
    const judged = await judgeHello(text, this.#challenge(note), facts, Date.now());
    if ("refusal" in judged) return refuse(socket, judged);
    const signer = await this.#host.signer();
    const announcement = signer.keys.length > 1 ? await signer.announcement() : undefined;
    // What was read may be from before a revocation.
    if (seen !== this.#refreshes) return this.#hello(socket, note, text);
    if (socket.readyState === WebSocket.OPEN)
      this.#welcome(socket, judged.hello, judged.agent, signer, announcement);
  }

  #welcome(
    socket: WebSocket,
    hello: Hello,
    agent: AgentRow,
    signer: Signer,
    announcement: string | undefined,
  ): void {
    const known = this.#sessions.get(hello.agentId);
    const isSame = known?.session === hello.session;
    if (known?.socket !== undefined) {
      const before = known.socket;
      known.socket = undefined;
      closeSocket(before, closeCodes.replaced, "The agent has connected again.");
    }
    if (known !== undefined && !isSame) this.#lose(known);
    const resumed = isSame && known !== undefined && known.end.epoch === hello.epoch;
    const session = isSame && known !== undefined ? known : this.#open(hello.agentId, hello.session, 0);
    const others = this.connected.some((one) => one !== session && one.role === "active");
    session.role = others ? "standby" : "active";
    const epoch = resumed ? session.end.epoch : this.#host.nextEpoch();
    const survivors = resumed ? [] : this.#consolesOf(session);
    const welcome: Welcome = {
      type: "welcome",
      epoch,
      resumed,
      got: resumed ? session.end.got : 0,
      streams: survivors.map(({ stream }) => stream),
      role: session.role,
      keys: signer.publicKeys,
      rotateBy: agent.keyMadeAt.getTime() + 30 * 86_400_000,
    };
    session.socket = socket;
    session.heardAt = Date.now();
    session.note();
    socket.send(JSON.stringify(welcome));
    if (announcement !== undefined) socket.send(announcement);
    try {
      if (resumed) session.end.resume(hello.got);
      else {
        session.begin(epoch, welcome.streams);
        adoptConsoles(session, survivors);
      }
    } catch (error) {
      if (!(error instanceof LinkError)) throw error;
      closeSocket(socket, closeCodes.protocolError, error.message);
      this.#lose(session);
      return;
    }
    this.#host.came(session, hello.report);
  }

  #open(agentId: string, run: string, epoch: number): AgentSession {
    const session = new AgentSession(agentId, run, epoch, this.#host);
    this.#sessions.set(agentId, session);
    return session;
  }

  #cut(session: AgentSession): void {
    session.socket = undefined;
    const wasActive = session.role === "active";
    session.role = "standby";
    if (wasActive) this.#promote();
    session.cuts += 1;
    const { cuts } = session;
    this.#host.later(() => {
      // It may have come back meanwhile and been cut off again: that cut has a time of its own.
      if (session.isConnected || session.cuts !== cuts) return;
      if (this.#sessions.get(session.agentId) === session) this.#lose(session);
    }, graceMs);
  }

  #lose(session: AgentSession): void {
    if (this.#sessions.get(session.agentId) === session) this.#sessions.delete(session.agentId);
    session.end.fail();
    this.#host.lost(session);
  }

  #promote(): void {
    const [next] = this.connected;
    if (next === undefined) return;
    next.role = "active";
    next.note();
    next.socket?.send(JSON.stringify({ type: "role", role: "active" }));
    this.#host.promoted(next);
  }

  #consolesOf(session: AgentSession): OpenConsole[] {
    return consolesOf(this.#ctx.getWebSockets(consoleTag), session);
  }

  #challenge({ nonce, at }: AgentNote & { readonly state: "challenged" }) {
    return challengeOf(this.#host.tenantId, this.#host.clusterId, nonce, at);
  }
}

function isWelcome(socket: WebSocket): boolean {
  return (socket.deserializeAttachment() as AgentNote | null)?.state === "welcome";
}
