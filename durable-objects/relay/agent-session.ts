import type { Frame } from "../../contracts/relay/frame.ts";
import { LinkEnd } from "../../contracts/relay/link-end.ts";
import type { StreamTaker } from "../../contracts/relay/link-stream.ts";
import { keepAlive } from "../../contracts/relay/protocol.ts";

/** What a socket of an agent remembers while the object sleeps. */
export type AgentNote =
  | { readonly kind: "agent"; readonly state: "challenged"; readonly nonce: string; readonly at: number }
  | {
      readonly kind: "agent";
      readonly state: "welcome";
      readonly agentId: string;
      readonly session: string;
      readonly role: "active" | "standby";
      readonly at: number;
    };

/** Stream numbers that an epoch may use before it comes to those of the next. */
const streamsPerEpoch = 1 << 16;
const epochsApart = 1 << 15;

/** One run of one agent, over all its sockets: while it is cut off its streams wait. */
export class AgentSession {
  readonly agentId: string;
  readonly session: string;
  readonly end: LinkEnd;
  socket: WebSocket | undefined;
  role: "active" | "standby" = "standby";
  heardAt: number;
  /** How often its socket was lost. */
  cuts = 0;
  #nextStream: number;

  constructor(
    agentId: string,
    session: string,
    epoch: number,
    host: { told(session: AgentSession, frame: Frame): void; later(work: () => void, ms: number): void },
  ) {
    this.agentId = agentId;
    this.session = session;
    this.heardAt = Date.now();
    this.#nextStream = firstStream(epoch);
    this.end = new LinkEnd(
      {
        side: "relay",
        write: (bytes) => {
          if (this.socket?.readyState === WebSocket.OPEN) this.socket.send(bytes);
        },
        // Nothing is opened from the agent's side in this version.
        opened: (stream) =>
          stream.cancel({ code: "protocol", detail: "The relay takes no requests.", ran: "no" }),
        told: (frame) => host.told(this, frame),
        later: host.later,
      },
      epoch,
    );
  }

  get isConnected(): boolean {
    return this.socket?.readyState === WebSocket.OPEN;
  }

  /** Whether nothing came for so long that the socket must be taken for dead. */
  isSilent(now: number, answeredAt: number | undefined): boolean {
    return now - Math.max(this.heardAt, answeredAt ?? 0) > keepAlive.lostAfterMs;
  }

  /** Both sides count from one; `survivors` are the consoles that go on. */
  begin(epoch: number, survivors: readonly number[]): void {
    this.#nextStream = firstStream(epoch);
    this.end.begin(epoch, survivors);
  }

  /** Opens a stream that no console of an earlier epoch has. */
  start(type: Parameters<LinkEnd["start"]>[1], payload: Uint8Array, taker: StreamTaker) {
    while (this.end.find(this.#nextStream) !== undefined) this.#nextStream += 2;
    const id = this.#nextStream;
    this.#nextStream += 2;
    return this.end.start(id, type, payload, taker);
  }

  /** Writes down in the socket what must survive sleep. */
  note(): void {
    const note: AgentNote = {
      kind: "agent",
      state: "welcome",
      agentId: this.agentId,
      session: this.session,
      role: this.role,
      at: Date.now(),
    };
    this.socket?.serializeAttachment(note);
  }
}

/** Epochs have streams of their own, so that a console of an earlier one keeps its number. */
function firstStream(epoch: number): number {
  return (epoch % epochsApart) * streamsPerEpoch * 2 + 2;
}
