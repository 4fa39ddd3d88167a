import * as z from "zod";
import type { LlmPort } from "../../kernel/ports/llm.ts";
import { fieldProblems, problem } from "../../kernel/problem.ts";
import { safeBaseUrl } from "../egress/safe-base-url.ts";
import { anthropic } from "./anthropic.ts";
import { type OpenAiQuirks, openAiCompatible } from "./openai-compatible.ts";
import type { Fetch, ProviderLink } from "./post-json.ts";
import { urlUnder } from "./url-under.ts";
import { type AiBinding, workersAi } from "./workers-ai.ts";

/** Which model judges, and where it is; the secret itself lives elsewhere under `secretName`. */
export const LlmProfile = z.strictObject({
  provider: z.enum([
    "openai",
    "azure-openai",
    "ollama",
    "vllm",
    "openai-compatible",
    "anthropic",
    "workers-ai",
  ]),
  baseUrl: z.string().optional(),
  model: z.string().min(1),
  embeddingModel: z.string().min(1).optional(),
  /** Azure: the deployment of `model`; default: the model's own name. */
  deployment: z.string().min(1).optional(),
  embeddingDeployment: z.string().min(1).optional(),
  apiVersion: z.string().min(1).optional(),
  secretName: z.string().min(1).optional(),
  quirks: z
    .strictObject({
      maxTokensField: z.enum(["max_tokens", "max_completion_tokens"]).optional(),
      structuredOutput: z.enum(["json_schema", "json_object", "none", "output_format", "tool"]).optional(),
    })
    .optional(),
});
export type LlmProfile = z.infer<typeof LlmProfile>;

export interface LlmOptions {
  /** Hosts (`host` or `host:port`) that an operator allows by plain http or by address, such as a local Ollama. */
  readonly allowedHosts?: readonly string[];
  readonly timeoutMs?: number;
  readonly maxResponseBytes?: number;
  /** The `AI` binding, for `workers-ai`. */
  readonly ai?: AiBinding;
  readonly fetch?: Fetch;
}

const homes = {
  openai: "https://api.openai.com/v1",
  ollama: "http://localhost:11434/v1",
  anthropic: "https://api.anthropic.com",
} as const;
const azureVersion = "2024-10-21";

/** The base URL that a profile means, its provider's home when it names none; undefined for a binding. */
export function baseUrlOf(profile: LlmProfile): string | undefined {
  if (profile.baseUrl !== undefined) return profile.baseUrl;
  if (profile.provider in homes) return homes[profile.provider as keyof typeof homes];
  return undefined;
}

/**
 * Builds the provider of a profile. Nothing is sent yet.
 * @throws invalid_input `llm.profile_invalid` / `llm.base_url_invalid`, forbidden `llm.host_refused`,
 *   unauthenticated `llm.credentials_missing`, unavailable `llm.binding_missing`
 */
export function createLlm(
  candidate: LlmProfile,
  secret: string | undefined,
  options: LlmOptions = {},
): LlmPort {
  const parsed = LlmProfile.safeParse(candidate);
  if (!parsed.success) {
    throw problem("invalid_input", "llm.profile_invalid", "The model profile is not valid.", {
      errors: fieldProblems(parsed.error),
    });
  }
  const profile = parsed.data;
  if (profile.provider === "workers-ai") {
    if (!options.ai)
      throw problem("unavailable", "llm.binding_missing", "Workers AI is not bound to this deployment.");
    return workersAi({ ai: options.ai, timeoutMs: options.timeoutMs ?? 60_000 });
  }
  const base = mustBaseUrl(profile, options.allowedHosts);
  const key = mustSecret(profile, secret);
  const link = (headers: Readonly<Record<string, string>>): ProviderLink => ({
    provider: profile.provider,
    headers,
    secret: key,
    timeoutMs: options.timeoutMs ?? 60_000,
    maxResponseBytes: options.maxResponseBytes ?? 16 * 1024 * 1024,
    fetch: options.fetch ?? ((url, init) => fetch(url, init)),
  });
  if (profile.provider === "anthropic") {
    return anthropic({
      ...link({ "x-api-key": key ?? "", "anthropic-version": profile.apiVersion ?? "2023-06-01" }),
      messagesUrl: urlUnder(base, "v1/messages"),
      structuredOutput: profile.quirks?.structuredOutput === "tool" ? "tool" : "output_format",
    });
  }
  if (profile.provider === "azure-openai") {
    const version = { "api-version": profile.apiVersion ?? azureVersion };
    const at = (deployment: string, path: string) =>
      urlUnder(base, `openai/deployments/${encodeURIComponent(deployment)}/${path}`, version);
    return openAiCompatible({
      ...link({ "api-key": key ?? "" }),
      chatUrl: (model) =>
        at(model === profile.model ? (profile.deployment ?? model) : model, "chat/completions"),
      embeddingUrl: (model) => at(profile.embeddingDeployment ?? model, "embeddings"),
      quirks: quirksOf(profile, "max_tokens"),
    });
  }
  const headers: Record<string, string> = key === undefined ? {} : { authorization: `Bearer ${key}` };
  return openAiCompatible({
    ...link(headers),
    chatUrl: () => urlUnder(base, "chat/completions"),
    embeddingUrl: () => urlUnder(base, "embeddings"),
    quirks: quirksOf(profile, profile.provider === "openai" ? "max_completion_tokens" : "max_tokens"),
  });
}

function quirksOf(profile: LlmProfile, maxTokensField: OpenAiQuirks["maxTokensField"]): OpenAiQuirks {
  const asked = profile.quirks?.structuredOutput;
  return {
    maxTokensField: profile.quirks?.maxTokensField ?? maxTokensField,
    structuredOutput: asked === "json_object" || asked === "none" ? asked : "json_schema",
    embeddingBatch: 64,
  };
}

function mustBaseUrl(profile: LlmProfile, allowedHosts: readonly string[] | undefined): URL {
  const baseUrl = baseUrlOf(profile);
  if (baseUrl !== undefined) return safeBaseUrl(baseUrl, allowedHosts);
  throw problem(
    "invalid_input",
    "llm.base_url_invalid",
    `A profile of ${profile.provider} must name its base URL.`,
    {
      errors: [{ pointer: "/baseUrl", code: "required", message: "This provider has no home address." }],
    },
  );
}

function mustSecret(profile: LlmProfile, secret: string | undefined): string | undefined {
  if (secret !== undefined && secret !== "") {
    if (/^[\x21-\x7e]+$/.test(secret)) return secret;
    throw problem(
      "unauthenticated",
      "llm.credentials_refused",
      "The secret holds characters that no header may carry.",
    );
  }
  if (
    profile.provider === "ollama" ||
    profile.provider === "vllm" ||
    profile.provider === "openai-compatible"
  )
    return undefined;
  const name = profile.secretName ? ` named ${profile.secretName}` : "";
  throw problem(
    "unauthenticated",
    "llm.credentials_missing",
    `There is no secret${name} for ${profile.provider}.`,
  );
}
