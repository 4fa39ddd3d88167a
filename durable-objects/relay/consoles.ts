import { readAnswerHead, type StreamFailure } from "../../contracts/relay/command.ts";
import { type Frame, frameTypes, unpackHead } from "../../contracts/relay/frame.ts";
import type { LinkStream, StreamTaker } from "../../contracts/relay/link-stream.ts";
import { linkLimits } from "../../contracts/relay/protocol.ts";
import type { AgentSession } from "./agent-session.ts";
import type { CallEnd } from "./outgoing-call.ts";

/** What the socket of a console's user remembers while the object sleeps. */
export interface ConsoleNote {
  readonly kind: "console";
  readonly agentId: string;
  readonly session: string;
  readonly stream: number;
  /** `kind:id` of who opened it. */
  readonly actor: string;
}

export const consoleTag = "console";

const goingAway = 1001;
const withdrawn = 1008;
const tooBig = 1009;
const internal = 1011;
const tryLater = 1013;
const [text, binary] = [1, 2];
const encoder = new TextEncoder();
const decoder = new TextDecoder();

const closed: StreamFailure = { code: "cancelled", detail: "The user has gone.", ran: "unknown" };

/** Opens a WebSocket beyond the agent; the user's socket is given once the other side has accepted. */
export function openConsole(
  session: AgentSession,
  payload: Uint8Array,
  timeoutMs: number,
): Promise<{ readonly end: CallEnd; readonly console?: Console; readonly stream?: LinkStream }> {
  return new Promise((resolve) => {
    const console = new Console((end) =>
      resolve(end.kind === "answer" && end.status === 101 ? { end, console, stream } : { end }),
    );
    const stream = session.start(frameTypes.WS_OPEN, payload, console);
    console.stream = stream;
    console.timer = setTimeout(() => {
      stream.cancel(closed);
      console.settle({ kind: "timeout" });
    }, timeoutMs);
  });
}

/** The relay's part in a console: what the agent says goes to the user's socket, which may join later. */
export class Console implements StreamTaker {
  stream: LinkStream | undefined;
  timer: ReturnType<typeof setTimeout> | undefined;
  #opened: ((end: CallEnd) => void) | undefined;
  #socket: WebSocket | undefined;
  #early: Frame[] = [];

  constructor(opened?: (end: CallEnd) => void) {
    this.#opened = opened;
  }

