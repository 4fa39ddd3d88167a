/** A message of a chat; the text of a data set never becomes a `system` message. */
export interface ChatMessage {
  readonly role: "system" | "user" | "assistant";
  readonly content: string;
}

export interface ChatRequest {
  readonly model: string;
  readonly messages: readonly ChatMessage[];
  /** A JSON Schema that the answer must satisfy; the adapter uses the provider's own constrained output. */
  readonly jsonSchema?: { readonly name: string; readonly schema: Readonly<Record<string, unknown>> };
  readonly temperature?: number;
  readonly seed?: number;
  readonly maxTokens?: number;
  /** Ask for the candidates of each token with their log probabilities (G-Eval); not every provider has them. */
  readonly topLogprobs?: number;
}

export interface TokenUsage {
  readonly inputTokens: number;
  readonly outputTokens: number;
}

export interface TokenCandidate {
  readonly token: string;
  readonly logprob: number;
}

export interface ChatAnswer {
  readonly text: string;
  readonly finishReason: "stop" | "length" | "refusal" | "other";
  readonly usage: TokenUsage;
  /** One entry per output token: the token that was chosen first, then its likeliest rivals. */
  readonly logprobs?: readonly (readonly TokenCandidate[])[];
  /** Parameters that this model refuses and that were left out, such as `temperature`. */
  readonly ignoredParams?: readonly string[];
}

export interface EmbeddingAnswer {
  readonly vectors: readonly (readonly number[])[];
  readonly usage: TokenUsage;
}

/**
 * One model provider. Methods throw `AppError`: `rate_limited`, `upstream_failed`, `unavailable` and `timeout` are
 * transient (with `retryAfterMs` where the provider said so); `unauthenticated`, `forbidden`, `not_found` and
 * `invalid_input` are not.
 */
export interface LlmPort {
  readonly provider: string;
  chat(request: ChatRequest, signal?: AbortSignal): Promise<ChatAnswer>;
  embed(model: string, texts: readonly string[], signal?: AbortSignal): Promise<EmbeddingAnswer>;
}

/** Where a model is and how to speak to it; the secret is given apart. */
export interface LlmLink {
  readonly provider:
    | "openai"
    | "azure-openai"
    | "ollama"
    | "vllm"
    | "openai-compatible"
    | "anthropic"
    | "workers-ai";
  readonly model: string;
  readonly baseUrl?: string;
  readonly embeddingModel?: string;
  readonly deployment?: string;
  readonly embeddingDeployment?: string;
  readonly apiVersion?: string;
  readonly secretName?: string;
  readonly quirks?: Readonly<Record<string, string | undefined>>;
}

/** Opens providers. Throws `AppError` for a link or a secret that can't be used. */
export interface LlmsPort {
  open(link: LlmLink, secret: string | undefined): LlmPort;
}
