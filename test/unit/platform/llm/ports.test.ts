import { afterAll, beforeAll, beforeEach } from "vitest";
import type { ChatAnswer } from "../../../../src/kernel/ports/llm.ts";
import { problem } from "../../../../src/kernel/problem.ts";
import { createLlm } from "../../../../src/platform/llm/create-llm.ts";
import { scriptedLlm } from "../../../../src/platform/llm/scripted.ts";
import { httpReaction } from "../../../support/http-reaction.ts";
import { llmPortSuite, type Reaction } from "../../../support/llm-port-suite.ts";
import { type ScriptedLlmServer, startScriptedLlm } from "../../../support/scripted-llm.ts";
import { hashedEmbedding } from "../../../support/scripted-scorer.ts";

const secret = "sk-very-secret-0123456789";
let server: ScriptedLlmServer;
beforeAll(async () => {
  server = await startScriptedLlm({ apiKey: secret });
});
beforeEach(() => server.reset());
afterAll(() => server.close());

const options = () => ({ allowedHosts: [server.host], timeoutMs: 300 });
const http = { secret, embeds: true, tellsFinish: true, tellsRetryAfter: true };

llmPortSuite("OpenAI", () => ({
  ...http,
  llm: createLlm({ provider: "openai", baseUrl: server.baseUrl, model: "judge-1" }, secret, options()),
  react: (reaction) => server.fail(httpReaction("openai", reaction)),
}));

llmPortSuite("Azure OpenAI", () => ({
  ...http,
  llm: createLlm(
    { provider: "azure-openai", baseUrl: server.origin, model: "judge-1", deployment: "my-judge" },
    secret,
    options(),
  ),
  react: (reaction) => server.fail(httpReaction("openai", reaction)),
}));

for (const structuredOutput of ["output_format", "tool"] as const) {
  llmPortSuite(`Anthropic (${structuredOutput})`, () => ({
    ...http,
    embeds: false,
    llm: createLlm(
      { provider: "anthropic", baseUrl: server.origin, model: "judge-1", quirks: { structuredOutput } },
      secret,
      options(),
    ),
    react: (reaction) => server.fail(httpReaction("anthropic", reaction)),
  }));
}

const bindingErrors: Partial<Record<Reaction["kind"], string>> = {
  rate_limited: "3040: No more data centers to forward the request to",
  failing: "1031: internal error",
  unknown_model: "5007: No such model judge-1 or task",
  no_credit: "3036: you have used up your daily free allocation",
  too_long: "3006: Request is too large",
};

llmPortSuite("Workers AI", () => {
  const reactions: Reaction[] = [];
  const run = async (_model: string, inputs: Record<string, unknown>): Promise<unknown> => {
    if (Array.isArray(inputs.text)) return { data: inputs.text.map((text) => hashedEmbedding(String(text))) };
    const reaction = reactions.shift();
    if (reaction?.kind === "hang") return new Promise(() => undefined);
    if (reaction?.kind === "answer") {
      return { response: JSON.parse(reaction.text), usage: { prompt_tokens: 12, completion_tokens: 5 } };
    }
    throw new Error(`InferenceUpstreamError: ${reaction ? bindingErrors[reaction.kind] : "nothing staged"}`);
  };
  return {
    embeds: true,
    tellsFinish: false,
    tellsRetryAfter: false,
    llm: createLlm({ provider: "workers-ai", model: "judge-1" }, undefined, { ai: { run }, timeoutMs: 300 }),
    react: (reaction) => reactions.push(reaction),
  };
}, ["overloaded", "bad_credentials"]);

llmPortSuite("The in-memory provider", () => {
  const reactions: Reaction[] = [];
  const usage = { inputTokens: 12, outputTokens: 5 };
  const chat = (): Promise<ChatAnswer> | ChatAnswer => {
    const reaction = reactions.shift();
    switch (reaction?.kind) {
      case "answer":
        return { text: reaction.text, finishReason: "stop", usage };
      case "refusal":
        return { text: "", finishReason: "refusal", usage };
      case "truncated":
        return { text: '{"ok"', finishReason: "length", usage };
      case "hang":
        return new Promise((_, reject) =>
          setTimeout(() => reject(problem("timeout", "llm.timeout", "late")), 100),
        );
      case "rate_limited":
        throw problem("rate_limited", "llm.rate_limited", "slow", {
          retryAfterMs: reaction.retryAfterSeconds * 1000,
        });
      case "failing":
        throw problem("upstream_failed", "llm.upstream_failed", "failed");
      case "overloaded":
        throw problem("unavailable", "llm.overloaded", "overloaded");
      case "bad_credentials":
        throw problem("unauthenticated", "llm.credentials_refused", "refused");
      case "unknown_model":
        throw problem("not_found", "llm.model_unknown", "unknown");
      case "no_credit":
        throw problem("limit_reached", "llm.credit_exhausted", "empty");
      default:
        throw problem("too_large", "llm.context_too_long", "long");
    }
  };
  return {
    embeds: true,
    tellsFinish: true,
    tellsRetryAfter: true,
    llm: scriptedLlm({ chat, embed: hashedEmbedding }),
    react: (reaction) => reactions.push(reaction),
  };
});
