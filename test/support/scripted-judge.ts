import type { Judge } from "../../src/modules/evaluation/judge.ts";
import type { JudgeOptions } from "../../src/modules/evaluation/judging/judge-line.ts";
import { judgeOf } from "../../src/modules/evaluation/judging/judge-of.ts";
import { createLlm } from "../../src/platform/llm/create-llm.ts";
import type { ScriptedLlmServer } from "./scripted-llm.ts";

/** A judge that speaks to the scripted server over HTTP and waits for nothing between tries. */
export function scriptedJudge(
  server: ScriptedLlmServer,
  more: Partial<JudgeOptions> = {},
  timeoutMs = 2000,
): Judge {
  const profile = { provider: "openai" as const, baseUrl: server.baseUrl, model: "gpt-4o-mini" };
  return judgeOf({
    llm: createLlm(profile, "sk-scripted-key", { allowedHosts: [server.host], timeoutMs }),
    tenantId: "tnt_1",
    baseUrl: server.baseUrl,
    model: profile.model,
    embeddingModel: "text-embedding-3-small",
    sleep: async () => undefined,
    random: () => 0.5,
    now: () => new Date("2026-01-01T00:00:00Z"),
    ...more,
  });
}
