import * as z from "zod";
import { notApplicable, scored } from "../../metric.ts";
import { judgedMetric } from "./judged-metric.ts";
import { criterionPrompt } from "./prompts/criterion.ts";

const Options = z.strictObject({
  /** What the output must meet; without it the case's own rubric is used. */
  criteria: z.string().default(""),
});

/** 1 when the output meets the criterion, else 0. Sources: OpenAI evals closedqa; promptfoo model-graded-closedqa. */
export const closedQa = judgedMetric<z.infer<typeof Options>>({
  name: "closed_qa",
  title: { en: "Closed question", ko: "기준 충족 여부" },
  direction: "higher",
  range: [0, 1],
  needs: ["input", "output"],
  usesEmbeddings: false,
  source: "OpenAI evals closedqa; promptfoo model-graded-closedqa; autoevals ClosedQA",
  options: Options,
  expectedJudgeCalls: () => 1,
  async run({ question, output, rubric }, { criteria }, bench) {
    const criterion = criteria.trim() || Object.values(rubric).join("\n").trim();
    if (criterion === "") return notApplicable("no_criteria");
    const { verdict, reason } = await bench.ask(criterionPrompt, {
      task: question,
      submission: output,
      criterion,
    });
    return scored(verdict === "Y" ? 1 : 0, [{ kind: "criterion", text: criterion, verdict, reason }]);
  },
});
