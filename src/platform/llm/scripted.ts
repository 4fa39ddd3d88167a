import type { ChatAnswer, ChatRequest, EmbeddingAnswer, LlmPort } from "../../kernel/ports/llm.ts";

/** What the in-memory provider says. Either function may throw an `AppError`, as a real provider's adapter does. */
interface LlmScript {
  readonly provider?: string;
  readonly chat: (request: ChatRequest) => ChatAnswer | Promise<ChatAnswer>;
  readonly embed?: (text: string) => readonly number[];
}

interface ScriptedLlm extends LlmPort {
  readonly requests: readonly ChatRequest[];
}

/** The in-memory twin of a provider: no network, answers by a script, remembers what it was asked. */
export function scriptedLlm(script: LlmScript): ScriptedLlm {
  const requests: ChatRequest[] = [];
  const tokens = (text: string) => Math.ceil(new TextEncoder().encode(text).length / 4);
  return {
    provider: script.provider ?? "scripted",
    requests,
    async chat(request, signal) {
      signal?.throwIfAborted();
      requests.push(request);
      return abortable(Promise.resolve(script.chat(request)), signal);
    },
    async embed(_model, texts, signal): Promise<EmbeddingAnswer> {
      signal?.throwIfAborted();
      const vectors = texts.map((text) => script.embed?.(text) ?? [1]);
      return {
        vectors,
        usage: { inputTokens: texts.reduce((sum, text) => sum + tokens(text), 0), outputTokens: 0 },
      };
    },
  };
}

async function abortable<Value>(work: Promise<Value>, signal: AbortSignal | undefined): Promise<Value> {
  if (!signal) return work;
  return Promise.race([
    work,
    new Promise<never>((_, reject) =>
      signal.addEventListener("abort", () => reject(signal.reason), { once: true }),
    ),
  ]);
}
