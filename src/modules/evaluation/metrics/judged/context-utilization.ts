import * as z from "zod";
import { judgedMetric } from "./judged-metric.ts";
import { rankUsefulContexts } from "./rank-useful-contexts.ts";

const Options = z.strictObject({ compat: z.enum(["none", "ragas"]).default("none") });

/**
 * Context precision with the response in the reference's place, in [0, 1]. It rewards contexts that support a wrong
 * answer, so a gate should never rest on it alone. Source: Ragas context_precision without reference.
 */
export const contextUtilization = judgedMetric<z.infer<typeof Options>>({
  name: "context_utilization",
  title: { en: "Context utilization", ko: "문맥 활용도" },
  direction: "higher",
  range: [0, 1],
  needs: ["input", "output", "contexts"],
  usesEmbeddings: false,
  source: "Ragas context_precision (without reference)",
  options: Options,
  expectedJudgeCalls: ({ contexts }) => contexts.length,
  run: ({ question, output, retrieved }, { compat }, bench) =>
    rankUsefulContexts({ question, answer: output, retrieved }, compat, bench),
});
