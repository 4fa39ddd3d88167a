import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import * as z from "zod";
import { AppError, problem } from "../../../../../src/kernel/problem.ts";
import type { JudgeOutcome, JudgeQuestion } from "../../../../../src/modules/evaluation/judge.ts";
import { chatCacheKey, memoryJudgeCache } from "../../../../../src/modules/evaluation/judging/judge-cache.ts";
import { judgeErrorOf } from "../../../../../src/modules/evaluation/judging/judge-error-of.ts";
import type { FinishedCall, PlannedCall } from "../../../../../src/modules/evaluation/judging/judge-line.ts";
import { judgeOf } from "../../../../../src/modules/evaluation/judging/judge-of.ts";
import { scriptedLlm } from "../../../../../src/platform/llm/scripted.ts";
import { scriptedJudge } from "../../../../support/scripted-judge.ts";
import { type ScriptedLlmServer, startScriptedLlm } from "../../../../support/scripted-llm.ts";
import { tokensOf } from "../../../../support/scripted-replies.ts";

let server: ScriptedLlmServer;
beforeAll(async () => {
  server = await startScriptedLlm({ defaultScorer: false });
});
beforeEach(() => server.reset());
afterAll(() => server.close());

const Verdict = z.object({ reason: z.string(), verdict: z.literal([0, 1]) });
const question = (text = "Is it so?"): JudgeQuestion<z.infer<typeof Verdict>> => ({
  promptName: "verdict",
  promptVersion: "3",
  messages: [
    { role: "system", content: "You judge." },
    { role: "user", content: text },
  ],
  answer: Verdict,
});
const shortly = () => new Promise<void>((resolve) => setTimeout(resolve, 40));
const good = { reason: "because", verdict: 1 };
const failureOf = async (work: Promise<unknown>) => {
  const error = await work.catch((reason: unknown) => reason);
  if (error instanceof AppError) return error.failure;
  throw new Error(`expected an AppError, got ${String(error)}`);
};

describe("asking a judge", () => {
  it("gives the value, and a record of the call with exact tokens and cost", async () => {
    server.when({ prompt: "verdict", answer: good });
    const outcome = await scriptedJudge(server, { params: { seed: 5 } }).ask(question());
    const input = tokensOf("You judge.") + tokensOf("Is it so?");
    const output = tokensOf(JSON.stringify(good));
    expect(outcome).toEqual({
      ok: true,
      value: good,
      call: {
        promptName: "verdict",
        promptVersion: "3",
        provider: "openai",
        model: "gpt-4o-mini",
        params: { temperature: 0, maxTokens: 8192, seed: 5 },
        inputTokens: input,
        outputTokens: output,
        costMicros: Math.ceil((input * 150_000 + output * 600_000) / 1_000_000),
        cached: false,
        repaired: false,
      },
    });
    expect(server.requests[0]?.body.response_format).toMatchObject({
      type: "json_schema",
      json_schema: { name: "verdict", strict: true },
    });
    expect(server.requests[0]?.body.seed).toBe(5);
  });

  it("says so when the model has no price", async () => {
    server.when({ answer: good });
    const { call } = await okOf(scriptedJudge(server, { model: "someone-elses-gpt-4o" }).ask(question()));
    expect([call.costMicros, call.priceUnknown]).toEqual([0, true]);
    expect(call.inputTokens).toBeGreaterThan(0);
  });

  it("sends the faults back once, and counts both turns", async () => {
    server.fail({ kind: "text", text: '{"reason":"hm","verdict":5}' });
    server.when({ answer: good });
    const { call, value } = await okOf(scriptedJudge(server).ask(question()));
    expect(value).toEqual(good);
    expect(call.repaired).toBe(true);
    const [first, second] = server.requests;
    expect(second?.messages.slice(0, 2)).toEqual(first?.messages);
    expect(second?.messages[2]).toEqual({ role: "assistant", content: '{"reason":"hm","verdict":5}' });
    expect(second?.messages[3]?.role).toBe("user");
    expect(second?.messages[3]?.content).toContain("verdict: ");
    const sent = [first, second].flatMap((request) => request?.messages ?? []);
    expect(call.inputTokens).toBe(sent.reduce((sum, message) => sum + tokensOf(message.content), 0));
  });

  it.each([
    [
      "judge_unparsable",
      [
        { kind: "text", text: "no" },
        { kind: "text", text: "" },
      ],
      2,
    ],
    ["judge_refused", [{ kind: "refusal" }], 1],
    ["judge_refused", [{ kind: "text", text: "no" }, { kind: "refusal" }], 2],
    ["judge_truncated", [{ kind: "truncated" }], 1],
    [
      "judge_input_too_long",
      [{ kind: "status", status: 400, body: { error: { code: "context_length_exceeded" } } }],
      1,
    ],
  ] as const)("ends as %s after %j", async (reasonCode, failures, requests) => {
    server.fail(...failures);
    const outcome = await scriptedJudge(server).ask(question());
    expect(outcome.ok ? "ok" : outcome.reasonCode).toBe(reasonCode);
    expect(outcome.ok ? 0 : outcome.calls.length).toBe(1);
    expect(server.requests).toHaveLength(requests);
  });
});

