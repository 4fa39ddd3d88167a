import type { HttpOutcome, HttpPort, HttpRequest } from "../../kernel/ports/http.ts";
import { AppError } from "../../kernel/problem.ts";
import { safeBaseUrl } from "../egress/safe-base-url.ts";
import { retryAfterMs } from "../notify/http-notify.ts";

type Send = (url: string, init: RequestInit) => Promise<Response>;

export interface GuardedHttpOptions {
  /** `host` or `host:port` that may be reached by plain http or by address all the same. */
  readonly allowedHosts: readonly string[];
  readonly fetch?: Send;
}

const mostBytes = 1024 * 1024;

/** Asks over HTTP: https only, no private addresses, redirects not followed, answers of 1 MB at most, within a time. */
export function guardedHttp({ allowedHosts, fetch: send = fetch }: GuardedHttpOptions): HttpPort {
  return {
    async ask(request) {
      const url = new URL(request.url);
      try {
        safeBaseUrl(url.origin, allowedHosts);
      } catch {
        return unanswered(`The host ${url.host} may not be reached from here.`);
      }
      const signal = AbortSignal.timeout(request.timeoutMs);
      try {
        return await exchange(send, request, signal);
      } catch (error) {
        if (error instanceof AppError) return unanswered(error.failure.detail);
        return unanswered(
          signal.aborted
            ? `${url.host} did not answer within ${request.timeoutMs} ms.`
            : `${url.host} could not be reached.`,
        );
      }
    },
  };
}

async function exchange(
  send: Send,
  { method, url, headers, body }: HttpRequest,
  signal: AbortSignal,
): Promise<HttpOutcome> {
  const sent = body === undefined ? {} : { body };
  const response = await send(url, { method, headers, ...sent, redirect: "manual", signal });
  const text = await readBounded(response);
  if (text === undefined) return unanswered(`The answer is larger than ${mostBytes} bytes.`);
  const retryAfter = retryAfterMs(response.headers.get("retry-after"), Date.now());
  return { answered: true, status: response.status, text, retryAfterMs: retryAfter };
}

async function readBounded(response: Response): Promise<string | undefined> {
  const decoder = new TextDecoder();
  let text = "";
  let size = 0;
  const reader = response.body?.getReader();
  while (reader) {
    const { done, value } = await reader.read();
    if (done) break;
    size += value.byteLength;
    if (size > mostBytes) {
      await reader.cancel();
      return undefined;
    }
    text += decoder.decode(value, { stream: true });
  }
  return text + decoder.decode();
}

const unanswered = (detail: string): HttpOutcome => ({ answered: false, detail });
