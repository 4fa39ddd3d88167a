import * as z from "zod";
import { scored } from "../../metric.ts";
import { judgedMetric } from "./judged-metric.ts";
import { factualityChoicePrompt } from "./prompts/factuality-choice.ts";

const Score = z.number().min(0).max(1);
const Options = z.strictObject({
  /** A subset, B superset, C same, D disagreement, E immaterial difference. */
  scores: z
    .strictObject({
      A: Score.default(1),
      B: Score.default(1),
      C: Score.default(1),
      D: Score.default(0),
      E: Score.default(1),
    })
    .prefault({}),
  /** autoevals: A 0.4, B 0.6, C 1, D 0, E 1, in place of `scores`. */
  compat: z.enum(["none", "autoevals"]).default("none"),
});

const autoevals = { A: 0.4, B: 0.6, C: 1, D: 0, E: 1 } as const;

/**
 * How the facts of the response stand to those of the reference, as one of five letters, each with a score in [0, 1].
 * Sources: OpenAI evals fact; promptfoo factuality; autoevals Factuality.
 */
export const factuality = judgedMetric<z.infer<typeof Options>>({
  name: "factuality",
  title: { en: "Factuality", ko: "사실성" },
  direction: "higher",
  range: [0, 1],
  needs: ["input", "output", "reference"],
  usesEmbeddings: false,
  source: "OpenAI evals fact; promptfoo factuality; autoevals Factuality",
  options: Options,
  expectedJudgeCalls: () => 1,
  async run({ question, output, reference }, { scores, compat }, bench) {
    const { choice, reason } = await bench.ask(factualityChoicePrompt, {
      question,
      expert: reference,
      submission: output,
    });
    const table = compat === "autoevals" ? autoevals : scores;
    return scored(table[choice], [{ kind: "choice", verdict: choice, reason }]);
  },
});
