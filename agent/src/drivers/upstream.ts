import {
  type ClientRequest,
  Agent as HttpAgent,
  request as httpRequest,
  type IncomingMessage,
} from "node:http";
import { type AgentOptions, Agent as HttpsAgent, request as httpsRequest } from "node:https";
import { explainUntrusted, isUntrusted } from "./certificate.ts";
import { type BodySink, type BodySource, DriverFailure } from "./driver.ts";

/** How a server is reached: TLS material, and where the user mends it. */
export interface UpstreamOptions {
  readonly url: URL;
  readonly tls?: Pick<AgentOptions, "ca" | "cert" | "key" | "servername">;
  /** Named in the explanation of an untrusted certificate. */
  readonly caSetting: string;
}

export interface UpstreamRequest {
  readonly method: string;
  /** From the root of the server. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: Uint8Array | undefined;
  /** Given one to fill when the body comes in pieces. */
  readonly sink?: ((sink: BodySink) => void) | undefined;
  readonly signal: AbortSignal;
}

const connectMs = 10_000;

/** An HTTP server behind the agent: connections are kept, certificates always checked. */
export class Upstream {
  readonly #options: UpstreamOptions;
  readonly #agent: HttpAgent | HttpsAgent;

  constructor(options: UpstreamOptions) {
    this.#options = options;
    const shared = { keepAlive: true, maxFreeSockets: 64, scheduling: "lifo", noDelay: true } as const;
    this.#agent =
      options.url.protocol === "https:"
        ? new HttpsAgent({ ...shared, ...options.tls })
        : new HttpAgent(shared);
  }

  get url(): URL {
    return this.#options.url;
  }

  /** What a WebSocket client needs to connect as this one does. */
  get agent(): HttpAgent | HttpsAgent {
    return this.#agent;
  }

  /** Sends a request and resolves with the head of its answer. @throws DriverFailure */
  async send(request: UpstreamRequest): Promise<IncomingMessage> {
    const answer = await this.#try(request, true);
    return answer ?? this.#must(request);
  }

  async #must(request: UpstreamRequest): Promise<IncomingMessage> {
    const answer = await this.#try(request, false);
    if (answer === undefined)
      throw new DriverFailure("upstream_broken", `${this.url.origin} sent nothing.`, "unknown");
    return answer;
  }

  /** undefined: a kept connection had been closed by the server just then, and a read may be sent again. */
  #try(request: UpstreamRequest, again: boolean): Promise<IncomingMessage | undefined> {
    const reads = request.method === "GET" || request.method === "HEAD";
    return new Promise((resolve, reject) => {
      const { url } = this.#options;
      const send = url.protocol === "https:" ? httpsRequest : httpRequest;
      const outgoing = send({
        agent: this.#agent,
        protocol: url.protocol,
        hostname: url.hostname.replace(/^\[|\]$/g, ""),
        port: url.port || undefined,
        method: request.method,
        path: request.path,
        headers: bodyHeaders(request),
      });
      const fate = new Fate(outgoing, request, (error, sent) => {
        const stale = outgoing.reusedSocket && reads && again && !request.signal.aborted;
        if (stale) resolve(undefined);
        else this.explain(error, sent, request.signal).then(reject, reject);
      });
      outgoing.once("response", (incoming) => {
        fate.answered(incoming);
        resolve(incoming);
      });
      if (request.sink !== undefined) request.sink(sinkOf(outgoing));
      else outgoing.end(request.body);
    });
  }

  /** What went wrong, in the agent's words. */
  async explain(error: unknown, sent: boolean, signal: AbortSignal): Promise<DriverFailure> {
    if (error instanceof DriverFailure) return error;
    if (signal.aborted && signal.reason instanceof DriverFailure) {
      return new DriverFailure(signal.reason.code, signal.reason.message, sent ? "unknown" : "no");
    }
    if (isUntrusted(error)) {
      const { url, caSetting } = this.#options;
      return new DriverFailure(
        "certificate_untrusted",
        await explainUntrusted(url, error.code ?? "", caSetting),
      );
    }
    const what =
      error instanceof Error ? error.message || ("code" in error ? String(error.code) : "") : String(error);
    return sent
      ? new DriverFailure(
          "upstream_broken",
          `${this.#options.url.origin} broke the connection: ${what}`,
          "unknown",
        )
      : new DriverFailure("upstream_unreachable", `${this.#options.url.origin} can't be reached: ${what}`);
  }

  close(): void {
    this.#agent.destroy();
  }
}

function bodyHeaders({ headers, body, sink, method }: UpstreamRequest): Record<string, string> {
  if (sink !== undefined) return { ...headers };
  if (body === undefined && (method === "GET" || method === "HEAD" || method === "DELETE"))
    return { ...headers };
  return { ...headers, "content-length": String(body?.byteLength ?? 0) };
}

