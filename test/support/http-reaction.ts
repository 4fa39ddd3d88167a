import type { Reaction } from "./llm-port-suite.ts";
import type { ScriptedFailure } from "./scripted-llm.ts";

/** A reaction as the scripted server shows it, in the words of the OpenAI protocol or of Anthropic's. */
export function httpReaction(protocol: "openai" | "anthropic", reaction: Reaction): ScriptedFailure {
  const openai = protocol === "openai";
  const error = (status: number, code: string, message: string): ScriptedFailure => ({
    kind: "status",
    status,
    body: openai ? { error: { message, code } } : { type: "error", error: { type: code, message } },
  });
  switch (reaction.kind) {
    case "answer":
      return { kind: "text", text: reaction.text };
    case "rate_limited":
      return reaction;
    case "failing":
      return error(500, "api_error", "something broke");
    case "overloaded":
      return error(openai ? 503 : 529, "overloaded_error", "overloaded");
    case "bad_credentials":
      return error(401, "invalid_api_key", "Incorrect API key provided: sk-very-secret-0123456789.");
    case "unknown_model":
      return error(404, "model_not_found", "no such model");
    case "no_credit":
      return openai
        ? error(429, "insufficient_quota", "You exceeded your current quota.")
        : error(400, "invalid_request_error", "Your credit balance is too low to access the API.");
    case "too_long":
      return openai
        ? error(400, "context_length_exceeded", "This model's maximum context length is 100 tokens.")
        : error(400, "invalid_request_error", "prompt is too long: 300000 tokens > 200000 maximum");
    case "refusal":
    case "truncated":
    case "hang":
      return { kind: reaction.kind };
  }
}
