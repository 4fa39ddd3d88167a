import { randomUUID } from "node:crypto";
import { ApiError } from "../failure.ts";
import type { Action } from "../operations.generated.ts";
import { entryOf, type Fields, requestOf } from "./operation-request.ts";
import { type SendOptions, send } from "./send.ts";
import type { Transport } from "./transport.ts";

/** Who calls. `renew` gets a fresh header after a 401 and answers whether there is one. */
export interface Credentials {
  header(): Promise<string | undefined>;
  renew(): Promise<boolean>;
}

export interface CallOptions extends SendOptions {
  /** The version that was read, for `If-Match`. */
  readonly expectedVersion?: number | undefined;
  /** Made at random for a write when absent, so that a repeated send does nothing twice. */
  readonly idempotencyKey?: string | undefined;
  /** A raw body, opened anew for each attempt. */
  readonly file?: { readonly mediaType: string; open(): Promise<Blob> } | undefined;
  readonly headers?: Readonly<Record<string, string>> | undefined;
}

/** The API of one deployment, called by the names of its operations. */
export interface Api {
  readonly endpoint: string;
  readonly transport: Transport;
  /** The answer's JSON; undefined for an empty answer. */
  call<Result>(action: Action, fields?: Fields, options?: CallOptions): Promise<Result>;
  /** The answer itself, for streams. */
  open(action: Action, fields?: Fields, options?: CallOptions): Promise<Response>;
}

export interface ApiOptions {
  readonly endpoint: string;
  readonly transport: Transport;
  readonly credentials: Credentials;
  readonly language?: string;
  readonly onRetry?: SendOptions["onRetry"];
}

/** A client of the deployment at `endpoint`. */
export function createApi({ endpoint, transport, credentials, language = "en", onRetry }: ApiOptions): Api {
  const base = endpoint.replace(/\/+$/, "");

  async function open(action: Action, fields: Fields = {}, options: CallOptions = {}): Promise<Response> {
    const entry = entryOf(action);
    const request = requestOf(action, fields);
    const key = options.idempotencyKey ?? (entry.effect === "write" ? randomUUID() : undefined);
    const make = async (): Promise<RequestInit> => {
      const headers = new Headers({
        accept: entry.gives?.join(", ") ?? "application/json",
        ...options.headers,
      });
      headers.set("accept-language", language);
      headers.set("user-agent", "maru-cli");
      const authorization = await credentials.header();
      if (authorization !== undefined) headers.set("authorization", authorization);
      if (key !== undefined) headers.set("idempotency-key", key);
      if (options.expectedVersion !== undefined) headers.set("if-match", `"v${options.expectedVersion}"`);
      if (options.file) {
        headers.set("content-type", options.file.mediaType);
        return { method: request.method, headers, body: await options.file.open() };
      }
      if (request.json === undefined) return { method: request.method, headers };
      headers.set("content-type", "application/json");
      return { method: request.method, headers, body: JSON.stringify(request.json) };
    };
    const sending = { onRetry, ...options };
    try {
      return await send(transport, base + request.target, make, sending);
    } catch (error) {
      const expired = error instanceof ApiError && error.problem.status === 401;
      if (!expired || !(await credentials.renew())) throw error;
      return send(transport, base + request.target, make, sending);
    }
  }

  async function call<Result>(action: Action, fields?: Fields, options?: CallOptions): Promise<Result> {
    const text = await (await open(action, fields, options)).text();
    return (text === "" ? undefined : JSON.parse(text)) as Result;
  }

  return { endpoint: base, transport, open, call };
}
