import * as z from "zod";
import { scored } from "../../metric.ts";
import { cosine, noAngle } from "./cosine.rules.ts";
import { judgedMetric, together } from "./judged-metric.ts";
import { questionOfAnswerPrompt } from "./prompts/question-of-answer.ts";

const Options = z.strictObject({
  /** How many questions are generated. */
  n: z.int().min(1).max(10).default(3),
  /** Ragas gives 0 when all generations call the response noncommittal; autoevals when any does, and rescales. */
  compat: z.enum(["ragas", "autoevals"]).default("ragas"),
});

/**
 * Mean cosine between the question asked and `n` questions generated from the response; 0 when the response is
 * noncommittal in all of them. In [-1, 1], in practice [0, 1]. Option `autoevals`: any instead of all, and each cosine
 * becomes (s − 0.7) / 0.3 clamped to [0, 1]. Sources: arXiv 2309.15217, Ragas answer_relevancy; autoevals.
 */
export const answerRelevancy = judgedMetric<z.infer<typeof Options>>({
  name: "answer_relevancy",
  title: { en: "Answer relevancy", ko: "답변 관련성" },
  direction: "higher",
  range: [-1, 1],
  needs: ["input", "output"],
  usesEmbeddings: true,
  source: "arXiv 2309.15217 (Ragas answer_relevancy); autoevals as option",
  options: Options,
  expectedJudgeCalls: (_, { n }) => n,
  async run(parts, { n, compat }, bench) {
    const generated = await together(
      Array.from({ length: n }, (_, sample) =>
        bench.ask(
          questionOfAnswerPrompt,
          { response: parts.output },
          n === 1 ? {} : { sample, temperature: 0.3 },
        ),
      ),
    );
    const asked = parts.lastQuestion === "" ? parts.question : parts.lastQuestion;
    const [original, ...others] = await bench.embed([asked, ...generated.map(({ question }) => question)]);
    const similarities = others.map((vector) => cosine(original, vector));
    const evades = generated.map(({ noncommittal }) => noncommittal === 1);
    const zeroed = compat === "autoevals" ? evades.some(Boolean) : evades.every(Boolean);
    let sum = 0;
    for (const similarity of similarities) {
      if (similarity === null) return noAngle();
      sum += compat === "autoevals" ? Math.min(1, Math.max(0, (similarity - 0.7) / 0.3)) : similarity;
    }
    const evidence = generated.map(({ question, noncommittal }, index) => ({
      kind: "generated_question",
      text: question,
      verdict: similarities[index] ?? null,
      data: { noncommittal: noncommittal === 1 },
    }));
    return scored(zeroed ? 0 : sum / n, evidence);
  },
});
