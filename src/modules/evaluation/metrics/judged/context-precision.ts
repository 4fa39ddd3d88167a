import * as z from "zod";
import { judgedMetric } from "./judged-metric.ts";
import { rankUsefulContexts } from "./rank-useful-contexts.ts";

const Options = z.strictObject({ compat: z.enum(["none", "ragas", "autoevals"]).default("none") });

/**
 * Average precision of the retrieved contexts, each judged useful or not to arrive at the reference: Σ P@k·v_k / Σ v_k,
 * in [0, 1]; nothing useful is 0. Source: Ragas context_precision with reference (which adds 1e-10 below: option).
 */
export const contextPrecision = judgedMetric<z.infer<typeof Options>>({
  name: "context_precision",
  title: { en: "Context precision", ko: "문맥 정밀도" },
  direction: "higher",
  range: [0, 1],
  needs: ["input", "reference", "contexts"],
  usesEmbeddings: false,
  source: "Ragas context_precision (with reference)",
  options: Options,
  expectedJudgeCalls: ({ contexts }, { compat }) => (compat === "autoevals" ? 1 : contexts.length),
  run: ({ question, reference, retrieved }, { compat }, bench) =>
    rankUsefulContexts({ question, answer: reference, retrieved }, compat, bench),
});
