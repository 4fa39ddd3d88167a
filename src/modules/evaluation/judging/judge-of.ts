import type { ChatAnswer, ChatMessage, TokenUsage } from "../../../kernel/ports/llm.ts";
import { AppError, problem } from "../../../kernel/problem.ts";
import type { Judge, JudgeCall, JudgeOutcome, JudgeQuestion } from "../judge.ts";
import { embedder } from "./embedder.ts";
import { jsonSchemaOf } from "./json-schema-of.ts";
import { chatCacheKey, type JudgeCacheEntry } from "./judge-cache.ts";
import { type JudgeLine, type JudgeOptions, type JudgeParams, judgeLine } from "./judge-line.ts";
import { parseAnswer } from "./parse-answer.ts";
import { shareInFlight } from "./share-in-flight.ts";
import { estimateTokens } from "./tokens.rules.ts";

type Answered =
  | {
      readonly ok: true;
      readonly entry: Extract<JudgeCacheEntry, { kind: "chat" }>;
      readonly usage: TokenUsage;
      readonly fresh: boolean;
    }
  | {
      readonly ok: false;
      readonly reasonCode: string;
      readonly detail: string;
      readonly usage: TokenUsage;
      readonly repaired: boolean;
    };

const nothing: TokenUsage = { inputTokens: 0, outputTokens: 0 };
const defaultMaxTokens = 8192;

/**
 * A judge over one model. An answer must satisfy the question's schema; if it doesn't, the faults are sent back once.
 * Outcomes without a value have the reason `judge_unparsable`, `judge_refused`, `judge_truncated` or
 * `judge_input_too_long`. Transient failures are tried again here at most twice and then thrown as `AppError`;
 * credentials, credit and unknown models are thrown at once; an abort is thrown as the signal's reason.
 */
export function judgeOf(options: JudgeOptions): Judge {
  const line = judgeLine(options);
  const share = shareInFlight<Answered>();

  async function ask<Value>(
    question: JudgeQuestion<Value>,
    signal?: AbortSignal,
  ): Promise<JudgeOutcome<Value>> {
    const params = paramsOf(question, options.params ?? {});
    const schema = jsonSchemaOf(question.answer);
    const { promptName, promptVersion, messages } = question;
    const key = await chatCacheKey({
      tenantId: options.tenantId,
      provider: options.llm.provider,
      baseUrl: options.baseUrl ?? "",
      model: options.model,
      params,
      promptName,
      promptVersion,
      messages,
      schema,
    });
    const { value: answered, joined } = await share(key, signal, () =>
      answer(line, question, params, schema, key, signal),
    );
    const fresh = !joined && (!answered.ok || answered.fresh);
    const usage = fresh ? answered.usage : nothing;
    const call: JudgeCall = {
      promptName,
      promptVersion,
      provider: options.llm.provider,
      model: options.model,
      params,
      ...usage,
      ...line.cost(options.llm.provider, options.model, usage),
      ...(answered.ok && answered.entry.ignoredParams ? { ignoredParams: answered.entry.ignoredParams } : {}),
      cached: !fresh,
      repaired: answered.ok ? answered.entry.repaired : answered.repaired,
    };
    if (!answered.ok)
      return { ok: false, reasonCode: answered.reasonCode, detail: answered.detail, calls: [call] };
    const parsed = parseAnswer(answered.entry.text, question.answer);
    if (!parsed.ok)
      return { ok: false, reasonCode: "judge_unparsable", detail: parsed.faults.join(" "), calls: [call] };
    const { logprobs } = answered.entry;
    return { ok: true, value: parsed.value, call, ...(logprobs ? { logprobs } : {}) };
  }

  return { ask, embed: embedder(line) };
}

async function answer<Value>(
  line: JudgeLine,
  question: JudgeQuestion<Value>,
  params: Readonly<Record<string, unknown>>,
  schema: Readonly<Record<string, unknown>>,
  key: string,
  signal: AbortSignal | undefined,
): Promise<Answered> {
  const known = await line.cached(key);
  if (known?.kind === "chat" && parseAnswer(known.text, question.answer).ok) {
    return { ok: true, entry: known, usage: nothing, fresh: false };
  }
  const answered = await freshAnswer(line, question, params, schema, signal);
  if (answered.ok) await line.remember(key, answered.entry);
  return answered;
}

