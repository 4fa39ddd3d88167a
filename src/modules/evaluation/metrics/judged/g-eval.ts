import * as z from "zod";
import { judgeFailed, notApplicable, scored } from "../../metric.ts";
import type { CaseParts } from "./case-parts.ts";
import { judgedMetric } from "./judged-metric.ts";
import { evaluationStepsPrompt, stepScorePrompt } from "./prompts/g-eval.ts";
import { weighScore } from "./weigh-score.rules.ts";

const Part = z.enum(["input", "output", "reference", "contexts"]);

const Options = z
  .strictObject({
    criteria: z.string().min(1).default("The output answers the input correctly, completely and clearly."),
    /** Steps of your own; without them the judge derives them from the criteria, once for all cases (cached). */
    steps: z.array(z.string().min(1)).max(20).default([]),
    /** What the evaluator is shown. */
    parts: z.array(Part).min(1).default(["input", "output"]),
    lowest: z.int().min(0).max(10).default(0),
    highest: z.int().min(1).max(10).default(10),
    /** Weigh the score by the probabilities of its token, where the provider tells them. */
    logprobs: z.boolean().default(true),
  })
  .refine(({ lowest, highest }) => lowest < highest, {
    path: ["highest"],
    message: "The scale must have a width.",
  });

const reasons = {
  input: "no_input",
  output: "empty_output",
  reference: "no_reference",
  contexts: "no_contexts",
} as const;

/**
 * A score by criteria in free words: the judge turns the criteria into steps, follows them, and gives a whole number,
 * which is weighed by token probabilities and scaled to [0, 1].
 * Sources: Liu et al. 2023, arXiv 2303.16634; DeepEval g_eval.
 */
export const gEval = judgedMetric<z.infer<typeof Options>>({
  name: "g_eval",
  title: { en: "G-Eval", ko: "G-Eval" },
  direction: "higher",
  range: [0, 1],
  needs: ["output"],
  usesEmbeddings: false,
  source: "arXiv 2303.16634; DeepEval g_eval",
  options: Options,
  expectedJudgeCalls: (_, { steps }) => (steps.length > 0 ? 1 : 2),
  async run(parts, { criteria, steps: own, parts: shown, lowest, highest, logprobs }, bench) {
    const texts = textsOf(parts);
    const missing = shown.find((part) => texts[part].trim() === "");
    if (missing) return notApplicable(reasons[missing]);
    const steps =
      own.length > 0
        ? own
        : (await bench.ask(evaluationStepsPrompt, { criteria, parts: shown.join(", ") })).steps;
    const sample = {
      steps,
      ...(shown.includes("input") ? { input: texts.input } : {}),
      ...(shown.includes("output") ? { output: texts.output } : {}),
      ...(shown.includes("reference") ? { reference: texts.reference } : {}),
      ...(shown.includes("contexts") ? { context: texts.contexts } : {}),
    };
    const outcome = await bench.tryAsk(
      stepScorePrompt(lowest, highest),
      sample,
      logprobs ? { topLogprobs: 20 } : {},
    );
    if (!outcome.ok) return judgeFailed(outcome);
    const { score, reason } = outcome.value;
    const weighed = weighScore(score, { lowest, highest }, outcome.logprobs);
    return scored((weighed.score - lowest) / (highest - lowest), [
      {
        kind: "score",
        verdict: score,
        reason,
        data: { weighed: weighed.score, candidates: weighed.candidates },
      },
      ...steps.map((text) => ({ kind: "step", text })),
    ]);
  },
});

function textsOf(parts: CaseParts): Record<z.infer<typeof Part>, string> {
  return {
    input: parts.question,
    output: parts.output,
    reference: parts.reference,
    contexts: parts.contexts.join("\n"),
  };
}
