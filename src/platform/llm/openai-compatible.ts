import * as z from "zod";
import type {
  ChatAnswer,
  ChatRequest,
  EmbeddingAnswer,
  LlmPort,
  TokenCandidate,
} from "../../kernel/ports/llm.ts";
import { type Posted, type ProviderLink, postJson, unreadable } from "./post-json.ts";

/** Where servers that speak the OpenAI protocol differ. */
export interface OpenAiQuirks {
  readonly maxTokensField: "max_tokens" | "max_completion_tokens";
  /** `json_object` leaves the schema to the prompt; `none` asks for nothing. */
  readonly structuredOutput: "json_schema" | "json_object" | "none";
  readonly embeddingBatch: number;
}

interface OpenAiCompatibleConfig extends ProviderLink {
  readonly chatUrl: (model: string) => string;
  readonly embeddingUrl: (model: string) => string;
  readonly quirks: OpenAiQuirks;
}

const Candidate = z.object({ token: z.string(), logprob: z.number() });
const ChatBody = z.object({
  choices: z
    .array(
      z.object({
        message: z.object({ content: z.string().nullish(), refusal: z.string().nullish() }),
        finish_reason: z.string().nullish(),
        logprobs: z
          .object({
            content: z.array(Candidate.extend({ top_logprobs: z.array(Candidate).default([]) })).nullish(),
          })
          .nullish(),
      }),
    )
    .min(1),
  usage: z.object({ prompt_tokens: z.number(), completion_tokens: z.number().default(0) }).nullish(),
});
const EmbeddingBody = z.object({
  data: z.array(z.object({ index: z.int(), embedding: z.array(z.number()) })),
  usage: z.object({ prompt_tokens: z.number() }).nullish(),
});

const optional = ["temperature", "seed", "logprobs", "top_logprobs"] as const;

/**
 * The chat completions and embeddings protocol of OpenAI (platform.openai.com/docs/api-reference), as Azure OpenAI,
 * Ollama and vLLM speak it too. A model that refuses a sampling parameter is asked again without it, and the answer
 * says so in `ignoredParams`.
 */
export function openAiCompatible(config: OpenAiCompatibleConfig): LlmPort {
  const refusedBy = new Map<string, Set<string>>();

  async function chat(request: ChatRequest, signal?: AbortSignal): Promise<ChatAnswer> {
    const refused = refusedBy.get(request.model) ?? new Set<string>();
    for (;;) {
      const posted = await postJson(
        config,
        config.chatUrl(request.model),
        request.model,
        chatBody(request, config.quirks, refused),
        signal,
      );
      if (posted.ok) return { ...readChat(posted.body, config.provider), ...ignored(request, refused) };
      if (isContentFilter(posted))
        return { text: "", finishReason: "refusal", usage: { inputTokens: 0, outputTokens: 0 } };
      const parameter = refusedParameter(posted, request, refused);
      if (!parameter) throw posted.problem;
      refused.add(parameter);
      refusedBy.set(request.model, refused);
    }
  }

  async function embed(
    model: string,
    texts: readonly string[],
    signal?: AbortSignal,
  ): Promise<EmbeddingAnswer> {
    const vectors: (readonly number[])[] = [];
    let inputTokens = 0;
    for (let start = 0; start < texts.length; start += config.quirks.embeddingBatch) {
      const input = texts.slice(start, start + config.quirks.embeddingBatch);
      const body = { model, input, encoding_format: "float" };
      const posted = await postJson(config, config.embeddingUrl(model), model, body, signal);
      if (!posted.ok) throw posted.problem;
      const answer = readEmbeddings(posted.body, input.length, config.provider);
      vectors.push(...answer.vectors);
      inputTokens += answer.inputTokens;
    }
    return { vectors, usage: { inputTokens, outputTokens: 0 } };
  }

  return { provider: config.provider, chat, embed };
}

