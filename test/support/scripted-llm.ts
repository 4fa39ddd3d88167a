import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { parseArgs } from "node:util";
import {
  anthropicBody,
  openAiBody,
  type ScriptedLogprobs,
  type ScriptedReply,
  tokensOf,
} from "./scripted-replies.ts";
import { dataBlocks, hashedEmbedding, scriptedScore } from "./scripted-scorer.ts";

/** What the server was asked, as it came. */
interface ScriptedRequest {
  readonly path: string;
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: Readonly<Record<string, unknown>>;
  /** The name of the schema asked for, which is the name of the prompt. */
  readonly promptName: string;
  readonly messages: readonly { readonly role: string; readonly content: string }[];
  /** The data blocks of the last message that has any. */
  readonly blocks: Readonly<Record<string, string>>;
}

/** An answer for every request that fits; the rule added last is tried first. */
interface ScriptedRule {
  readonly prompt?: string;
  /** Text that one of the messages must contain. */
  readonly includes?: string;
  /** JSON, or text that is sent as it is; a function makes it from the request. */
  readonly answer: unknown | ((request: ScriptedRequest) => unknown);
  readonly logprobs?: ScriptedLogprobs;
}

/** How one request is answered in place of an answer; each is used once, in order. */
export type ScriptedFailure =
  | {
      readonly kind: "status";
      readonly status: number;
      readonly body?: unknown;
      readonly headers?: Record<string, string>;
    }
  | { readonly kind: "rate_limited"; readonly retryAfterSeconds?: number }
  | { readonly kind: "hang" }
  | { readonly kind: "drop" }
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "truncated" }
  | { readonly kind: "refusal" }
  | { readonly kind: "content_filter" }
  | { readonly kind: "broken_body" }
  | { readonly kind: "huge_body"; readonly bytes: number }
  | { readonly kind: "redirect"; readonly to: string };

interface ScriptedLlmOptions {
  readonly port?: number;
  /** Refuse other credentials with 401. */
  readonly apiKey?: string;
  /** Refuse other models with 404. */
  readonly models?: readonly string[];
  /** Answer by token overlap where no rule fits; on unless turned off. */
  readonly defaultScorer?: boolean;
}

export interface ScriptedLlmServer {
  /** `http://127.0.0.1:port` */
  readonly origin: string;
  /** The base URL of the OpenAI-compatible API: `origin` + `/v1`. */
  readonly baseUrl: string;
  readonly host: string;
  readonly requests: ScriptedRequest[];
  when(rule: ScriptedRule): void;
  fail(...failures: readonly ScriptedFailure[]): void;
  /** Forgets rules, failures and the log. */
  reset(): void;
  close(): Promise<void>;
}

interface State {
  readonly options: ScriptedLlmOptions;
  readonly requests: ScriptedRequest[];
  rules: ScriptedRule[];
  failures: ScriptedFailure[];
}

/**
 * Starts a small deterministic model server: `/v1/chat/completions` (json_schema, logprobs, usage), `/v1/embeddings`
 * and `/v1/models` of the OpenAI protocol, the same under Azure's deployment paths, and `/v1/messages` of Anthropic's.
 */
