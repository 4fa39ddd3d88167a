import type { Ctx } from "../../../kernel/context.ts";
import { tenantKey } from "../../../kernel/ports/blob.ts";
import type { StepHost } from "../../jobs/index.ts";
import { readSecret } from "../../secrets/index.ts";
import type { Judge } from "../judge.ts";
import type { JudgeCache, JudgeCacheEntry } from "../judging/judge-cache.ts";
import { judgeOf } from "../judging/judge-of.ts";
import { withPrices } from "../judging/prices.rules.ts";
import type { RunConfig } from "../planning/run-config.ts";

/** What a worker has used so far, over all calls of its step. */
export interface Use {
  costMicros: number;
  requests: number;
  tokens: number;
}

/** The tenant's memory of judge answers, in the object store; repeats of a case are remembered apart. */
export function blobJudgeCache(ctx: Ctx, repeat: number): JudgeCache {
  const keyOf = (key: string) => tenantKey(ctx.tenantId, "judge-cache", `${key}-${repeat}`);
  return {
    async get(key) {
      const object = await ctx.ports.blobs.get(keyOf(key));
      return object === null ? undefined : ((await new Response(object.body).json()) as JudgeCacheEntry);
    },
    async put(key, entry) {
      await ctx.ports.blobs.put(keyOf(key), JSON.stringify(entry), "application/json");
    },
  };
}

/** Builds the judge of a run for one repeat: provider, secret, prices, cache, token buckets and accounting. */
export async function judgeFor(
  ctx: Ctx,
  config: RunConfig,
  repeat: number,
  host: Pick<StepHost, "takeTokens" | "reportRateLimit">,
  use: Use,
): Promise<Judge | undefined> {
  const { judge } = config;
  if (judge === null) return undefined;
  const { link } = judge;
  const secret = link.secretName === undefined ? undefined : await readSecret(ctx, link.secretName);
  const llm = ctx.ports.llms.open(link, secret);
  const params = judge.params as { temperature?: number; maxTokens?: number; seed?: number };
  return judgeOf({
    llm,
    tenantId: ctx.tenantId,
    model: link.model,
    params: { ...params, seed: (params.seed ?? config.seed) + repeat * 1_000 },
    prices: withPrices(judge.prices),
    ...(link.baseUrl === undefined ? {} : { baseUrl: link.baseUrl }),
    ...(link.embeddingModel === undefined ? {} : { embeddingModel: link.embeddingModel }),
    ...(config.cache ? { cache: blobJudgeCache(ctx, repeat) } : {}),
    onCacheError: (error) => ctx.log("warn", "judge cache failed", { error }),
    async beforeCall(call) {
      if (judge.limited) await host.takeTokens(1, call.inputTokens);
    },
    afterCall(call) {
      use.requests++;
      use.tokens += (call.usage?.inputTokens ?? 0) + (call.usage?.outputTokens ?? 0);
      use.costMicros += call.costMicros ?? 0;
      const status = call.failure === undefined ? "ok" : call.failure.kind;
      const labels = { provider: call.provider, model: call.model, status };
      ctx.ports.meter.count("maru_llm_requests_total", labels);
      const { inputTokens = 0, outputTokens = 0 } = call.usage ?? {};
      const used = { tenant_id: ctx.tenantId, provider: call.provider, model: call.model };
      ctx.ports.meter.count("maru_llm_tokens_total", { ...used, direction: "input" }, inputTokens);
      ctx.ports.meter.count("maru_llm_tokens_total", { ...used, direction: "output" }, outputTokens);
      if (call.costMicros) {
        const { provider, model } = call;
        ctx.ports.meter.count(
          "maru_llm_cost_usd_total",
          { tenant_id: ctx.tenantId, provider, model },
          call.costMicros / 1e6,
        );
      }
      if (call.failure?.kind === "rate_limited") {
        host
          .reportRateLimit(call.failure.retryAfterMs)
          .catch((error) => ctx.log("warn", "rate limit not told", { error }));
      }
    },
  });
}
