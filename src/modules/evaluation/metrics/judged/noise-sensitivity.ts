import * as z from "zod";
import { notApplicable, scored } from "../../metric.ts";
import { type Bench, judgedMetric, together } from "./judged-metric.ts";
import { byIndex } from "./prompts/every-index.ts";
import { statementsPrompt } from "./prompts/statements.ts";
import { supportVerdictsPrompt } from "./prompts/support-verdicts.ts";

const Options = z.strictObject({
  /** Wrong statements that rest on a relevant context, or on irrelevant ones only. */
  mode: z.enum(["relevant", "irrelevant"]).default("relevant"),
});

/**
 * Share of the response's statements that are wrong (the reference does not support them) and supported by a relevant
 * context, in [0, 1], lower is better; `irrelevant`: supported by irrelevant contexts only. A context is relevant when
 * it supports a statement of the reference. 2·contexts + 3 judge calls. Source: Ragas noise_sensitivity.
 */
export const noiseSensitivity = judgedMetric<z.infer<typeof Options>>({
  name: "noise_sensitivity",
  title: { en: "Noise sensitivity", ko: "잡음 민감도" },
  direction: "lower",
  range: [0, 1],
  needs: ["input", "output", "reference", "contexts"],
  usesEmbeddings: false,
  source: "Ragas noise_sensitivity",
  options: Options,
  expectedJudgeCalls: ({ contexts }) => 2 * contexts.length + 3,
  async run({ question, output, reference, contexts }, { mode }, bench) {
    const [expected, given] = await together([
      bench.ask(statementsPrompt, { question, response: reference }),
      bench.ask(statementsPrompt, { question, response: output }),
    ]);
    if (!given || given.statements.length === 0) return notApplicable("no_statements");
    if (!expected || expected.statements.length === 0) return notApplicable("no_reference_statements");
    const [right = [], ...rows] = await together([
      supported(bench, reference, given.statements),
      ...contexts.map((context) => supported(bench, context, expected.statements)),
      ...contexts.map((context) => supported(bench, context, given.statements)),
    ]);
    const relevant = rows.slice(0, contexts.length).map((row) => row.includes(true));
    const supports = rows.slice(contexts.length);
    const judged = given.statements.map((text, index) => {
      const by = supports.flatMap((row, context) => (row[index] ? [context] : []));
      const byRelevant = by.some((context) => relevant[context]);
      const wrong = right[index] !== true;
      const counts = wrong && (mode === "relevant" ? byRelevant : by.length > 0 && !byRelevant);
      return { text, wrong, by, counts };
    });
    return scored(judged.filter(({ counts }) => counts).length / judged.length, [
      ...judged.map(({ text, wrong, by, counts }) => ({
        kind: "statement",
        text,
        verdict: counts,
        data: { wrong, supportedByRanks: by.map((context) => context + 1) },
      })),
      ...relevant.map((verdict, index) => ({ kind: "context", verdict, data: { rank: index + 1 } })),
    ]);
  },
});

async function supported(bench: Bench, context: string, statements: readonly string[]): Promise<boolean[]> {
  const { verdicts } = await bench.ask(supportVerdictsPrompt, { context, statements });
  return byIndex(verdicts).map(({ verdict }) => verdict === 1);
}
