import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { AppError } from "../../../../src/kernel/problem.ts";
import { safeBaseUrl } from "../../../../src/platform/egress/safe-base-url.ts";
import { createLlm, type LlmProfile } from "../../../../src/platform/llm/create-llm.ts";
import { providerProblem, retryAfterMsOf } from "../../../../src/platform/llm/provider-problem.ts";
import { urlUnder } from "../../../../src/platform/llm/url-under.ts";
import { type ScriptedLlmServer, startScriptedLlm } from "../../../support/scripted-llm.ts";

let server: ScriptedLlmServer;
beforeAll(async () => {
  server = await startScriptedLlm();
});
beforeEach(() => server.reset());
afterAll(() => server.close());

const user = [{ role: "user" as const, content: "hello" }];
const schema = { name: "verdict", schema: { type: "object" } };
const made = (profile: Partial<LlmProfile>, secret: string | undefined = "sk-secret-abcdef", more = {}) =>
  createLlm({ provider: "openai", baseUrl: server.baseUrl, model: "judge-1", ...profile }, secret, {
    allowedHosts: [server.host],
    ...more,
  });
const codeOf = async (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => "no problem",
    (error: unknown) => (error instanceof AppError ? error.failure.code : String(error)),
  );
const codeThrown = (work: () => unknown): string => {
  try {
    work();
    return "no problem";
  } catch (error) {
    return error instanceof AppError ? error.failure.code : String(error);
  }
};

describe("requests to an OpenAI-compatible server", () => {
  it("carry the schema, the sampling parameters and a bearer token", async () => {
    server.fail({ kind: "text", text: "{}" });
    await made({}).chat({
      model: "judge-1",
      messages: user,
      jsonSchema: schema,
      temperature: 0,
      seed: 7,
      maxTokens: 50,
      topLogprobs: 5,
    });
    const [request] = server.requests;
    expect(request?.path).toBe("/v1/chat/completions");
    expect(request?.headers.authorization).toBe("Bearer sk-secret-abcdef");
    expect(request?.body).toEqual({
      model: "judge-1",
      messages: user,
      max_completion_tokens: 50,
      temperature: 0,
      seed: 7,
      logprobs: true,
      top_logprobs: 5,
      response_format: { type: "json_schema", json_schema: { ...schema, strict: true } },
    });
  });

  it("go to Azure's deployment with its key and version", async () => {
    server.fail({ kind: "text", text: "{}" });
    const llm = made({
      provider: "azure-openai",
      baseUrl: server.origin,
      deployment: "my judge",
      embeddingDeployment: "emb",
      apiVersion: "2024-06-01",
    });
    await llm.chat({ model: "judge-1", messages: user, maxTokens: 50 });
    await llm.embed("text-embedding-3-small", ["a"]);
    expect(server.requests.map(({ path }) => path)).toEqual([
      "/openai/deployments/my%20judge/chat/completions",
      "/openai/deployments/emb/embeddings",
    ]);
    expect(server.requests[0]?.headers["api-key"]).toBe("sk-secret-abcdef");
    expect(server.requests[0]?.headers.authorization).toBeUndefined();
    expect(server.requests[0]?.body.max_tokens).toBe(50);
  });

  it("need no secret for Ollama and vLLM and send max_tokens", async () => {
    server.fail({ kind: "text", text: "{}" });
    await made({ provider: "ollama" }, "").chat({ model: "qwen3", messages: user, maxTokens: 9 });
    expect(server.requests[0]?.headers.authorization).toBeUndefined();
    expect(server.requests[0]?.body.max_tokens).toBe(9);
  });

  it("leave the schema to the prompt where the profile says so", async () => {
    server.fail({ kind: "text", text: "{}" }, { kind: "text", text: "{}" });
    await made({ quirks: { structuredOutput: "json_object" } }).chat({
      model: "m",
      messages: user,
      jsonSchema: schema,
    });
    await made({ quirks: { structuredOutput: "none" } }).chat({
      model: "m",
      messages: user,
      jsonSchema: schema,
    });
    expect(server.requests[0]?.body.response_format).toEqual({ type: "json_object" });
    expect(server.requests[1]?.body.response_format).toBeUndefined();
  });

  it("are repeated without a sampling parameter that the model refuses, which the answer names", async () => {
    const refuse = (param: string) => ({
      kind: "status" as const,
      status: 400,
      body: { error: { message: `Unsupported value: '${param}'`, param, code: "unsupported_value" } },
    });
    server.fail(
      refuse("temperature"),
      refuse("logprobs"),
      { kind: "text", text: "{}" },
      { kind: "text", text: "{}" },
    );
    const llm = made({});
    const request = { model: "thinker", messages: user, temperature: 0, seed: 1, topLogprobs: 3 };
    const answer = await llm.chat(request);
    expect(answer.ignoredParams).toEqual(["temperature", "logprobs"]);
    expect(Object.keys(server.requests[2]?.body ?? {})).toEqual(["model", "messages", "seed"]);
    await llm.chat(request);
    expect(server.requests).toHaveLength(4);
  });

  it("do not repeat a request that is refused for another reason", async () => {
    server.fail({
      kind: "status",
      status: 400,
      body: { error: { message: "bad schema for key sk-secret-abcdef" } },
    });
    const error = await made({})
      .chat({ model: "m", messages: user, temperature: 0 })
      .catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(AppError);
    expect(String(error)).toContain("bad schema");
    expect(String(error)).not.toContain("sk-secret");
    expect(server.requests).toHaveLength(1);
  });

  it("give the chosen token first among its candidates", async () => {
    server.when({ answer: "7", logprobs: [{ token: "7", logprob: -0.5, top: { "8": -0.4, "7": -0.5 } }] });
    const answer = await made({}).chat({ model: "m", messages: user, topLogprobs: 2 });
    expect(answer.logprobs).toEqual([
      [
        { token: "7", logprob: -0.5 },
        { token: "8", logprob: -0.4 },
      ],
    ]);
  });

  it("send embeddings in batches of 64 and restore the order", async () => {
    const texts = Array.from({ length: 130 }, (_, index) => `text ${index}`);
    const { vectors } = await made({}).embed("e", texts);
    expect(server.requests.map(({ body }) => (Array.isArray(body.input) ? body.input.length : 0))).toEqual([
      64, 64, 2,
    ]);
    const [alone] = (await made({}).embed("e", ["text 65"])).vectors;
    expect(vectors[65]).toEqual(alone);
  });

  it("take a content filter's 400 as a refusal", async () => {
    server.fail({ kind: "content_filter" });
    expect((await made({}).chat({ model: "m", messages: user })).finishReason).toBe("refusal");
  });
});

