import { type AppError, type ProblemKind, problem } from "../../kernel/problem.ts";

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

interface Answer {
  readonly provider: string;
  readonly model: string;
  readonly status: number;
  readonly fault: ProviderFault;
  /** The provider's own words after a colon, or nothing. */
  readonly quoted: string;
}

interface Reading {
  readonly when: (answer: Answer) => boolean;
  readonly kind: ProblemKind;
  readonly code: string;
  readonly detail: (answer: Answer) => string;
  /** It may pass when one waits, as long as the provider says. */
  readonly passes?: true;
}

/** What answers mean, the first that fits. */
const readings: readonly Reading[] = [
  {
    when: ({ status, fault }) =>
      status === 402 ||
      creditCodes.has(fault.code) ||
      creditCodes.has(fault.type) ||
      creditText.test(fault.message),
    kind: "limit_reached",
    code: "llm.credit_exhausted",
    detail: ({ provider }) => `The account at ${provider} has no credit left.`,
  },
  {
    when: ({ status }) => status === 401,
    kind: "unauthenticated",
    code: "llm.credentials_refused",
    detail: ({ provider }) => `${provider} refused the credentials.`,
  },
  {
    when: ({ status }) => status === 403,
    kind: "forbidden",
    code: "llm.credentials_refused",
    detail: ({ provider, model }) => `${provider} does not let these credentials use the model ${model}.`,
  },
  {
    when: ({ status, fault }) =>
      status === 404 || fault.code === "model_not_found" || (status === 400 && modelText.test(fault.message)),
    kind: "not_found",
    code: "llm.model_unknown",
    detail: ({ provider, model }) => `${provider} has no model ${model} at this address.`,
  },
  {
    when: ({ status }) => status === 429,
    kind: "rate_limited",
    code: "llm.rate_limited",
    detail: ({ provider }) => `${provider} asks to slow down.`,
    passes: true,
  },
  {
    when: ({ status }) => status === 408,
    kind: "timeout",
    code: "llm.timeout",
    detail: ({ provider }) => `${provider} gave up waiting.`,
    passes: true,
  },
  {
    when: ({ status }) => status >= 300 && status < 400,
    kind: "forbidden",
    code: "llm.redirect_refused",
    detail: ({ provider }) => `${provider} answered with a redirect, which is not followed.`,
  },
  {
    when: ({ status, fault }) =>
      status === 413 ||
      fault.code === "context_length_exceeded" ||
      (status < 500 && tooLong.test(fault.message)),
    kind: "too_large",
    code: "llm.context_too_long",
    detail: ({ model }) => `The prompt is longer than ${model} accepts.`,
  },
  {
    when: ({ status }) => status === 503 || status === 529,
    kind: "unavailable",
    code: "llm.overloaded",
    detail: ({ provider, status }) => `${provider} is not available now (${status}).`,
    passes: true,
  },
  {
    when: ({ status }) => status >= 500 && status !== 501,
    kind: "upstream_failed",
    code: "llm.upstream_failed",
    detail: ({ provider, status, quoted }) => `${provider} failed (${status})${quoted}.`,
    passes: true,
  },
];

const anythingElse: Omit<Reading, "when"> = {
  kind: "invalid_input",
  code: "llm.request_refused",
  detail: ({ provider, status, quoted }) => `${provider} refused the request (${status})${quoted}.`,
};

/**
 * Turns an unsuccessful answer into the problem of the catalogue. The provider's own words are quoted only where they
 * help the reader, cut short and without the secret; never for refused credentials, where they may hold part of it.
 */
export function providerProblem(refusal: ProviderRefusal): AppError {
  const { provider, model, status, retryAfterMs, secret } = refusal;
  const fault = faultOf(refusal.body);
  const answer: Answer = { provider, model, status, fault, quoted: quote(fault, secret) };
  const { kind, code, detail, passes } = readings.find(({ when }) => when(answer)) ?? anythingElse;
  return problem(kind, code, detail(answer), {
    data: { provider, model, status },
    ...(passes === undefined || retryAfterMs === undefined ? {} : { retryAfterMs }),
  });
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
