import * as z from "zod";
import { scored } from "../../metric.ts";
import { cosine, noAngle } from "./cosine.rules.ts";
import { judgedMetric } from "./judged-metric.ts";

const Options = z.strictObject({
  /** Makes the score 1 at or above it and 0 below. */
  threshold: z.number().min(-1).max(1).optional(),
  /** 1 − cosine, for texts that must not be alike. */
  inverse: z.boolean().default(false),
  /** promptfoo gives a zero vector the similarity 0. */
  compat: z.enum(["none", "promptfoo"]).default("none"),
});

/**
 * Cosine of the embeddings of reference and response, in [-1, 1] (inverse: [0, 2]); with a threshold 0 or 1.
 * Sources: Ragas semantic_similarity; promptfoo similar.
 */
export const semanticSimilarity = judgedMetric<z.infer<typeof Options>>({
  name: "semantic_similarity",
  title: { en: "Semantic similarity", ko: "의미 유사도" },
  direction: "higher",
  range: [-1, 2],
  needs: ["output", "reference"],
  usesEmbeddings: true,
  source: "Ragas semantic_similarity; promptfoo similar",
  options: Options,
  expectedJudgeCalls: () => 0,
  async run({ output, reference }, { threshold, inverse, compat }, bench) {
    const [a, b] = await bench.embed([reference, output]);
    const angle = cosine(a, b) ?? (compat === "promptfoo" ? 0 : null);
    if (angle === null) return noAngle();
    const similarity = inverse ? 1 - angle : angle;
    const score = threshold === undefined ? similarity : similarity >= threshold ? 1 : 0;
    return scored(score, [{ kind: "cosine", verdict: angle }]);
  },
});
