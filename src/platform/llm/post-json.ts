import { AppError, problem } from "../../kernel/problem.ts";
import { faultOf, type ProviderFault, providerProblem, retryAfterMsOf } from "./provider-problem.ts";

export type Fetch = (url: string, init: RequestInit) => Promise<Response>;

/** How one provider is reached; the same for every call to it. */
export interface ProviderLink {
  readonly provider: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Kept only to take it out of quoted words. */
  readonly secret: string | undefined;
  readonly timeoutMs: number;
  readonly maxResponseBytes: number;
  readonly fetch: Fetch;
}

export type Posted =
  | { readonly ok: true; readonly body: unknown }
  | {
      readonly ok: false;
      readonly status: number;
      readonly fault: ProviderFault;
      readonly problem: AppError;
    };

/**
 * Posts JSON to a provider and reads a bounded JSON answer; redirects are never followed. An unsuccessful status is
 * returned with its problem, so that an adapter may look at it first.
 * @throws AppError `timeout` llm.timeout, `upstream_failed` llm.unreachable / llm.answer_unreadable, `too_large`
 *   llm.answer_too_large; the caller's own abort is thrown as the signal's reason.
 */
export async function postJson(
  link: ProviderLink,
  url: string,
  model: string,
  body: unknown,
  signal?: AbortSignal,
): Promise<Posted> {
  signal?.throwIfAborted();
  const timeout = AbortSignal.timeout(link.timeoutMs);
  try {
    const response = await link.fetch(url, {
      method: "POST",
      headers: { "content-type": "application/json", accept: "application/json", ...link.headers },
      body: JSON.stringify(body),
      redirect: "manual",
      signal: signal ? AbortSignal.any([signal, timeout]) : timeout,
    });
    const text = await readBounded(response, link);
    if (response.ok) return { ok: true, body: parse(text, link.provider) };
    const refused = parseOrText(text);
    return {
      ok: false,
      status: response.status,
      fault: faultOf(refused),
      problem: providerProblem({
        provider: link.provider,
        model,
        status: response.status === 0 ? 302 : response.status,
        body: refused,
        retryAfterMs: retryAfterMsOf(response.headers, Date.now()),
        secret: link.secret,
      }),
    };
  } catch (error) {
    if (error instanceof AppError) throw error;
    signal?.throwIfAborted();
    if (timeout.aborted) {
      throw problem("timeout", "llm.timeout", `${link.provider} did not answer within ${link.timeoutMs} ms.`);
    }
    throw problem("upstream_failed", "llm.unreachable", `${link.provider} could not be reached.`, {
      cause: error,
    });
  }
}

async function readBounded(response: Response, link: ProviderLink): Promise<string> {
  if (!response.body) return "";
  const reader = response.body.getReader();
  const decoder = new TextDecoder();
  let text = "";
  let bytes = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return text + decoder.decode();
    bytes += value.byteLength;
    if (bytes > link.maxResponseBytes) {
      await reader.cancel();
      const limit = `${link.maxResponseBytes} bytes`;
      throw problem(
        "too_large",
        "llm.answer_too_large",
        `The answer of ${link.provider} is larger than ${limit}.`,
      );
    }
    text += decoder.decode(value, { stream: true });
  }
}

function parse(text: string, provider: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw unreadable(provider, cause);
  }
}

function parseOrText(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return { message: text.slice(0, 500) };
  }
}

/** The answer came with a good status but is not what the protocol says; worth another try. */
export function unreadable(provider: string, cause?: unknown): AppError {
  return problem("upstream_failed", "llm.answer_unreadable", `The answer of ${provider} could not be read.`, {
    cause,
  });
}
