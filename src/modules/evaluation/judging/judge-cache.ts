import { sha256Json } from "../../../kernel/hash.ts";
import type { ChatMessage, TokenCandidate } from "../../../kernel/ports/llm.ts";

/** What is remembered of an answer that could be used. */
export type JudgeCacheEntry =
  | {
      readonly kind: "chat";
      readonly text: string;
      readonly repaired: boolean;
      readonly logprobs?: readonly (readonly TokenCandidate[])[];
      readonly ignoredParams?: readonly string[];
    }
  | { readonly kind: "embedding"; readonly vector: readonly number[] };

/**
 * Remembers judge answers. A key holds everything that could change the answer, the tenant included, so entries never
 * go stale and one tenant never sees another's. A cache may forget, and a cache that fails counts as one that forgot.
 */
export interface JudgeCache {
  get(key: string): Promise<JudgeCacheEntry | undefined>;
  put(key: string, entry: JudgeCacheEntry): Promise<void>;
}

/** Everything that the answer to a chat depends on. */
interface ChatKeyParts {
  readonly tenantId: string;
  readonly provider: string;
  readonly baseUrl: string;
  readonly model: string;
  readonly params: Readonly<Record<string, unknown>>;
  readonly promptName: string;
  readonly promptVersion: string;
  readonly messages: readonly ChatMessage[];
  readonly schema: Readonly<Record<string, unknown>>;
}

/** SHA-256 in hexadecimal over the canonical JSON of the parts. */
export function chatCacheKey(parts: ChatKeyParts): Promise<string> {
  return sha256Json({ kind: "chat", ...parts });
}

/** SHA-256 in hexadecimal; an embedding depends on the model and the text alone. */
export function embeddingCacheKey(
  parts: Pick<ChatKeyParts, "tenantId" | "provider" | "baseUrl" | "model"> & { readonly text: string },
): Promise<string> {
  return sha256Json({ kind: "embedding", ...parts });
}

/** The in-memory twin: keeps the `capacity` entries used last. */
export function memoryJudgeCache(capacity = 1000): JudgeCache & { readonly size: () => number } {
  const entries = new Map<string, JudgeCacheEntry>();
  return {
    size: () => entries.size,
    async get(key) {
      const entry = entries.get(key);
      if (!entry) return undefined;
      entries.delete(key);
      entries.set(key, entry);
      return entry;
    },
    async put(key, entry) {
      entries.delete(key);
      entries.set(key, entry);
      const oldest = entries.keys().next();
      if (entries.size > capacity && !oldest.done) entries.delete(oldest.value);
    },
  };
}