/** Watches a request until its answer begins: whether it was sent, when to give up connecting, and who lets go of it. */
class Fate {
  #sent = false;
  #over = false;

  constructor(
    outgoing: ClientRequest,
    request: UpstreamRequest,
    fail: (error: unknown, sent: boolean) => void,
  ) {
    const abort = (): void => {
      outgoing.destroy(new Error("aborted"));
    };
    if (request.signal.aborted) queueMicrotask(abort);
    request.signal.addEventListener("abort", abort, { once: true });
    outgoing.once("close", () => request.signal.removeEventListener("abort", abort));
    outgoing.on("error", (error) => {
      if (!this.#over) fail(error, this.#sent);
      this.#over = true;
    });
    outgoing.once("socket", (socket) => {
      const secure = "encrypted" in socket;
      if (!socket.connecting) {
        this.#sent = true;
        return;
      }
      const timer = setTimeout(
        () => outgoing.destroy(new Error(`no connection within ${connectMs} ms`)),
        connectMs,
      );
      const connected = (): void => {
        clearTimeout(timer);
        this.#sent = true;
      };
      socket.once(secure ? "secureConnect" : "connect", connected);
      socket.once("close", () => clearTimeout(timer));
    });
  }

  answered(incoming: IncomingMessage): void {
    this.#over = true;
    // An answer that breaks off is told by its body; without a listener it would end the process.
    incoming.on("error", () => {});
  }
}

function sinkOf(outgoing: ClientRequest): BodySink {
  return {
    write: (bytes) => {
      if (outgoing.destroyed || outgoing.write(bytes)) return undefined;
      return new Promise((resolve) => {
        const go = (): void => {
          outgoing.off("drain", go);
          outgoing.off("close", go);
          resolve();
        };
        outgoing.once("drain", go);
        outgoing.once("close", go);
      });
    },
    end: () => outgoing.end(),
    abort: () => outgoing.destroy(new Error("the body broke off")),
  };
}

/** The body of an answer. */
export function bodyOf(incoming: IncomingMessage, explain: (error: unknown) => DriverFailure): BodySource {
  return {
    start: (taker) => {
      let over = false;
      const fail = (error: unknown): void => {
        if (!over) taker.error(explain(error));
        over = true;
      };
      incoming.on("data", (chunk: Buffer) => taker.data(chunk));
      incoming.once("end", () => {
        if (!over) taker.end();
        over = true;
      });
      incoming.once("error", fail);
      if (incoming.destroyed && !incoming.complete) fail(new Error("the answer broke off"));
      incoming.once("close", () => {
        if (!incoming.complete) fail(new Error("the answer broke off"));
      });
    },
    pause: () => incoming.pause(),
    resume: () => incoming.resume(),
    cancel: () => incoming.destroy(),
  };
}

/** A body that is there already. */
export function wholeBody(bytes: Uint8Array): BodySource {
  let cancelled = false;
  return {
    start: (taker) => {
      if (bytes.byteLength > 0) taker.data(bytes);
      if (!cancelled) taker.end();
    },
    pause: () => {},
    resume: () => {},
    cancel: () => {
      cancelled = true;
    },
  };
}

const answerHeaders = [
  "content-type",
  "content-encoding",
  "content-disposition",
  "content-range",
  "accept-ranges",
  "etag",
  "last-modified",
  "location",
  "retry-after",
  "warning",
  "cache-control",
  "vary",
];

/** The headers of an answer that go back: cookies, authentication and hop-by-hop ones stay. */
export function keptHeaders(incoming: IncomingMessage, withLength: boolean): Record<string, string> {
  const kept: Record<string, string> = {};
  for (const name of withLength ? [...answerHeaders, "content-length"] : answerHeaders) {
    const value = incoming.headers[name];
    if (value !== undefined) kept[name] = Array.isArray(value) ? value.join(", ") : value;
  }
  return kept;
}

const requestHeaders = new Set([
  "accept",
  "accept-language",
  "content-type",
  "content-encoding",
  "if-match",
  "if-none-match",
  "if-modified-since",
  "if-unmodified-since",
  "range",
  "idempotency-key",
]);

/** The headers of a command that go on: nothing that authenticates, impersonates or frames. */
export function sentHeaders(headers: Readonly<Record<string, string>>): Record<string, string> {
  const sent: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers)) {
    const lower = name.toLowerCase();
    if (requestHeaders.has(lower) && !/[\r\n\0]/.test(value)) sent[lower] = value;
  }
  return sent;
}