describe("what must not come in", () => {
  it("does not follow a redirect", async () => {
    server.fail({ kind: "redirect", to: `${server.baseUrl}/models` });
    expect(await codeOf(made({}).chat({ model: "m", messages: user }))).toBe("llm.redirect_refused");
    expect(server.requests).toHaveLength(1);
  });

  it("stops reading an answer that is larger than the limit", async () => {
    server.fail({ kind: "huge_body", bytes: 200_000 });
    const llm = made({}, "sk-x-abcdef", { maxResponseBytes: 100_000 });
    expect(await codeOf(llm.chat({ model: "m", messages: user }))).toBe("llm.answer_too_large");
  });

  it("reports a broken body and a dropped connection as upstream failures", async () => {
    server.fail({ kind: "broken_body" }, { kind: "drop" });
    expect(await codeOf(made({}).chat({ model: "m", messages: user }))).toBe("llm.answer_unreadable");
    expect(await codeOf(made({}).chat({ model: "m", messages: user }))).toBe("llm.unreachable");
  });
});

describe("requests to Anthropic", () => {
  const profile = { provider: "anthropic" as const };

  it("put the system text aside and constrain the output by a format or a forced tool", async () => {
    server.fail({ kind: "text", text: "{}" }, { kind: "text", text: '{"ok":true}' });
    const messages = [{ role: "system" as const, content: "Judge." }, ...user];
    await made({ ...profile, baseUrl: server.origin }).chat({ model: "c", messages, jsonSchema: schema });
    const tool = made({ ...profile, baseUrl: server.origin, quirks: { structuredOutput: "tool" } });
    const answer = await tool.chat({ model: "c", messages, jsonSchema: schema });
    const [first, second] = server.requests;
    expect(first?.body.system).toBe("Judge.");
    expect(first?.body.messages).toEqual(user);
    expect(first?.body.output_config).toEqual({ format: { type: "json_schema", schema: schema.schema } });
    expect(first?.headers["anthropic-version"]).toBe("2023-06-01");
    expect(first?.body.max_tokens).toBe(8192);
    expect(second?.body.tool_choice).toEqual({
      type: "tool",
      name: "verdict",
      disable_parallel_tool_use: true,
    });
    expect(answer.text).toBe('{"ok":true}');
  });

  it("are repeated without a temperature that the model refuses, and name what it lacks", async () => {
    server.fail(
      {
        kind: "status",
        status: 400,
        body: { error: { type: "invalid_request_error", message: "temperature is not supported" } },
      },
      { kind: "text", text: "{}" },
    );
    const llm = made({ ...profile, baseUrl: server.origin });
    const answer = await llm.chat({ model: "c", messages: user, temperature: 0, seed: 3, topLogprobs: 5 });
    expect(answer.ignoredParams).toEqual(["temperature", "seed", "logprobs"]);
    expect(server.requests[1]?.body.temperature).toBeUndefined();
  });
});

