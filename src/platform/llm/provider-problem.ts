import { type AppError, problem } from "../../kernel/problem.ts";

/** What a provider answered instead of a result. */
interface ProviderRefusal {
  readonly provider: string;
  readonly model: string;
  readonly status: number;
  /** The parsed body, or whatever could be read of it. */
  readonly body: unknown;
  readonly retryAfterMs?: number | undefined;
  readonly secret?: string | undefined;
}

export interface ProviderFault {
  readonly code: string;
  readonly type: string;
  readonly param: string;
  readonly message: string;
}

const creditCodes = new Set([
  "insufficient_quota",
  "billing_hard_limit_reached",
  "billing_error",
  "billing_not_active",
]);
const creditText =
  /credit balance is too low|exceeded your current quota|insufficient (funds|credit|balance)/i;
const tooLong =
  /maximum context length|context[_ ](length|window)|prompt is too long|too many tokens in (the )?prompt/i;
const modelText = /model .{0,120}(not found|does not exist)|no such model|unknown model/i;

/** Reads the error object of the OpenAI, Azure, Ollama, vLLM and Anthropic shapes; missing parts are empty text. */
export function faultOf(body: unknown): ProviderFault {
  const outer = asRecord(body);
  const inner = typeof outer.error === "object" && outer.error !== null ? asRecord(outer.error) : outer;
  const message = typeof outer.error === "string" ? outer.error : text(inner.message);
  return { code: text(inner.code), type: text(inner.type), param: text(inner.param), message };
}

/**
 * Turns an unsuccessful answer into the problem of the catalogue. The provider's own words are quoted only where they
 * help the reader, cut short and without the secret; never for refused credentials, where they may hold part of it.
 */
export function providerProblem(refusal: ProviderRefusal): AppError {
  const { provider, model, status, retryAfterMs } = refusal;
  const fault = faultOf(refusal.body);
  const data = { provider, model, status };
  const quoted = quote(fault, refusal.secret);
  const more = retryAfterMs === undefined ? { data } : { data, retryAfterMs };
  if (
    status === 402 ||
    creditCodes.has(fault.code) ||
    creditCodes.has(fault.type) ||
    creditText.test(fault.message)
  ) {
    return problem(
      "limit_reached",
      "llm.credit_exhausted",
      `The account at ${provider} has no credit left.`,
      { data },
    );
  }
  if (status === 401) {
    return problem("unauthenticated", "llm.credentials_refused", `${provider} refused the credentials.`, {
      data,
    });
  }
  if (status === 403) {
    const detail = `${provider} does not let these credentials use the model ${model}.`;
    return problem("forbidden", "llm.credentials_refused", detail, { data });
  }
  if (
    status === 404 ||
    fault.code === "model_not_found" ||
    (status === 400 && modelText.test(fault.message))
  ) {
    return problem("not_found", "llm.model_unknown", `${provider} has no model ${model} at this address.`, {
      data,
    });
  }
  if (status === 429)
    return problem("rate_limited", "llm.rate_limited", `${provider} asks to slow down.`, more);
  if (status === 408) return problem("timeout", "llm.timeout", `${provider} gave up waiting.`, more);
  if (status >= 300 && status < 400) {
    return problem(
      "forbidden",
      "llm.redirect_refused",
      `${provider} answered with a redirect, which is not followed.`,
      { data },
    );
  }
  if (
    status === 413 ||
    fault.code === "context_length_exceeded" ||
    (status < 500 && tooLong.test(fault.message))
  ) {
    return problem("too_large", "llm.context_too_long", `The prompt is longer than ${model} accepts.`, {
      data,
    });
  }
  if (status === 503 || status === 529) {
    return problem("unavailable", "llm.overloaded", `${provider} is not available now (${status}).`, more);
  }
  if (status >= 500 && status !== 501) {
    return problem(
      "upstream_failed",
      "llm.upstream_failed",
      `${provider} failed (${status})${quoted}.`,
      more,
    );
  }
  return problem(
    "invalid_input",
    "llm.request_refused",
    `${provider} refused the request (${status})${quoted}.`,
    { data },
  );
}

/** `Retry-After` in seconds or as a date, or `retry-after-ms`; undefined when absent or unreadable. */
export function retryAfterMsOf(headers: Headers, nowMs: number): number | undefined {
  const ms = Number(headers.get("retry-after-ms") ?? Number.NaN);
  if (Number.isFinite(ms) && ms >= 0) return Math.ceil(ms);
  const raw = headers.get("retry-after")?.trim();
  if (!raw) return undefined;
  if (/^\d+(\.\d+)?$/.test(raw)) return Math.ceil(Number(raw) * 1000);
  const at = Date.parse(raw);
  return Number.isNaN(at) ? undefined : Math.max(0, at - nowMs);
}

function quote(fault: ProviderFault, secret: string | undefined): string {
  let words = [fault.code || fault.type, fault.message].filter(Boolean).join(": ");
  if (secret) words = words.replaceAll(secret, "[secret]");
  words = words
    .replace(/\b(Bearer\s+|sk-|xai-|gsk_|hf_)[\w.*-]+/gi, "[secret]")
    .replace(/\s+/g, " ")
    .trim();
  if (words.length > 240) words = `${words.slice(0, 240)}…`;
  return words ? `: ${words}` : "";
}

function asRecord(value: unknown): Record<string, unknown> {
  return typeof value === "object" && value !== null ? { ...value } : {};
}

function text(value: unknown): string {
  return typeof value === "string" ? value : typeof value === "number" ? String(value) : "";
}
