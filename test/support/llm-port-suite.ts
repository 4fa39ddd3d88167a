import { describe, expect, it } from "vitest";
import type { LlmPort } from "../../src/kernel/ports/llm.ts";
import { AppError, type ProblemKind } from "../../src/kernel/problem.ts";

/** How the provider behind a port reacts to the next call. */
export type Reaction =
  | { readonly kind: "answer"; readonly text: string }
  | { readonly kind: "rate_limited"; readonly retryAfterSeconds: number }
  | { readonly kind: "failing" }
  | { readonly kind: "overloaded" }
  | { readonly kind: "bad_credentials" }
  | { readonly kind: "unknown_model" }
  | { readonly kind: "no_credit" }
  | { readonly kind: "too_long" }
  | { readonly kind: "refusal" }
  | { readonly kind: "truncated" }
  | { readonly kind: "hang" };

interface LlmHarness {
  /** A port whose own time limit is at most 500 ms. */
  readonly llm: LlmPort;
  readonly secret?: string;
  readonly embeds: boolean;
  /** Whether this provider can tell that an answer was refused or cut off, and when to come back. */
  readonly tellsFinish: boolean;
  readonly tellsRetryAfter: boolean;
  react(reaction: Reaction): void;
}

const failures: readonly [Reaction, ProblemKind, string][] = [
  [{ kind: "rate_limited", retryAfterSeconds: 7 }, "rate_limited", "llm.rate_limited"],
  [{ kind: "failing" }, "upstream_failed", "llm.upstream_failed"],
  [{ kind: "overloaded" }, "unavailable", "llm.overloaded"],
  [{ kind: "bad_credentials" }, "unauthenticated", "llm.credentials_refused"],
  [{ kind: "unknown_model" }, "not_found", "llm.model_unknown"],
  [{ kind: "no_credit" }, "limit_reached", "llm.credit_exhausted"],
  [{ kind: "too_long" }, "too_large", "llm.context_too_long"],
  [{ kind: "hang" }, "timeout", "llm.timeout"],
];

/** What every provider must do; `skips` names reactions that a provider has no way to express. */
export function llmPortSuite(
  name: string,
  harness: () => LlmHarness,
  skips: readonly Reaction["kind"][] = [],
): void {
  const request = {
    model: "judge-1",
    messages: [
      { role: "system" as const, content: "You judge." },
      { role: "user" as const, content: "안녕하세요" },
    ],
    jsonSchema: {
      name: "verdict",
      schema: {
        type: "object",
        properties: { ok: { type: "boolean" } },
        required: ["ok"],
        additionalProperties: false,
      },
    },
    temperature: 0,
    maxTokens: 100,
  };

  async function failureOf(work: Promise<unknown>): Promise<AppError> {
    const error = await work.then(
      () => undefined,
      (reason: unknown) => reason,
    );
    if (error instanceof AppError) return error;
    throw new Error(`expected an AppError, got ${String(error)}`);
  }

  describe(`${name} as a model provider`, () => {
    it("answers with the text, why it ended and what it used", async () => {
      const { llm, react } = harness();
      react({ kind: "answer", text: '{"ok":true}' });
      const answer = await llm.chat(request);
      expect(JSON.parse(answer.text)).toEqual({ ok: true });
      expect(answer.finishReason).toBe("stop");
      expect(answer.usage.inputTokens).toBeGreaterThan(0);
      expect(answer.usage.outputTokens).toBeGreaterThan(0);
    });

    it("embeds every text in its order, or says that it has no embeddings", async () => {
      const { llm, embeds } = harness();
      if (!embeds) {
        expect((await failureOf(llm.embed("embed-1", ["a"]))).failure.code).toBe(
          "llm.embeddings_unsupported",
        );
        return;
      }
      const { vectors, usage } = await llm.embed("embed-1", ["one fish", "두 마리", "one fish"]);
      expect(vectors).toHaveLength(3);
      expect(vectors[0]).toEqual(vectors[2]);
      expect(vectors[0]).not.toEqual(vectors[1]);
      expect(usage.inputTokens).toBeGreaterThan(0);
      expect((await llm.embed("embed-1", [])).vectors).toEqual([]);
    });

    for (const [reaction, kind, code] of failures.filter(([{ kind }]) => !skips.includes(kind))) {
      it(`reports ${reaction.kind} as ${kind} (${code}) without the secret`, async () => {
        const { llm, react, secret, tellsRetryAfter } = harness();
        react(reaction);
        const { failure } = await failureOf(llm.chat(request));
        expect({ kind: failure.kind, code: failure.code }).toEqual({ kind, code });
        if (reaction.kind === "rate_limited" && tellsRetryAfter) expect(failure.retryAfterMs).toBe(7000);
        if (secret) expect(JSON.stringify(failure)).not.toContain(secret);
      });
    }

    it("marks a refused and a truncated answer", async () => {
      const { llm, react, tellsFinish } = harness();
      if (!tellsFinish) return expect(llm.provider).toBe("workers-ai");
      react({ kind: "refusal" });
      expect((await llm.chat(request)).finishReason).toBe("refusal");
      react({ kind: "truncated" });
      expect((await llm.chat(request)).finishReason).toBe("length");
    });

    it("stops with the caller's own reason when the caller aborts", async () => {
      const { llm, react } = harness();
      react({ kind: "hang" });
      const controller = new AbortController();
      const reason = new Error("the job was cancelled");
      setTimeout(() => controller.abort(reason), 20);
      await expect(llm.chat(request, controller.signal)).rejects.toBe(reason);
      await expect(llm.chat(request, AbortSignal.abort(reason))).rejects.toBe(reason);
    });
  });
}