async function freshAnswer<Value>(
  line: JudgeLine,
  question: JudgeQuestion<Value>,
  params: Readonly<Record<string, unknown>>,
  schema: Readonly<Record<string, unknown>>,
  signal: AbortSignal | undefined,
): Promise<Answered> {
  let messages = question.messages;
  let usage = nothing;
  for (const repaired of [false, true]) {
    let reply: ChatAnswer;
    try {
      reply = await chat(line, question.promptName, messages, params, schema, signal);
    } catch (error) {
      if (!(error instanceof AppError) || error.failure.code !== "llm.context_too_long") throw error;
      return { ok: false, reasonCode: "judge_input_too_long", detail: error.failure.detail, usage, repaired };
    }
    usage = added(usage, reply.usage);
    if (reply.finishReason === "refusal") {
      return {
        ok: false,
        reasonCode: "judge_refused",
        detail: "The judge refused to answer.",
        usage,
        repaired,
      };
    }
    const parsed = parseAnswer(reply.text, question.answer);
    if (parsed.ok) {
      const { text, logprobs, ignoredParams } = reply;
      const more = { ...(logprobs ? { logprobs } : {}), ...(ignoredParams ? { ignoredParams } : {}) };
      return { ok: true, entry: { kind: "chat", text, repaired, ...more }, usage, fresh: true };
    }
    if (reply.finishReason === "length") {
      return {
        ok: false,
        reasonCode: "judge_truncated",
        detail: "The judge's answer was cut off.",
        usage,
        repaired,
      };
    }
    if (repaired) {
      return { ok: false, reasonCode: "judge_unparsable", detail: parsed.faults.join(" "), usage, repaired };
    }
    messages = [...question.messages, ...repairTurn(reply.text, parsed.faults)];
  }
  throw problem("internal", "evaluation.judge_turns", "A judge's turns never end without an outcome.");
}

function chat(
  line: JudgeLine,
  promptName: string,
  messages: readonly ChatMessage[],
  params: Readonly<Record<string, unknown>>,
  schema: Readonly<Record<string, unknown>>,
  signal: AbortSignal | undefined,
): Promise<ChatAnswer> {
  const { llm, model } = line.options;
  const inputTokens = messages.reduce((sum, message) => sum + estimateTokens(message.content), 0);
  return line.request({ provider: llm.provider, model, kind: "chat", inputTokens }, signal, () =>
    llm.chat(
      {
        model,
        messages,
        jsonSchema: { name: promptName.replace(/[^\w-]/g, "_").slice(0, 64), schema },
        ...sampling(params),
      },
      signal,
    ),
  );
}

function paramsOf(question: JudgeQuestion<unknown>, params: JudgeParams): Readonly<Record<string, unknown>> {
  const temperature = params.temperature === null ? null : (question.temperature ?? params.temperature ?? 0);
  const sample = question.sample ?? 0;
  return {
    temperature,
    maxTokens: params.maxTokens ?? defaultMaxTokens,
    ...(params.seed === undefined ? {} : { seed: params.seed + sample }),
    ...(question.sample === undefined ? {} : { sample }),
    ...(question.topLogprobs === undefined ? {} : { topLogprobs: question.topLogprobs }),
  };
}

function sampling(params: Readonly<Record<string, unknown>>) {
  const { temperature, maxTokens, seed, topLogprobs } = params;
  return {
    ...(typeof temperature === "number" ? { temperature } : {}),
    ...(typeof maxTokens === "number" ? { maxTokens } : {}),
    ...(typeof seed === "number" ? { seed } : {}),
    ...(typeof topLogprobs === "number" ? { topLogprobs } : {}),
  };
}

function repairTurn(text: string, faults: readonly string[]): ChatMessage[] {
  const list = faults.map((fault) => `- ${fault}`).join("\n");
  return [
    { role: "assistant", content: text.trim() === "" ? "(empty)" : text },
    {
      role: "user",
      content: `That answer cannot be used:\n${list}\nAnswer the same task again with one JSON object that satisfies the schema, and nothing around it.`,
    },
  ];
}

function added(a: TokenUsage, b: TokenUsage): TokenUsage {
  return { inputTokens: a.inputTokens + b.inputTokens, outputTokens: a.outputTokens + b.outputTokens };
}
