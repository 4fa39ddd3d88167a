import * as z from "zod";
import { type Evidence, notApplicable, scored } from "../../metric.ts";
import { cosine, noAngle } from "./cosine.rules.ts";
import { type Bench, judgedMetric, together } from "./judged-metric.ts";
import { fBeta } from "./precision-recall.rules.ts";
import { correctnessSortingPrompt } from "./prompts/correctness-sorting.ts";
import { byIndex } from "./prompts/every-index.ts";
import { statementsPrompt } from "./prompts/statements.ts";

const Options = z
  .strictObject({
    factualityWeight: z.number().min(0).default(0.75),
    similarityWeight: z.number().min(0).default(0.25),
    beta: z.number().positive().default(1),
    /** Ragas takes factuality as 1 when either side has no statements, and a zero vector as similarity 0. */
    compat: z.enum(["none", "ragas"]).default("none"),
  })
  .refine((options) => options.factualityWeight + options.similarityWeight > 0, {
    path: ["factualityWeight"],
    message: "One of the weights must be above 0.",
  });

/**
 * (w_f·F_β + w_s·cosine) / (w_f + w_s): F_β over the statements that response and reference share (TP), the response
 * has too many (FP) and misses (FN); cosine of the embeddings of both. In [-1, 1], in practice [0, 1].
 * Source: Ragas answer_correctness.
 */
export const answerCorrectness = judgedMetric<z.infer<typeof Options>>({
  name: "answer_correctness",
  title: { en: "Answer correctness", ko: "답변 정확도" },
  direction: "higher",
  range: [-1, 1],
  needs: ["input", "output", "reference"],
  usesEmbeddings: true,
  source: "Ragas answer_correctness",
  options: Options,
  expectedJudgeCalls: (_, { factualityWeight }) => (factualityWeight === 0 ? 0 : 3),
  async run(parts, { factualityWeight, similarityWeight, beta, compat }, bench) {
    const evidence: Evidence[] = [];
    let sum = 0;
    if (factualityWeight > 0) {
      const sorted = await sortStatements(parts, bench);
      if (!sorted && compat === "none") return notApplicable("no_statements");
      const factuality = sorted ? (fBeta(sorted.tp, sorted.fp, sorted.fn, beta) ?? 0) : 1;
      evidence.push({ kind: "factuality", verdict: factuality, ...(sorted ? { data: sorted.counts } : {}) });
      evidence.push(...(sorted?.evidence ?? []));
      sum += factualityWeight * factuality;
    }
    if (similarityWeight > 0) {
      const [reference, output] = await bench.embed([parts.reference, parts.output]);
      const similarity = cosine(reference, output) ?? (compat === "ragas" ? 0 : null);
      if (similarity === null) return noAngle();
      evidence.push({ kind: "similarity", verdict: similarity });
      sum += similarityWeight * similarity;
    }
    return scored(sum / (factualityWeight + similarityWeight), evidence);
  },
});

async function sortStatements(
  { question, output, reference }: { question: string; output: string; reference: string },
  bench: Bench,
) {
  const [given, expected] = await together([
    bench.ask(statementsPrompt, { question, response: output }),
    bench.ask(statementsPrompt, { question, response: reference }),
  ]);
  if (!given || !expected || given.statements.length === 0 || expected.statements.length === 0)
    return undefined;
  const sorting = await bench.ask(correctnessSortingPrompt, {
    question,
    response_statements: given.statements,
    reference_statements: expected.statements,
  });
  const response = byIndex(sorting.response);
  const missing = byIndex(sorting.reference).filter(({ label }) => label === "FN");
  const tp = response.filter(({ label }) => label === "TP").length;
  const fp = response.length - tp;
  const fn = missing.length;
  const evidence: Evidence[] = [
    ...response.map(({ index, label, reason }) => ({
      kind: "statement",
      text: given.statements[index] ?? "",
      verdict: label,
      reason,
    })),
    ...missing.map(({ index, label, reason }) => ({
      kind: "reference_statement",
      text: expected.statements[index] ?? "",
      verdict: label,
      reason,
    })),
  ];
  return { tp, fp, fn, counts: { tp, fp, fn }, evidence };
}
