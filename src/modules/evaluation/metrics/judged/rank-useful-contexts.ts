import { type MetricResult, scored } from "../../metric.ts";
import { type Bench, together } from "./judged-metric.ts";
import { averagePrecision } from "./precision-recall.rules.ts";
import { contextUsefulnessPrompt } from "./prompts/context-usefulness.ts";

type RankingCompat = "none" | "ragas" | "autoevals";

/**
 * Average precision over the verdicts "was this context useful to arrive at the answer", one call for each retrieved
 * context; a blank one is useless without a call. `ragas` adds 1e-10 below; `autoevals` asks once for all contexts.
 */
export async function rankUsefulContexts(
  sample: { readonly question: string; readonly answer: string; readonly retrieved: readonly string[] },
  compat: RankingCompat,
  bench: Bench,
): Promise<MetricResult> {
  const { question, answer, retrieved } = sample;
  const judged = compat === "autoevals" ? [retrieved.join("\n")] : retrieved;
  const verdicts = await together(
    judged.map(async (context) =>
      context.trim() === ""
        ? { verdict: 0, reason: "blank" }
        : bench.ask(contextUsefulnessPrompt, { question, answer, context }),
    ),
  );
  const evidence = verdicts.map(({ verdict, reason }, index) => ({
    kind: "context",
    verdict,
    reason,
    data: { rank: index + 1 },
  }));
  const useful = verdicts.map(({ verdict }) => verdict === 1);
  return scored(averagePrecision(useful, compat === "ragas" ? 1e-10 : 0), evidence);
}
