import type { NotifyOutcome, NotifyPort } from "../../kernel/ports/notify.ts";
import { AppError } from "../../kernel/problem.ts";
import { isTransientStatus } from "../../kernel/retry.ts";
import { safeBaseUrl } from "../egress/safe-base-url.ts";
import { ChannelFault, type ChannelRequest } from "./channel-request.ts";
import { requestOf } from "./request-of.ts";

export interface HttpNotifyOptions {
  /** `host` or `host:port` that may be reached by plain http or by address all the same. */
  readonly allowedHosts: readonly string[];
  readonly timeoutMs?: number;
  readonly fetch?: (url: string, init: RequestInit) => Promise<Response>;
}

const defaultTimeoutMs = 20_000;
const mostBytes = 1024 * 1024;
const snippetLength = 500;
const refusedHost = "The receiver's host may not be reached from here.";
const longestRetryAfterMs = 86_400_000;

/** Sends over HTTP: https only, no private addresses, redirects not followed, answers of 1 MB read at most. */
export function httpNotify(options: HttpNotifyOptions): NotifyPort {
  return {
    async send(target, message) {
      try {
        return await sendOnce(await requestOf(target, message), target.secret, options);
      } catch (error) {
        if (error instanceof ChannelFault) return failure(null, error.message, false);
        throw error;
      }
    },
  };
}

/** A request whose method need not be POST. */
export type OutgoingRequest = Omit<ChannelRequest, "body"> & {
  readonly method?: string;
  readonly body: string | null;
};

/** One request under the guard; what went wrong is the outcome. `secret` is hidden in what is shown of the answer. */
export async function sendOnce(
  request: OutgoingRequest,
  secret: string | undefined,
  { allowedHosts, timeoutMs = defaultTimeoutMs, fetch: send = fetch }: HttpNotifyOptions,
): Promise<NotifyOutcome> {
  const { url, method = "POST", headers, body, refusedBy } = request;
  try {
    safeBaseUrl(new URL(url).origin, allowedHosts);
  } catch {
    return failure(null, refusedHost, false);
  }
  const signal = AbortSignal.timeout(timeoutMs);
  let response: Response;
  let answer: string;
  try {
    response = await send(url, { method, headers, body, redirect: "manual", signal });
    answer = await readStart(response);
  } catch (error) {
    if (error instanceof AppError && !error.retryable) return failure(null, refusedHost, false);
    return failure(
      null,
      signal.aborted ? "The receiver did not answer in time." : "The receiver could not be reached.",
      true,
    );
  }
  const snippet = redact(answer, secret).slice(0, snippetLength);
  const { status } = response;
  if (response.ok && !refusedBy?.(answer)) return { sent: true, status, snippet };
  return failure(
    status,
    snippet,
    isTransientStatus(status),
    retryAfterMs(response.headers.get("retry-after"), Date.now()),
  );
}

function failure(status: number | null, snippet: string, retryable: boolean, retryAfter = 0): NotifyOutcome {
  return { sent: false, status, retryable, gone: status === 410, retryAfterMs: retryAfter, snippet };
}

async function readStart(response: Response): Promise<string> {
  const decoder = new TextDecoder();
  let text = "";
  let size = 0;
  const reader = response.body?.getReader();
  while (reader) {
    const { done, value } = await reader.read();
    if (done) break;
    size += value.byteLength;
    if (text.length < 4096) text += decoder.decode(value, { stream: true });
    if (size > mostBytes) {
      await reader.cancel();
      break;
    }
  }
  return text;
}

/** The answer without the secret, or the path of a secret URL, should the receiver say it back. */
function redact(text: string, secret: string | undefined): string {
  if (secret === undefined || secret.length < 4) return text;
  const path = URL.canParse(secret) ? new URL(secret).pathname : "";
  const hidden = [secret, encodeURIComponent(secret), ...(path.length > 1 ? [path] : [])];
  return hidden.reduce((shown, part) => shown.replaceAll(part, "[secret]"), text);
}

/** Milliseconds of a `Retry-After` in seconds or as a date (RFC 9110, 10.2.3), at most a day; 0 when there is none. */
export function retryAfterMs(header: string | null, now: number): number {
  if (header === null) return 0;
  const ms = /^\d+$/.test(header.trim()) ? Number(header) * 1000 : Date.parse(header) - now;
  return Number.isFinite(ms) ? Math.min(Math.max(0, ms), longestRetryAfterMs) : 0;
}
