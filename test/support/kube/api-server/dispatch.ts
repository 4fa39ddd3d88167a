import type { IncomingMessage } from "node:http";
import type { ExtraRoute, InnerCall, SimRequest, SimResponse, User } from "../words.ts";
import { mustBeAllowed } from "./access.ts";
import type { Cluster } from "./cluster.ts";
import { copyOf, isRecord } from "./json.ts";
import { type PathMatcher, pathMatcher, segmentsOf } from "./patterns.ts";
import { parseText, readBytes } from "./read-body.ts";
import { resourcePath } from "./resource-path.ts";
import { answerResource } from "./resource-requests.ts";
import { answerReview } from "./reviews.ts";
import { refuse, StatusError, unauthorized, unknownPath } from "./status-error.ts";
import { answerSystem, isOpenPath } from "./system-paths.ts";

/** A request before it is known who may answer it. */
export interface Asked {
  readonly method: string;
  /** With the query. */
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Undefined: nobody that is known. */
  readonly user: User | undefined;
  readonly incoming: IncomingMessage;
  body(): Promise<Uint8Array>;
}

const ANONYMOUS: User = { name: "system:anonymous", groups: ["system:unauthenticated"] };

/** Finds who answers a request: the extensions' paths first, then what every Kubernetes API serves. */
export class Dispatcher {
  readonly #cluster: Cluster;
  readonly #routes: readonly { readonly route: ExtraRoute; readonly match: PathMatcher }[];

  constructor(cluster: Cluster) {
    this.#cluster = cluster;
    this.#routes = cluster.options.extensions.flatMap(({ routes = [] }) =>
      routes.map((route) => ({ route, match: pathMatcher(route.pattern) })),
    );
  }

  /** The answer, a refusal included. */
  async answer(asked: Asked): Promise<SimResponse> {
    try {
      return await this.#find(asked);
    } catch (error) {
      return refusal(error);
    }
  }

  /** What a handler sees of a request. @throws StatusError 404 for a path that is not well encoded */
  requestOf(asked: Asked, params: Readonly<Record<string, string>> = {}): SimRequest {
    const { method, headers, incoming } = asked;
    const { store, world } = this.#cluster;
    const user = asked.user ?? ANONYMOUS;
    const { path, query } = readUrl(asked.url);
    return {
      method,
      path,
      params,
      query,
      headers,
      user,
      world,
      incoming,
      body: asked.body,
      json: async () => parseText(Buffer.from(await asked.body()).toString(), false),
      mustBeAllowed: (question) => mustBeAllowed(store, user, question),
      call: (inner) => this.#call(asked, inner),
    };
  }

  async #find(asked: Asked): Promise<SimResponse> {
    const { method, user } = asked;
    const { path, segments } = readUrl(asked.url);
    for (const { route, match } of this.#routes) {
      const params = route.method === method ? match(segments) : undefined;
      if (!params) continue;
      if (!user && !route.public) throw unauthorized();
      return await route.handle(this.requestOf(asked, params));
    }
    if (!user && !isOpenPath(path)) throw unauthorized();
    const request = this.requestOf(asked);
    const said = answerSystem(this.#cluster, method, path) ?? (await answerReview(this.#cluster, request));
    if (said) return said;
    const target = resourcePath(this.#cluster.kinds, segments);
    if (!target) throw unknownPath();
    return answerResource(this.#cluster, target, request);
  }

  /** An answer to the inside is the asker's own: stored objects are never handed out to be edited. */
  async #call(outer: Asked, { method, path, body, contentType }: InnerCall): Promise<SimResponse> {
    const bytes = body === undefined ? new Uint8Array() : Buffer.from(JSON.stringify(body));
    const { accept: _form, ...kept } = outer.headers;
    const headers = { ...kept, "content-type": contentType ?? "application/json" };
    const answer = await this.answer({ ...outer, method, url: path, headers, body: async () => bytes });
    return isRecord(answer.body) && !(Symbol.asyncIterator in answer.body)
      ? { ...answer, body: copyOf(answer.body) }
      : answer;
  }
}

/** A request that came in over the network. */
export function askedBy(incoming: IncomingMessage, user: User | undefined): Asked {
  const headers = Object.entries(incoming.headers).map(([name, value = ""]) => [
    name,
    Array.isArray(value) ? value.join(", ") : value,
  ]);
  let read: Promise<Uint8Array> | undefined;
  return {
    method: incoming.method ?? "GET",
    url: incoming.url ?? "/",
    headers: Object.fromEntries(headers),
    user,
    incoming,
    body: () => {
      read ??= readBytes(incoming);
      return read;
    },
  };
}

/** @throws StatusError 404 for a path that is not well encoded */
export function readUrl(url: string): { path: string; query: URLSearchParams; segments: string[] } {
  const [path = "/", search = ""] = url.split(/\?(.*)/s);
  const segments = segmentsOf(path);
  if (!segments) throw unknownPath();
  return { path, query: new URLSearchParams(search), segments };
}

/** An error as the API says it; what is no refusal is a bug of the simulator and says so. */
export function refusal(error: unknown): SimResponse {
  const known = error instanceof StatusError ? error : internal(error);
  return { status: known.status.code, headers: known.headers, body: known.status };
}

function internal(error: unknown): StatusError {
  const why = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return refuse(500, "InternalError", `Internal error occurred: ${why}`);
}