describe("Workers AI", () => {
  const run = (result: unknown) =>
    createLlm({ provider: "workers-ai", model: "m" }, undefined, { ai: { run: async () => result } });

  it("reads both shapes of chat answers", async () => {
    const own = await run({ response: { ok: true } }).chat({ model: "m", messages: user });
    expect(own.text).toBe('{"ok":true}');
    const choices = [{ message: { content: "hi" }, finish_reason: "length" }];
    const openAi = await run({ choices, usage: { prompt_tokens: 3, completion_tokens: 1 } }).chat({
      model: "m",
      messages: user,
    });
    expect(openAi).toEqual({
      text: "hi",
      finishReason: "length",
      usage: { inputTokens: 3, outputTokens: 1 },
    });
  });

  it("gives an empty answer, to be repaired, where JSON mode could not be met", async () => {
    const ai = { run: async () => Promise.reject(new Error("5024: JSON Mode couldn't be met")) };
    const llm = createLlm({ provider: "workers-ai", model: "m" }, undefined, { ai });
    expect((await llm.chat({ model: "m", messages: user })).text).toBe("");
  });

  it("needs the binding", () => {
    expect(codeThrown(() => createLlm({ provider: "workers-ai", model: "m" }, undefined))).toBe(
      "llm.binding_missing",
    );
  });
});

describe("profiles and addresses", () => {
  it("refuses unknown fields with a pointer", () => {
    const profile: LlmProfile & { extra: number } = { provider: "openai", model: "m", extra: 1 };
    expect(codeThrown(() => createLlm(profile, "k"))).toBe("llm.profile_invalid");
  });

  it("refuses a missing secret, and one that no header may carry", () => {
    expect(codeThrown(() => createLlm({ provider: "openai", model: "m" }, undefined))).toBe(
      "llm.credentials_missing",
    );
    expect(codeThrown(() => createLlm({ provider: "openai", model: "m" }, "sk-1\r\nx: y"))).toBe(
      "llm.credentials_refused",
    );
  });

  it.each([
    ["http://api.example.com/v1", "llm.host_refused"],
    ["https://10.0.0.8/v1", "llm.host_refused"],
    ["https://[::1]/v1", "llm.host_refused"],
    ["https://2130706433/v1", "llm.host_refused"],
    ["https://localhost:9000", "llm.host_refused"],
    ["https://metadata.google.internal", "llm.host_refused"],
    ["https://intranet", "llm.host_refused"],
    ["https://user:pw@api.example.com", "llm.base_url_invalid"],
    ["https://api.example.com/v1?key=1", "llm.base_url_invalid"],
    ["ftp://api.example.com", "llm.base_url_invalid"],
    ["not a url", "llm.base_url_invalid"],
    ["https://api.example.com/v1", "no problem"],
  ])("meets the base URL %s with %s", (url, code) => {
    expect(codeThrown(() => safeBaseUrl(url))).toBe(code);
  });

  it("lets an operator allow a host by name, with or without its port", () => {
    expect(codeThrown(() => safeBaseUrl("http://localhost:11434/v1", ["localhost"]))).toBe("no problem");
    expect(codeThrown(() => safeBaseUrl("http://10.0.0.8:8000", ["10.0.0.8:8000"]))).toBe("no problem");
    expect(codeThrown(() => safeBaseUrl("http://10.0.0.8:8001", ["10.0.0.8:8000"]))).toBe("llm.host_refused");
    expect(codeThrown(() => createLlm({ provider: "ollama", model: "m" }, undefined))).toBe(
      "llm.host_refused",
    );
  });

  it("joins paths with one slash", () => {
    expect(urlUnder(new URL("https://a.example/v1/"), "chat", { v: "1 2" })).toBe(
      "https://a.example/v1/chat?v=1+2",
    );
  });
});

describe("problems of providers", () => {
  const base = { provider: "openai", model: "m", body: {} };

  it("reads Retry-After in seconds, as a date and in milliseconds", () => {
    const now = Date.parse("2026-01-01T00:00:00Z");
    expect(retryAfterMsOf(new Headers({ "retry-after": "1.5" }), now)).toBe(1500);
    expect(retryAfterMsOf(new Headers({ "retry-after": "Thu, 01 Jan 2026 00:00:09 GMT" }), now)).toBe(9000);
    expect(retryAfterMsOf(new Headers({ "retry-after-ms": "250" }), now)).toBe(250);
    expect(retryAfterMsOf(new Headers({ "retry-after": "soon" }), now)).toBeUndefined();
    expect(retryAfterMsOf(new Headers(), now)).toBeUndefined();
  });

  it.each([
    [402, "limit_reached", false],
    [403, "forbidden", false],
    [408, "timeout", true],
    [422, "invalid_input", false],
    [500, "upstream_failed", true],
    [501, "invalid_input", false],
    [502, "upstream_failed", true],
    [503, "unavailable", true],
    [529, "unavailable", true],
  ] as const)("maps the status %i to %s", (status, kind, retryable) => {
    const error = providerProblem({ ...base, status });
    expect([error.kind, error.retryable]).toEqual([kind, retryable]);
  });
});