describe("transient failures", () => {
  it("are tried again twice with full jitter, and Retry-After wins when it is longer", async () => {
    const waits: number[] = [];
    server.fail({ kind: "rate_limited", retryAfterSeconds: 3 }, { kind: "status", status: 500 });
    server.when({ answer: good });
    const judge = scriptedJudge(server, { sleep: async (ms) => void waits.push(ms) });
    expect((await judge.ask(question())).ok).toBe(true);
    expect(waits).toEqual([3000, 500]);
  });

  it("are thrown after the third try, for the job to be retried", async () => {
    server.fail(
      { kind: "status", status: 502 },
      { kind: "status", status: 502 },
      { kind: "rate_limited", retryAfterSeconds: 2 },
    );
    const failure = await failureOf(scriptedJudge(server).ask(question()));
    expect([failure.code, failure.retryAfterMs]).toEqual(["llm.rate_limited", 2000]);
    expect(server.requests).toHaveLength(3);
  });

  it("are thrown at once when the provider asks for a longer wait than may be spent here", async () => {
    server.fail({ kind: "rate_limited", retryAfterSeconds: 60 });
    expect((await failureOf(scriptedJudge(server).ask(question()))).retryAfterMs).toBe(60_000);
    expect(server.requests).toHaveLength(1);
  });

  it("do not include refused credentials, empty accounts and unknown models", async () => {
    for (const [status, code] of [
      [401, "llm.credentials_refused"],
      [402, "llm.credit_exhausted"],
      [404, "llm.model_unknown"],
    ] as const) {
      server.reset();
      server.fail({ kind: "status", status });
      expect((await failureOf(scriptedJudge(server).ask(question()))).code).toBe(code);
      expect(server.requests).toHaveLength(1);
    }
  });

  it("include a provider that does not answer in time", async () => {
    server.fail({ kind: "hang" }, { kind: "hang" }, { kind: "hang" });
    expect((await failureOf(scriptedJudge(server, {}, 40).ask(question()))).code).toBe("llm.timeout");
    expect(server.requests).toHaveLength(3);
  });

  it("become a judge error, never a score, when the last attempt of the job is over", () => {
    const result = judgeErrorOf({ kind: "timeout", code: "llm.timeout", detail: "late" });
    expect([result.status, result.reasonCode, result.score]).toEqual([
      "judge_error",
      "judge_timeout",
      undefined,
    ]);
    expect(judgeErrorOf({ kind: "limit_reached", code: "llm.credit_exhausted", detail: "" }).reasonCode).toBe(
      "judge_credit_exhausted",
    );
    expect(judgeErrorOf({ kind: "internal", code: "x", detail: "" }).reasonCode).toBe("judge_failed");
  });
});

