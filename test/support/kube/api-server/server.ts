import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { createServer as createTlsServer } from "node:https";
import type { AddressInfo } from "node:net";
import type { Duplex } from "node:stream";
import { setTimeout as wait } from "node:timers/promises";
import type { Fault, SimulatorOptions, SocketRoute, User } from "../words.ts";
import type { Cluster } from "./cluster.ts";
import { askedBy, Dispatcher, readUrl, refusal } from "./dispatch.ts";
import { Faults } from "./faults.ts";
import { type PathMatcher, pathMatcher } from "./patterns.ts";
import { send } from "./send.ts";
import { unauthorized, unknownPath } from "./status-error.ts";

/** How long an idle connection is kept: as the Go server does, not Node's five seconds. */
const IDLE_MS = 90_000;
const WATCHING = /[?&]watch=(true|1)/;

/** The API over HTTP and TLS: faults, who asks, sockets; what is answered is the dispatcher's. */
export class ApiServer {
  readonly #cluster: Cluster;
  readonly #dispatcher: Dispatcher;
  readonly #faults: Faults;
  readonly #server: Server;
  readonly #watching = new Map<ServerResponse, string>();
  readonly #connections = new Set<Duplex>();
  readonly #socketRoutes: readonly { readonly route: SocketRoute; readonly match: PathMatcher }[];

  constructor(cluster: Cluster) {
    this.#cluster = cluster;
    this.#dispatcher = new Dispatcher(cluster);
    this.#faults = new Faults(cluster.watches, (path) => this.#dropWatches(path));
    const { extensions, tls } = cluster.options;
    this.#socketRoutes = extensions.flatMap(({ sockets = [] }) =>
      sockets.map((route) => ({ route, match: pathMatcher(route.pattern) })),
    );
    const serve = (incoming: IncomingMessage, response: ServerResponse) =>
      void this.#serve(incoming, response);
    this.#server = tls ? createTlsServer(tls, serve) : createServer(serve);
    this.#server.keepAliveTimeout = IDLE_MS;
    this.#server.on("upgrade", (incoming, socket, head) => this.#upgrade(incoming, socket, head));
    this.#server.on("connection", (socket: Duplex) => {
      this.#connections.add(socket);
      socket.on("close", () => this.#connections.delete(socket));
    });
  }

  inject(fault: Fault): () => void {
    return this.#faults.inject(fault);
  }

  /** Listens on the loopback; the URL. */
  async listen({ port = 0, tls }: SimulatorOptions): Promise<string> {
    await new Promise<void>((resolve, reject) => {
      this.#server.once("error", reject);
      this.#server.listen(port, "127.0.0.1", resolve);
    });
    const { port: chosen } = this.#server.address() as AddressInfo;
    return `${tls ? "https" : "http"}://127.0.0.1:${chosen}`;
  }

  async stop(): Promise<void> {
    const closed = new Promise((resolve) => this.#server.close(resolve));
    for (const connection of this.#connections) connection.destroy();
    await closed;
  }

  #dropWatches(path: string): void {
    for (const [response, url] of this.#watching) if (url.includes(path)) response.destroy();
  }

  async #serve(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method = "GET", url = "/" } = incoming;
    response.on("error", () => {});
    const fault = this.#faults.take(method, url);
    if (fault?.kind === "cut_before") {
      response.destroy();
      return;
    }
    if (fault?.kind === "delay") await wait(fault.delayMs);
    try {
      const answer =
        fault?.kind === "answer"
          ? fault
          : await this.#dispatcher.answer(askedBy(incoming, this.#userOf(incoming)));
      if (WATCHING.test(url)) {
        this.#watching.set(response, url);
        response.on("close", () => this.#watching.delete(response));
      }
      await send(response, answer, fault?.kind === "cut_after_bytes" ? fault.bytes : undefined);
    } catch {
      // The head is out already, or the client has gone: there is nobody to tell.
      response.destroy();
    }
  }

  /** By `Authorization`, or, as browsers can't set that on a WebSocket, by a subprotocol. */
  #userOf(incoming: IncomingMessage): User | undefined {
    const { authorization = "", "sec-websocket-protocol": protocols = "" } = incoming.headers;
    const [, bearer] = /^Bearer (.+)$/i.exec(authorization) ?? [];
    const [, encoded] = /base64url\.bearer\.authorization\.k8s\.io\.([\w-]+)/.exec(protocols) ?? [];
    const token = bearer ?? (encoded && Buffer.from(encoded, "base64url").toString());
    return token === undefined ? undefined : this.#cluster.world.tokens.find(token);
  }

  #upgrade(incoming: IncomingMessage, socket: Duplex, head: Buffer): void {
    socket.on("error", () => {});
    try {
      const user = this.#userOf(incoming);
      if (!user) throw unauthorized();
      const asked = askedBy(incoming, user);
      const { segments } = readUrl(asked.url);
      for (const { route, match } of this.#socketRoutes) {
        const params = match(segments);
        if (!params) continue;
        route.accept(this.#dispatcher.requestOf(asked, params), socket, head);
        return;
      }
      throw unknownPath();
    } catch (error) {
      refuseUpgrade(socket, error);
    }
  }
}

function refuseUpgrade(socket: Duplex, error: unknown): void {
  const { status, body } = refusal(error);
  const text = JSON.stringify(body);
  const head = [
    `HTTP/1.1 ${status} Refused`,
    "content-type: application/json",
    `content-length: ${Buffer.byteLength(text)}`,
    "connection: close",
  ];
  socket.end(`${head.join("\r\n")}\r\n\r\n${text}`);
}