function chatBody(
  request: ChatRequest,
  quirks: OpenAiQuirks,
  refused: ReadonlySet<string>,
): Record<string, unknown> {
  const body: Record<string, unknown> = { model: request.model, messages: request.messages };
  if (request.maxTokens !== undefined) body[quirks.maxTokensField] = request.maxTokens;
  if (request.temperature !== undefined) body.temperature = request.temperature;
  if (request.seed !== undefined) body.seed = request.seed;
  if (request.topLogprobs !== undefined) {
    body.logprobs = true;
    body.top_logprobs = request.topLogprobs;
  }
  if (request.jsonSchema && quirks.structuredOutput === "json_schema") {
    body.response_format = { type: "json_schema", json_schema: { ...request.jsonSchema, strict: true } };
  }
  if (request.jsonSchema && quirks.structuredOutput === "json_object")
    body.response_format = { type: "json_object" };
  for (const name of refused) delete body[name];
  if (body.logprobs === undefined) delete body.top_logprobs;
  return body;
}

function refusedParameter(
  posted: Extract<Posted, { ok: false }>,
  request: ChatRequest,
  refused: ReadonlySet<string>,
): string | undefined {
  if (posted.status !== 400 && posted.status !== 422) return undefined;
  const sent = { temperature: request.temperature, seed: request.seed, logprobs: request.topLogprobs };
  const named = optional.find(
    (name) => posted.fault.param === name || new RegExp(`['"\`]${name}['"\`]`).test(posted.fault.message),
  );
  const parameter = named === "top_logprobs" ? "logprobs" : named;
  return parameter && sent[parameter] !== undefined && !refused.has(parameter) ? parameter : undefined;
}

function isContentFilter(posted: Extract<Posted, { ok: false }>): boolean {
  return posted.status === 400 && posted.fault.code === "content_filter";
}

function ignored(request: ChatRequest, refused: ReadonlySet<string>): Pick<ChatAnswer, "ignoredParams"> {
  const sent = { temperature: request.temperature, seed: request.seed, logprobs: request.topLogprobs };
  const names = Object.entries(sent).flatMap(([name, value]) =>
    value !== undefined && refused.has(name) ? [name] : [],
  );
  return names.length > 0 ? { ignoredParams: names } : {};
}

function readChat(body: unknown, provider: string): ChatAnswer {
  const parsed = ChatBody.safeParse(body);
  const choice = parsed.data?.choices[0];
  if (!parsed.success || !choice) throw unreadable(provider, parsed.error);
  const { content, refusal } = choice.message;
  const finish = choice.finish_reason;
  const usage = parsed.data.usage;
  const logprobs = choice.logprobs?.content?.map((entry) => chosenFirst(entry, entry.top_logprobs));
  return {
    text: content ?? refusal ?? "",
    finishReason:
      refusal || finish === "content_filter"
        ? "refusal"
        : finish === "length"
          ? "length"
          : finish === "stop"
            ? "stop"
            : "other",
    usage: { inputTokens: usage?.prompt_tokens ?? 0, outputTokens: usage?.completion_tokens ?? 0 },
    ...(logprobs ? { logprobs } : {}),
  };
}

function chosenFirst(chosen: TokenCandidate, top: readonly TokenCandidate[]): TokenCandidate[] {
  return [
    { token: chosen.token, logprob: chosen.logprob },
    ...top.filter((candidate) => candidate.token !== chosen.token),
  ];
}

function readEmbeddings(body: unknown, count: number, provider: string) {
  const parsed = EmbeddingBody.safeParse(body);
  if (!parsed.success) throw unreadable(provider, parsed.error);
  const byIndex = new Map(parsed.data.data.map((row) => [row.index, row.embedding]));
  const vectors = Array.from({ length: count }, (_, index) => byIndex.get(index) ?? []);
  if (vectors.some((vector) => vector.length === 0)) throw unreadable(provider);
  return { vectors, inputTokens: parsed.data.usage?.prompt_tokens ?? 0 };
}