export async function startScriptedLlm(options: ScriptedLlmOptions = {}): Promise<ScriptedLlmServer> {
  const state: State = { options, requests: [], rules: [], failures: [] };
  const server = createServer((request, response) => {
    handle(state, request, response).catch((error: unknown) => {
      if (!response.headersSent)
        send(response, 500, { error: { message: String(error), type: "server_error" } });
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(options.port ?? 0, "127.0.0.1", resolve);
  });
  const address: AddressInfo | string | null = server.address();
  if (address === null || typeof address === "string") throw new Error("the server has no port");
  const host = `127.0.0.1:${address.port}`;
  return {
    origin: `http://${host}`,
    baseUrl: `http://${host}/v1`,
    host,
    requests: state.requests,
    when: (rule) => state.rules.unshift(rule),
    fail: (...failures) => state.failures.push(...failures),
    reset() {
      state.rules = [];
      state.failures = [];
      state.requests.length = 0;
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function handle(state: State, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const path = new URL(request.url ?? "/", "http://localhost").pathname;
  if (path === "/v1/models") {
    const data = (state.options.models ?? ["scripted"]).map((id) => ({ id, object: "model" }));
    return send(response, 200, { object: "list", data });
  }
  const body = await readJson(request);
  const scripted = readRequest(path, request, body);
  state.requests.push(scripted);
  const anthropic = path === "/v1/messages";
  const key = state.options.apiKey;
  if (key !== undefined && credentialsOf(request) !== key) {
    const message = `Incorrect API key provided: ${credentialsOf(request)}.`;
    return send(response, 401, {
      error: { message, type: "invalid_request_error", code: "invalid_api_key" },
    });
  }
  const model = String(body.model ?? "");
  if (state.options.models && !state.options.models.includes(model)) {
    return send(response, 404, {
      error: { message: `The model \`${model}\` does not exist`, code: "model_not_found" },
    });
  }
  const failure = state.failures.shift();
  if (failure && refuse(failure, response)) return;
  if (path.endsWith("/embeddings")) return sendEmbeddings(state, body, response);
  const reply = failure ? replyOf(failure) : answerOf(state, scripted);
  if (!reply) {
    const message = `no rule and no default for the prompt "${scripted.promptName}"`;
    return send(response, 400, { error: { message, type: "invalid_request_error", code: "unscripted" } });
  }
  send(response, 200, anthropic ? anthropicBody(scripted, reply) : openAiBody(scripted, reply));
}

function refuse(failure: ScriptedFailure, response: ServerResponse): boolean {
  switch (failure.kind) {
    case "status":
      send(response, failure.status, failure.body ?? { error: { message: "scripted" } }, failure.headers);
      return true;
    case "rate_limited": {
      const headers =
        failure.retryAfterSeconds === undefined ? {} : { "retry-after": String(failure.retryAfterSeconds) };
      send(response, 429, { error: { message: "Rate limit reached", code: "rate_limit_exceeded" } }, headers);
      return true;
    }
    case "content_filter":
      send(response, 400, { error: { message: "filtered", code: "content_filter" } });
      return true;
    case "redirect":
      send(response, 307, {}, { location: failure.to });
      return true;
    case "broken_body":
      response.writeHead(200, { "content-type": "application/json" }).end('{"choices": [');
      return true;
    case "huge_body":
      response.writeHead(200, { "content-type": "application/json" }).end(`"${"x".repeat(failure.bytes)}"`);
      return true;
    case "drop":
      response.destroy();
      return true;
    case "hang":
      return true;
    default:
      return false;
  }
}

function replyOf(failure: ScriptedFailure): ScriptedReply | undefined {
  if (failure.kind === "text") return { text: failure.text, finish: "stop" };
  if (failure.kind === "truncated") return { text: '{"statements": ["cut o', finish: "length" };
  if (failure.kind === "refusal") return { text: "I can't help with that.", finish: "refusal" };
  return undefined;
}

function answerOf(state: State, request: ScriptedRequest): ScriptedReply | undefined {
  const rule = state.rules.find(
    ({ prompt, includes }) =>
      (prompt === undefined || prompt === request.promptName) &&
      (includes === undefined || request.messages.some((message) => message.content.includes(includes))),
  );
  const scoring = state.options.defaultScorer !== false;
  const answer = rule
    ? typeof rule.answer === "function"
      ? rule.answer(request)
      : rule.answer
    : scoring
      ? scriptedScore(request.promptName, request.blocks)
      : undefined;
  if (answer === undefined) return undefined;
  const text = typeof answer === "string" ? answer : JSON.stringify(answer);
  return { text, finish: "stop", ...(rule?.logprobs ? { logprobs: rule.logprobs } : {}) };
}

function sendEmbeddings(
  state: State,
  body: Readonly<Record<string, unknown>>,
  response: ServerResponse,
): void {
  const input = Array.isArray(body.input) ? body.input.map(String) : [String(body.input)];
  const rule = state.rules.find(({ prompt }) => prompt === "embedding");
  const table = rule && isRecord(rule.answer) ? rule.answer : {};
  const data = input.map((text, index) => ({
    object: "embedding",
    index,
    embedding: table[text] ?? hashedEmbedding(text),
  }));
  const tokens = input.reduce((sum, text) => sum + tokensOf(text), 0);
  send(response, 200, {
    object: "list",
    model: body.model,
    data: data.toReversed(),
    usage: { prompt_tokens: tokens, total_tokens: tokens },
  });
}

function readRequest(
  path: string,
  request: IncomingMessage,
  body: Readonly<Record<string, unknown>>,
): ScriptedRequest {
  const system = typeof body.system === "string" ? [{ role: "system", content: body.system }] : [];
  const listed = Array.isArray(body.messages) ? body.messages.filter(isRecord) : [];
  const messages = [
    ...system,
    ...listed.map((message) => ({ role: String(message.role), content: String(message.content) })),
  ];
  const blocks = messages.map((message) => (message.role === "user" ? dataBlocks(message.content) : {}));
  const headers = Object.fromEntries(
    Object.entries(request.headers).map(([name, value]) => [name, value?.toString()]),
  );
  return {
    path,
    headers,
    body,
    promptName: schemaName(body),
    messages,
    blocks: blocks.findLast((found) => Object.keys(found).length > 0) ?? {},
  };
}

/** Anthropic's output format carries no name; its forced tool does. */
function schemaName(body: Readonly<Record<string, unknown>>): string {
  const format = isRecord(body.response_format) ? body.response_format : {};
  if (isRecord(format.json_schema)) return String(format.json_schema.name ?? "");
  const tool = Array.isArray(body.tools) ? body.tools.find(isRecord) : undefined;
  return tool ? String(tool.name ?? "") : "";
}

function credentialsOf(request: IncomingMessage): string {
  const bearer = request.headers.authorization?.replace(/^Bearer /, "");
  return String(bearer ?? request.headers["api-key"] ?? request.headers["x-api-key"] ?? "");
}

async function readJson(request: IncomingMessage): Promise<Record<string, unknown>> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(Buffer.from(chunk));
  const parsed: unknown = JSON.parse(Buffer.concat(chunks).toString("utf8") || "{}");
  return isRecord(parsed) ? parsed : {};
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function send(
  response: ServerResponse,
  status: number,
  body: unknown,
  headers: Record<string, string> = {},
): void {
  response.writeHead(status, { "content-type": "application/json", ...headers }).end(JSON.stringify(body));
}

if (import.meta.main) {
  const { values } = parseArgs({ options: { port: { type: "string", default: "9100" } } });
  const server = await startScriptedLlm({ port: Number(values.port) });
  console.log(server.baseUrl);
}
