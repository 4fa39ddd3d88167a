import * as z from "zod";
import { notApplicable, scored } from "../../metric.ts";
import { judgedMetric } from "./judged-metric.ts";
import { shareOf } from "./precision-recall.rules.ts";
import { byIndex } from "./prompts/every-index.ts";
import { statementRelevancePrompt } from "./prompts/statement-relevance.ts";
import { statementsPrompt } from "./prompts/statements.ts";

const Options = z.strictObject({
  /** DeepEval gives 1 to an answer without statements. */
  compat: z.enum(["none", "deepeval"]).default("none"),
});

/**
 * Share of the response's statements that are not irrelevant to the question ("yes" and "idk" count for), in [0, 1].
 * Source: DeepEval answer_relevancy, which shares its name but not its method with the one of Ragas.
 */
export const answerRelevancyStatements = judgedMetric<z.infer<typeof Options>>({
  name: "answer_relevancy_statements",
  title: { en: "Answer relevancy (statements)", ko: "답변 관련성(진술 기준)" },
  direction: "higher",
  range: [0, 1],
  needs: ["input", "output"],
  usesEmbeddings: false,
  source: "DeepEval answer_relevancy",
  options: Options,
  expectedJudgeCalls: () => 2,
  async run({ question, output }, { compat }, bench) {
    const { statements } = await bench.ask(statementsPrompt, { question, response: output });
    if (statements.length === 0) {
      return compat === "deepeval"
        ? scored(1, [{ kind: "note", reason: "no statements: the score of deepeval" }])
        : notApplicable("no_statements");
    }
    const { verdicts } = await bench.ask(statementRelevancePrompt, { question, statements });
    const ordered = byIndex(verdicts);
    const evidence = ordered.map(({ index, verdict, reason }) => ({
      kind: "statement",
      text: statements[index] ?? "",
      verdict,
      reason,
    }));
    return scored(shareOf(ordered.map(({ verdict }) => verdict !== "no")) ?? 0, evidence);
  },
});
