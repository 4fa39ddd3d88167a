import * as z from "zod";
import type { ChatAnswer, ChatRequest, EmbeddingAnswer, LlmPort } from "../../kernel/ports/llm.ts";
import { type AppError, problem } from "../../kernel/problem.ts";
import { unreadable } from "./post-json.ts";
import { providerProblem } from "./provider-problem.ts";

/** The part of the `AI` binding that is used. */
export interface AiBinding {
  run(model: string, inputs: Record<string, unknown>, options?: { signal?: AbortSignal }): Promise<unknown>;
}

interface WorkersAiConfig {
  readonly ai: AiBinding;
  readonly timeoutMs: number;
}

const Usage = z.object({ prompt_tokens: z.number().default(0), completion_tokens: z.number().default(0) });
const OwnShape = z.object({ response: z.unknown(), usage: Usage.nullish() });
const ChoiceShape = z.object({
  choices: z
    .array(
      z.object({
        message: z.object({ content: z.string().nullish(), refusal: z.string().nullish() }),
        finish_reason: z.string().nullish(),
      }),
    )
    .min(1),
  usage: Usage.nullish(),
});
const EmbeddingShape = z.object({ data: z.array(z.array(z.number()).min(1)) });

/** Internal error codes of developers.cloudflare.com/workers-ai/platform/errors as HTTP statuses. */
const statusOf: Readonly<Record<string, number>> = {
  "5007": 404,
  "3042": 404,
  "5016": 403,
  "5018": 403,
  "3023": 403,
  "3041": 403,
  "3006": 413,
  "3007": 408,
  "3008": 408,
  "3036": 402,
  "3040": 429,
};
const jsonModeFailed = /JSON Mode couldn't be met/i;
const embeddingBatch = 100;

/**
 * Workers AI over its binding: chat with JSON mode, and embeddings. It reports no log probabilities (named in
 * `ignoredParams`), and the tokens of embeddings are estimated as a quarter of the UTF-8 bytes.
 */
export function workersAi(config: WorkersAiConfig): LlmPort {
  async function run(model: string, inputs: Record<string, unknown>, signal?: AbortSignal): Promise<unknown> {
    signal?.throwIfAborted();
    const timeout = AbortSignal.timeout(config.timeoutMs);
    const both = signal ? AbortSignal.any([signal, timeout]) : timeout;
    try {
      return await Promise.race([config.ai.run(model, inputs, { signal: both }), aborted(both)]);
    } catch (error) {
      signal?.throwIfAborted();
      if (timeout.aborted) {
        throw problem("timeout", "llm.timeout", `workers-ai did not answer within ${config.timeoutMs} ms.`);
      }
      throw bindingProblem(model, error);
    }
  }

  async function chat(request: ChatRequest, signal?: AbortSignal): Promise<ChatAnswer> {
    const inputs: Record<string, unknown> = { messages: request.messages };
    if (request.temperature !== undefined) inputs.temperature = request.temperature;
    if (request.seed !== undefined) inputs.seed = request.seed;
    if (request.maxTokens !== undefined) inputs.max_tokens = request.maxTokens;
    if (request.jsonSchema)
      inputs.response_format = { type: "json_schema", json_schema: request.jsonSchema.schema };
    const lacks = request.topLogprobs === undefined ? {} : { ignoredParams: ["logprobs"] };
    try {
      return { ...readChat(await run(request.model, inputs, signal)), ...lacks };
    } catch (error) {
      if (!(error instanceof Error) || !jsonModeFailed.test(String(error.cause ?? ""))) throw error;
      return { text: "", finishReason: "other", usage: { inputTokens: 0, outputTokens: 0 }, ...lacks };
    }
  }

  async function embed(
    model: string,
    texts: readonly string[],
    signal?: AbortSignal,
  ): Promise<EmbeddingAnswer> {
    const vectors: (readonly number[])[] = [];
    let inputTokens = 0;
    for (let start = 0; start < texts.length; start += embeddingBatch) {
      const text = texts.slice(start, start + embeddingBatch);
      const parsed = EmbeddingShape.safeParse(await run(model, { text }, signal));
      if (!parsed.success || parsed.data.data.length !== text.length)
        throw unreadable("workers-ai", parsed.error);
      vectors.push(...parsed.data.data);
      for (const each of text) inputTokens += Math.ceil(new TextEncoder().encode(each).length / 4);
    }
    return { vectors, usage: { inputTokens, outputTokens: 0 } };
  }

  return { provider: "workers-ai", chat, embed };
}

function readChat(body: unknown): ChatAnswer {
  const choices = ChoiceShape.safeParse(body);
  const choice = choices.data?.choices[0];
  if (choices.success && choice) {
    const finish = choice.message.refusal ? "refusal" : choice.finish_reason;
    return {
      text: choice.message.content ?? choice.message.refusal ?? "",
      finishReason: finish === "refusal" || finish === "length" || finish === "stop" ? finish : "other",
      usage: usageOf(choices.data.usage),
    };
  }
  const own = OwnShape.safeParse(body);
  if (!own.success || own.data.response === undefined || own.data.response === null) {
    throw unreadable("workers-ai", own.error);
  }
  const { response } = own.data;
  return {
    text: typeof response === "string" ? response : JSON.stringify(response),
    finishReason: "stop",
    usage: usageOf(own.data.usage),
  };
}

function usageOf(usage: z.infer<typeof Usage> | null | undefined) {
  return { inputTokens: usage?.prompt_tokens ?? 0, outputTokens: usage?.completion_tokens ?? 0 };
}

function bindingProblem(model: string, error: unknown): AppError {
  const message = error instanceof Error ? error.message : String(error);
  const code = /\b(\d{4}): /.exec(message)?.[1] ?? "";
  const status = statusOf[code] ?? (/rate limit|too many requests|\b429\b/i.test(message) ? 429 : undefined);
  if (status !== undefined) return providerProblem({ provider: "workers-ai", model, status, body: {} });
  if (code === "5004" || code === "3003" || code === "5005") {
    return providerProblem({ provider: "workers-ai", model, status: 400, body: { message } });
  }
  return problem("upstream_failed", "llm.upstream_failed", "workers-ai failed.", { cause: error });
}

function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    if (signal.aborted) reject(signal.reason);
    signal.addEventListener("abort", () => reject(signal.reason), { once: true });
  });
}
