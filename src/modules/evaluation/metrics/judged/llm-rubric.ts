import * as z from "zod";
import { type MetricResult, notApplicable, scored } from "../../metric.ts";
import type { CaseParts } from "./case-parts.ts";
import { type Bench, judgedMetric } from "./judged-metric.ts";
import { rubricLevelPrompt, rubricPrompt } from "./prompts/rubric.ts";

const Options = z.strictObject({
  /** What the output must satisfy; without it the case's own rubric is used. */
  rubric: z.string().default(""),
});

/**
 * Grades the output by a rubric. A rubric in free words gives the judge's score in [0, 1] with its pass or fail; a
 * case's own rubric of levels gives the place of the chosen level, (level − lowest) / (highest − lowest).
 * Sources: promptfoo llm-rubric; Ragas instance-specific rubrics for levels.
 */
export const llmRubric = judgedMetric<z.infer<typeof Options>>({
  name: "llm_rubric",
  title: { en: "Rubric", ko: "평가 기준표" },
  direction: "higher",
  range: [0, 1],
  needs: ["output"],
  usesEmbeddings: false,
  source: "promptfoo llm-rubric; Ragas instance rubrics",
  options: Options,
  expectedJudgeCalls: () => 1,
  async run(parts, { rubric }, bench) {
    if (rubric.trim() === "" && Object.keys(parts.rubric).length > 1) return byLevels(parts, bench);
    const words = rubric.trim() || Object.values(parts.rubric).join("\n").trim();
    if (words === "") return notApplicable("no_rubric");
    const graded = await bench.ask(rubricPrompt, { rubric: words, ...shown(parts) });
    return scored(graded.score, [{ kind: "grade", verdict: graded.pass, reason: graded.reason }]);
  },
});

async function byLevels(parts: CaseParts, bench: Bench): Promise<MetricResult> {
  const levels = Object.entries(parts.rubric).map(([key, text]) => ({ key, text, value: levelValue(key) }));
  const values = levels.map(({ value }) => value);
  const lowest = Math.min(...values);
  const width = Math.max(...values) - lowest;
  if (!Number.isFinite(width) || width === 0) return notApplicable("rubric_without_scale");
  const { index, reason } = await bench.ask(rubricLevelPrompt, {
    levels: levels.map(({ key, text }) => `${key}: ${text}`),
    ...shown(parts),
  });
  const level = levels[index];
  return scored(((level?.value ?? lowest) - lowest) / width, [
    { kind: "level", text: level?.text ?? "", verdict: level?.key ?? null, reason },
  ]);
}

/** The number in a level's name, such as `score3_description` or `3`; not a number when there is none. */
function levelValue(key: string): number {
  return Number(/-?\d+(\.\d+)?/.exec(key)?.[0] ?? Number.NaN);
}

function shown({ question, output, reference }: CaseParts) {
  return { ...(question ? { input: question } : {}), output, ...(reference ? { reference } : {}) };
}
