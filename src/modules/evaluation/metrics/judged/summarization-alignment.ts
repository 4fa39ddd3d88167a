import * as z from "zod";
import { type Evidence, notApplicable, scored } from "../../metric.ts";
import { type Bench, judgedMetric, together } from "./judged-metric.ts";
import { shareOf } from "./precision-recall.rules.ts";
import { claimVerdictsPrompt } from "./prompts/claim-verdicts.ts";
import { claimsPrompt } from "./prompts/claims.ts";
import { byIndex } from "./prompts/every-index.ts";
import { closedAnswersPrompt, closedQuestionsPrompt } from "./prompts/summary-questions.ts";
import { SourceField, sourceText } from "./source-text.ts";

const Options = z.strictObject({
  source: SourceField.default("auto"),
  /** How many questions the judge writes when none are given. */
  n: z.int().min(1).max(20).default(5),
  /** Questions of your own, each to be answered with yes by a good summary. */
  questions: z.array(z.string().min(1)).max(50).default([]),
  /** DeepEval gives 0 where there are no claims or no questions. */
  compat: z.enum(["none", "deepeval"]).default("none"),
});

interface Part {
  readonly share: number | null;
  readonly evidence: readonly Evidence[];
}

/**
 * The lesser of alignment (share of the summary's claims that the text confirms) and coverage (of the closed questions
 * that the text answers yes, the share that the summary answers yes), in [0, 1]. Source: DeepEval summarization.
 */
export const summarizationAlignment = judgedMetric<z.infer<typeof Options>>({
  name: "summarization_alignment",
  title: { en: "Summarization (alignment)", ko: "요약 품질(일치와 포괄)" },
  direction: "higher",
  range: [0, 1],
  needs: ["output"],
  usesEmbeddings: false,
  source: "DeepEval summarization",
  options: Options,
  expectedJudgeCalls: (_, { questions }) => (questions.length > 0 ? 4 : 5),
  async run(parts, options, bench) {
    const text = sourceText(parts, options.source);
    if (text.trim() === "") return notApplicable("no_source_text");
    const [alignment, coverage] = await together([
      alignmentOf(bench.branch(), text, parts.output),
      coverageOf(bench.branch(), text, parts.output, options),
    ]);
    const evidence = [
      { kind: "alignment", verdict: alignment?.share ?? null },
      { kind: "coverage", verdict: coverage?.share ?? null },
      ...(alignment?.evidence ?? []),
      ...(coverage?.evidence ?? []),
    ];
    const shares = [alignment?.share ?? null, coverage?.share ?? null];
    if (options.compat === "none" && shares[0] === null) return notApplicable("no_claims", evidence);
    if (options.compat === "none" && shares[1] === null) return notApplicable("no_questions", evidence);
    return scored(Math.min(...shares.map((share) => share ?? 0)), evidence);
  },
});

async function alignmentOf(bench: Bench, text: string, summary: string): Promise<Part> {
  const { claims } = await bench.ask(claimsPrompt, { text: summary });
  if (claims.length === 0) return { share: null, evidence: [] };
  const { verdicts } = await bench.ask(claimVerdictsPrompt, { source: text, claims });
  const ordered = byIndex(verdicts);
  const evidence = ordered.map(({ index, verdict, reason }) => ({
    kind: "claim",
    text: claims[index] ?? "",
    verdict,
    reason,
  }));
  return { share: shareOf(ordered.map(({ verdict }) => verdict === "yes")), evidence };
}

async function coverageOf(
  bench: Bench,
  text: string,
  summary: string,
  { questions: own, n }: { questions: readonly string[]; n: number },
): Promise<Part> {
  const questions =
    own.length > 0 ? own : (await bench.ask(closedQuestionsPrompt, { text, count: String(n) })).questions;
  if (questions.length === 0) return { share: null, evidence: [] };
  const [ofText, ofSummary] = await together([
    bench.ask(closedAnswersPrompt, { text, questions }),
    bench.ask(closedAnswersPrompt, { text: summary, questions }),
  ]);
  const inSummary = byIndex(ofSummary?.answers ?? []);
  const asked = byIndex(ofText?.answers ?? []).filter(({ answer }) => answer === "yes");
  const evidence = asked.map(({ index }) => ({
    kind: "question",
    text: questions[index] ?? "",
    verdict: inSummary[index]?.answer ?? null,
  }));
  return { share: shareOf(asked.map(({ index }) => inSummary[index]?.answer === "yes")), evidence };
}