describe("the cache of a judge", () => {
  it("answers an equal question without a request and without cost, repaired or not", async () => {
    const cache = memoryJudgeCache();
    server.fail({ kind: "text", text: "oops" });
    server.when({ answer: good });
    await scriptedJudge(server, { cache }).ask(question());
    const { call, value } = await okOf(scriptedJudge(server, { cache }).ask(question()));
    expect(value).toEqual(good);
    expect(call).toMatchObject({
      cached: true,
      repaired: true,
      inputTokens: 0,
      outputTokens: 0,
      costMicros: 0,
    });
    expect(server.requests).toHaveLength(2);
  });

  it("does not remember an answer that could not be used", async () => {
    const cache = memoryJudgeCache();
    server.fail({ kind: "refusal" });
    server.when({ answer: good });
    expect((await scriptedJudge(server, { cache }).ask(question())).ok).toBe(false);
    expect((await scriptedJudge(server, { cache }).ask(question())).ok).toBe(true);
    expect(cache.size()).toBe(1);
  });

  it("tells apart everything that could change the answer", async () => {
    const base = {
      tenantId: "tnt_1",
      provider: "openai",
      baseUrl: "https://a.example",
      model: "m",
      params: { temperature: 0, seed: 1 },
      promptName: "p",
      promptVersion: "1",
      messages: [{ role: "user" as const, content: "q" }],
      schema: { type: "object" },
    };
    const variants = [
      base,
      { ...base, tenantId: "tnt_2" },
      { ...base, provider: "vllm" },
      { ...base, baseUrl: "https://b.example" },
      { ...base, model: "m2" },
      { ...base, params: { temperature: 0.3, seed: 1 } },
      { ...base, params: { temperature: 0, seed: 2 } },
      { ...base, promptName: "p2" },
      { ...base, promptVersion: "2" },
      { ...base, messages: [{ role: "user" as const, content: "q2" }] },
      { ...base, messages: [{ role: "system" as const, content: "q" }] },
      { ...base, schema: { type: "array" } },
    ];
    const keys = await Promise.all(variants.map(chatCacheKey));
    expect(new Set(keys).size).toBe(variants.length);
    expect(keys[0]).toMatch(/^[0-9a-f]{64}$/);
    expect(await chatCacheKey({ ...base, params: { seed: 1, temperature: 0 } })).toBe(keys[0]);
  });

  it("keeps repeats of one question apart, each with its own seed and the repeat's temperature", async () => {
    server.when({ answer: good });
    const judge = scriptedJudge(server, { cache: memoryJudgeCache(), params: { seed: 10 } });
    for (const sample of [0, 1, 1]) await judge.ask({ ...question(), sample, temperature: 0.3 });
    expect(server.requests.map(({ body }) => [body.seed, body.temperature])).toEqual([
      [10, 0.3],
      [11, 0.3],
    ]);
  });

  it("is passed over when it fails", async () => {
    server.when({ answer: good });
    const told: unknown[] = [];
    const broken = async () => Promise.reject(new Error("cache is down"));
    const judge = scriptedJudge(server, {
      cache: { get: broken, put: broken },
      onCacheError: (error) => told.push(error),
    });
    expect((await judge.ask(question())).ok).toBe(true);
    expect(told).toHaveLength(2);
  });

  it("forgets what was used longest ago when it is full", async () => {
    const cache = memoryJudgeCache(2);
    const entry = { kind: "embedding" as const, vector: [1] };
    await cache.put("a", entry);
    await cache.put("b", entry);
    await cache.get("a");
    await cache.put("c", entry);
    expect([await cache.get("a"), await cache.get("b"), await cache.get("c")]).toEqual([
      entry,
      undefined,
      entry,
    ]);
  });
});

describe("equal questions at the same time", () => {
  it("share one request, and only one of them pays", async () => {
    server.when({ answer: good });
    const judge = scriptedJudge(server, { beforeCall: shortly, cache: memoryJudgeCache() });
    const calls = await Promise.all([1, 2, 3].map(async () => (await okOf(judge.ask(question()))).call));
    expect(server.requests).toHaveLength(1);
    expect(calls.map(({ cached }) => cached).toSorted()).toEqual([false, true, true]);
    expect(calls.filter(({ inputTokens }) => inputTokens > 0)).toHaveLength(1);
  });

  it("go on for the others when the one who asked first gives up", async () => {
    server.fail({ kind: "hang" });
    server.when({ answer: good });
    const judge = scriptedJudge(server);
    const controller = new AbortController();
    const first = judge.ask(question(), controller.signal);
    const second = judge.ask(question());
    setTimeout(() => controller.abort(new Error("cancelled")), 30);
    await expect(first).rejects.toThrow("cancelled");
    expect((await second).ok).toBe(true);
    expect(server.requests).toHaveLength(2);
  });

  it("let one leave alone", async () => {
    let open = () => {};
    const gate = new Promise<void>((resolve) => {
      open = resolve;
    });
    server.when({ answer: good });
    const judge = scriptedJudge(server, { beforeCall: () => gate });
    const controller = new AbortController();
    const first = judge.ask(question());
    const second = judge.ask(question(), controller.signal);
    setTimeout(() => controller.abort(new Error("cancelled")), 10);
    await expect(second).rejects.toThrow("cancelled");
    open();
    expect((await first).ok).toBe(true);
  });
});

