import * as z from "zod";
import type { ChatAnswer, ChatRequest, LlmPort } from "../../kernel/ports/llm.ts";
import { problem } from "../../kernel/problem.ts";
import { type ProviderLink, postJson, unreadable } from "./post-json.ts";

interface AnthropicConfig extends ProviderLink {
  readonly messagesUrl: string;
  /** `output_format` is the schema-constrained output of newer models, `tool` a forced tool, which thinking models refuse. */
  readonly structuredOutput: "output_format" | "tool";
}

const Body = z.object({
  content: z.array(
    z.looseObject({ type: z.string(), text: z.string().optional(), input: z.unknown().optional() }),
  ),
  stop_reason: z.string().nullish(),
  usage: z.object({
    input_tokens: z.number(),
    output_tokens: z.number(),
    cache_creation_input_tokens: z.number().nullish(),
    cache_read_input_tokens: z.number().nullish(),
  }),
});

const defaultMaxTokens = 8192;

/**
 * The Messages API of Anthropic (platform.claude.com/docs/en/api/messages). It has no embeddings, no seed and no log
 * probabilities: `embed` throws, the others are named in `ignoredParams`.
 */
export function anthropic(config: AnthropicConfig): LlmPort {
  const fixedSampling = new Set<string>();

  async function chat(request: ChatRequest, signal?: AbortSignal): Promise<ChatAnswer> {
    for (;;) {
      const withTemperature = request.temperature !== undefined && !fixedSampling.has(request.model);
      const body = messagesBody(request, config.structuredOutput, withTemperature);
      const posted = await postJson(config, config.messagesUrl, request.model, body, signal);
      if (posted.ok)
        return { ...readAnswer(posted.body, config.provider), ...ignored(request, withTemperature) };
      if (!withTemperature || posted.status !== 400 || !/\btemperature\b/.test(posted.fault.message))
        throw posted.problem;
      fixedSampling.add(request.model);
    }
  }

  async function embed(): Promise<never> {
    throw problem(
      "invalid_input",
      "llm.embeddings_unsupported",
      "Anthropic has no embeddings; name a profile of another provider for the embedding model.",
      {
        errors: [
          { pointer: "/embeddingModel", code: "embeddings_unsupported", message: "This provider has none." },
        ],
      },
    );
  }

  return { provider: config.provider, chat, embed };
}

function messagesBody(
  request: ChatRequest,
  structured: AnthropicConfig["structuredOutput"],
  withTemperature: boolean,
) {
  const system = request.messages
    .filter((message) => message.role === "system")
    .map((message) => message.content);
  const body: Record<string, unknown> = {
    model: request.model,
    max_tokens: request.maxTokens ?? defaultMaxTokens,
    messages: request.messages
      .filter((message) => message.role !== "system")
      .map(({ role, content }) => ({ role, content: content.trim() === "" ? "(empty)" : content })),
  };
  if (system.length > 0) body.system = system.join("\n\n");
  if (withTemperature) body.temperature = request.temperature;
  if (!request.jsonSchema) return body;
  const { name, schema } = request.jsonSchema;
  if (structured === "output_format") body.output_config = { format: { type: "json_schema", schema } };
  else {
    body.tools = [{ name, description: "Gives the answer in the required form.", input_schema: schema }];
    body.tool_choice = { type: "tool", name, disable_parallel_tool_use: true };
  }
  return body;
}

function readAnswer(body: unknown, provider: string): ChatAnswer {
  const parsed = Body.safeParse(body);
  if (!parsed.success) throw unreadable(provider, parsed.error);
  const { content, stop_reason: stop, usage } = parsed.data;
  const tool = content.find((block) => block.type === "tool_use");
  const text = content.flatMap((block) => (block.type === "text" && block.text ? [block.text] : [])).join("");
  const cut = stop === "max_tokens" || stop === "model_context_window_exceeded";
  const done = stop === "end_turn" || stop === "tool_use" || stop === "stop_sequence";
  return {
    text: tool ? JSON.stringify(tool.input ?? null) : text,
    finishReason: stop === "refusal" ? "refusal" : cut ? "length" : done ? "stop" : "other",
    usage: {
      inputTokens:
        usage.input_tokens + (usage.cache_creation_input_tokens ?? 0) + (usage.cache_read_input_tokens ?? 0),
      outputTokens: usage.output_tokens,
    },
  };
}

function ignored(request: ChatRequest, withTemperature: boolean): Pick<ChatAnswer, "ignoredParams"> {
  const names: string[] = [];
  if (request.temperature !== undefined && !withTemperature) names.push("temperature");
  if (request.seed !== undefined) names.push("seed");
  if (request.topLogprobs !== undefined) names.push("logprobs");
  return names.length > 0 ? { ignoredParams: names } : {};
}
