import { DurableObject } from "cloudflare:workers";

/** The least that carries a call through an object and a socket that may hibernate: no frames, signature, log or limit. */
export class BareRelay extends DurableObject {
  readonly #waiting = new Map<string, (answer: string) => void>();
  #calls = 0;

  override fetch(): Response {
    const { 0: theirs, 1: ours } = new WebSocketPair();
    this.ctx.acceptWebSocket(ours);
    return new Response(null, { status: 101, webSocket: theirs });
  }

  call(path: string): Promise<string> {
    this.#calls += 1;
    const id = String(this.#calls);
    return new Promise((resolve, reject) => {
      const [socket] = this.ctx.getWebSockets();
      if (socket === undefined) return reject(new Error("no agent is connected"));
      this.#waiting.set(id, resolve);
      socket.send(`${id} ${path}`);
    });
  }

  override webSocketMessage(_: WebSocket, message: string): void {
    const space = message.indexOf(" ");
    const id = message.slice(0, space);
    this.#waiting.get(id)?.(message.slice(space + 1));
    this.#waiting.delete(id);
  }
}