describe("hooks and limits", () => {
  it("calls back before and after every request, retries included", async () => {
    const before: PlannedCall[] = [];
    const after: FinishedCall[] = [];
    server.fail({ kind: "rate_limited", retryAfterSeconds: 1 });
    server.when({ answer: good });
    const judge = scriptedJudge(server, {
      beforeCall: async (call) => void before.push(call),
      afterCall: (call) => after.push(call),
    });
    await judge.ask(question());
    expect(before).toHaveLength(2);
    expect(before[0]).toMatchObject({ provider: "openai", model: "gpt-4o-mini", kind: "chat" });
    expect(before[0]?.inputTokens).toBeGreaterThan(0);
    expect(after.map(({ failure, usage }) => failure?.code ?? usage?.inputTokens)).toEqual([
      "llm.rate_limited",
      tokensOf("You judge.") + tokensOf("Is it so?"),
    ]);
  });

  it("lets a token bucket refuse a call before it is sent", async () => {
    const judge = scriptedJudge(server, {
      beforeCall: async () => {
        throw problem("rate_limited", "policy.rate_limited", "later", { retryAfterMs: 90_000 });
      },
    });
    expect((await failureOf(judge.ask(question()))).code).toBe("policy.rate_limited");
    expect(server.requests).toHaveLength(0);
  });

  it("never has more requests under way than the limit", async () => {
    let now = 0;
    let most = 0;
    const llm = scriptedLlm({
      chat: async () => {
        most = Math.max(most, ++now);
        await new Promise((resolve) => setTimeout(resolve, 5));
        now--;
        return {
          text: JSON.stringify(good),
          finishReason: "stop",
          usage: { inputTokens: 1, outputTokens: 1 },
        };
      },
    });
    const judge = scriptedJudge(server, { llm, maxConcurrent: 2 });
    await Promise.all(Array.from({ length: 9 }, (_, index) => judge.ask(question(`q${index}`))));
    expect(most).toBe(2);
    expect(llm.requests).toHaveLength(9);
  });

  it("stops with the caller's reason while it waits between tries", async () => {
    server.fail({ kind: "status", status: 500 });
    const controller = new AbortController();
    const judge = scriptedJudge(server, {
      sleep: async (_ms, signal) => {
        controller.abort(new Error("cancelled"));
        signal?.throwIfAborted();
      },
    });
    await expect(judge.ask(question(), controller.signal)).rejects.toThrow("cancelled");
    expect(server.requests).toHaveLength(1);
  });
});

describe("embedding", () => {
  it("sends each distinct text once and remembers it", async () => {
    const cache = memoryJudgeCache();
    const judge = scriptedJudge(server, { cache });
    const first = await judge.embed(["a cat", "a dog", "a cat"]);
    const second = await judge.embed(["a dog", "a bird"]);
    const third = await judge.embed(["a bird", "a cat"]);
    expect(server.requests.map(({ body }) => body.input)).toEqual([["a cat", "a dog"], ["a bird"]]);
    expect(first.vectors[0]).toEqual(first.vectors[2]);
    expect(second.vectors[0]).toEqual(first.vectors[1]);
    expect(third.vectors).toEqual([second.vectors[1], first.vectors[0]]);
    expect(first.call).toMatchObject({
      model: "text-embedding-3-small",
      cached: false,
      inputTokens: 4,
      costMicros: 1,
    });
    expect(third.call).toMatchObject({ cached: true, inputTokens: 0, costMicros: 0 });
  });

  it("shares texts that are under way", async () => {
    const judge = scriptedJudge(server, { beforeCall: shortly, cache: memoryJudgeCache() });
    const [one, two] = await Promise.all([judge.embed(["x", "y"]), judge.embed(["y", "z"])]);
    const sent = server.requests.flatMap(({ body }) => (Array.isArray(body.input) ? body.input : []));
    expect(sent.toSorted()).toEqual(["x", "y", "z"]);
    expect(one?.vectors[1]).toEqual(two?.vectors[0]);
  });

  it("embeds again what another caller gave up", async () => {
    server.fail({ kind: "hang" });
    const judge = scriptedJudge(server);
    const controller = new AbortController();
    const first = judge.embed(["x"], controller.signal);
    const second = judge.embed(["x"]);
    setTimeout(() => controller.abort(new Error("cancelled")), 30);
    await expect(first).rejects.toThrow("cancelled");
    expect((await second).vectors[0]?.length).toBe(256);
  });

  it("asks for an embedding model when the profile names none", async () => {
    const llm = scriptedLlm({
      chat: () => ({ text: "", finishReason: "stop", usage: { inputTokens: 0, outputTokens: 0 } }),
    });
    const failure = await failureOf(judgeOf({ llm, tenantId: "t", model: "m" }).embed(["a"]));
    expect(failure.code).toBe("llm.embeddings_missing");
  });
});

async function okOf<Value>(work: Promise<JudgeOutcome<Value>>) {
  const outcome = await work;
  if (!outcome.ok) throw new Error(`${outcome.reasonCode}: ${outcome.detail}`);
  return outcome;
}