  /** From here on the user hears what comes, and what came meanwhile. */
  join(socket: WebSocket): void {
    this.#socket = socket;
    for (const frame of this.#early.splice(0)) this.take(frame);
  }

  settle(end: CallEnd): void {
    clearTimeout(this.timer);
    this.#opened?.(end);
    this.#opened = undefined;
  }

  take(frame: Frame): void {
    const { type, payload } = frame;
    if (type === frameTypes.RES || type === frameTypes.RES_FULL) this.#accepted(type, payload);
    else if (this.#socket === undefined) this.#early.push({ ...frame, payload: payload.slice() });
    else if (type === frameTypes.WS_DATA) this.#show(this.#socket, payload);
    else if (type === frameTypes.WS_CLOSE) {
      const code =
        payload.byteLength >= 2 ? new DataView(payload.buffer, payload.byteOffset).getUint16(0) : 1000;
      closeSocket(this.#socket, code, decoder.decode(payload.subarray(2)));
      this.stream?.close();
    }
  }

  ended(failure: StreamFailure): void {
    this.settle({ kind: "failure", failure });
    if (this.#socket)
      closeSocket(this.#socket, failure.code === "overloaded" ? tryLater : internal, failure.detail);
  }

  #accepted(type: number, payload: Uint8Array): void {
    try {
      const { head, rest } = unpackHead(payload);
      const { status, headers } = readAnswerHead(head);
      if (status !== 101 && type === frameTypes.RES_FULL) this.stream?.close();
      this.settle({ kind: "answer", status, headers, body: rest.slice() });
    } catch {
      this.stream?.cancel(closed);
      this.settle({ kind: "failure", failure: { ...closed, code: "protocol" } });
    }
  }

  #show(socket: WebSocket, payload: Uint8Array): void {
    const data = payload.subarray(1);
    if (socket.readyState === WebSocket.OPEN)
      socket.send(payload[0] === text ? decoder.decode(data) : data.slice());
    // At once: a console must not lose what it said when this object loses its memory, nor hear it twice.
    this.stream?.consumed(payload.byteLength);
  }
}

/** What a user types, to the agent. A user who is faster than the console is cut off before memory is full. */
export function typed(socket: WebSocket, stream: LinkStream, message: string | ArrayBuffer): void {
  const data = typeof message === "string" ? encoder.encode(message) : new Uint8Array(message);
  const frame = new Uint8Array(1 + data.byteLength);
  frame[0] = typeof message === "string" ? text : binary;
  frame.set(data, 1);
  if (frame.byteLength > linkLimits.frameBytes) {
    endConsole(stream, tooBig, "The message is too large.");
    closeSocket(socket, tooBig, `At most ${linkLimits.frameBytes - 1} bytes a message.`);
    return;
  }
  if (stream.waitingBytes + frame.byteLength > 4 * linkLimits.windowBytes) {
    endConsole(stream, tryLater, "Too much was typed at once.");
    closeSocket(socket, tryLater, "The console is slower than what is sent to it.");
    return;
  }
  void stream.writeWhole(frameTypes.WS_DATA, frame)?.catch(() => {});
}

/** The user has gone. */
export function endConsole(stream: LinkStream, code: number, reason: string): void {
  const words = encoder.encode(reason).subarray(0, 120);
  const payload = new Uint8Array(2 + words.byteLength);
  new DataView(payload.buffer).setUint16(0, code === 1005 || code === 1006 ? goingAway : code);
  payload.set(words, 2);
  stream.finish(frameTypes.WS_CLOSE, payload);
}

/** A console that a user has open, and its stream to the agent. */
export interface OpenConsole {
  readonly stream: number;
  readonly socket: WebSocket;
}

/** The consoles that users have open on one run of an agent. */
export function consolesOf(
  sockets: readonly WebSocket[],
  { agentId, session }: Pick<AgentSession, "agentId" | "session">,
): OpenConsole[] {
  return sockets.flatMap((socket) => {
    const note = socket.deserializeAttachment() as ConsoleNote | null;
    const isOwn = note?.agentId === agentId && note.session === session;
    return isOwn && socket.readyState === WebSocket.OPEN ? [{ stream: note.stream, socket }] : [];
  });
}

/** Lets consoles go on in a new epoch of their agent's link. */
export function adoptConsoles({ end }: AgentSession, consoles: readonly OpenConsole[]): void {
  for (const { stream, socket } of consoles) {
    if (end.find(stream) !== undefined) continue;
    const console = new Console();
    console.stream = end.adopt(stream, console);
    console.join(socket);
  }
}

/** Closes the consoles of those who may not use them any more. */
export async function closeWithdrawn(
  sockets: readonly WebSocket[],
  find: (note: ConsoleNote) => LinkStream | undefined,
  stillMay: (actor: string) => Promise<boolean>,
): Promise<void> {
  for (const socket of sockets) {
    const note = socket.deserializeAttachment() as ConsoleNote;
    if (socket.readyState !== WebSocket.OPEN || (await stillMay(note.actor))) continue;
    const stream = find(note);
    if (stream !== undefined) endConsole(stream, withdrawn, "Access was withdrawn.");
    closeSocket(socket, withdrawn, "Your access was withdrawn.");
  }
}

/** Closes the consoles whose link nobody remembers: the object slept while its agent's socket closed. */
export function closeOrphans(
  sockets: readonly WebSocket[],
  find: (note: ConsoleNote) => LinkStream | undefined,
): void {
  for (const socket of sockets)
    if (find(socket.deserializeAttachment() as ConsoleNote) === undefined) closeLost(socket);
}

/** Its agent is gone and with it the other end. */
export function closeLost(socket: WebSocket): void {
  closeSocket(socket, 1012, "The console was lost with its agent. Open it again.");
}

/** Closes with a code that may be sent; others become "going away". */
export function closeSocket(socket: WebSocket, code: number, reason: string): void {
  const sendable =
    code === 1000 ||
    (code >= 3000 && code <= 4999) ||
    [1001, 1003, 1007, 1008, 1009, 1011, 1012, 1013].includes(code);
  try {
    socket.close(sendable ? code : goingAway, reason.slice(0, 100));
  } catch {
    // It is closed already.
  }
}
