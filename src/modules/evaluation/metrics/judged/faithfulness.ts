import * as z from "zod";
import { type MetricResult, notApplicable, scored } from "../../metric.ts";
import type { CaseParts } from "./case-parts.ts";
import { type Bench, judgedMetric, together } from "./judged-metric.ts";
import { shareOf } from "./precision-recall.rules.ts";
import { claimVerdictsPrompt } from "./prompts/claim-verdicts.ts";
import { claimsPrompt } from "./prompts/claims.ts";
import { byIndex } from "./prompts/every-index.ts";
import { statementsPrompt } from "./prompts/statements.ts";
import { supportVerdictsPrompt } from "./prompts/support-verdicts.ts";

const Options = z.strictObject({
  /** `statements`: Ragas. `claims`: DeepEval, where only a contradiction counts against. */
  variant: z.enum(["statements", "claims"]).default("statements"),
  /** What a response without statements scores: nothing (house), 1 (DeepEval) or 0 (autoevals). */
  compat: z.enum(["none", "deepeval", "autoevals"]).default("none"),
  /** `claims` only: what the contexts leave open counts against too. */
  penalizeAmbiguousClaims: z.boolean().default(false),
  /** DeepEval's strict mode: a score below this becomes 0. */
  strictBelow: z.number().min(0).max(1).optional(),
});
type Options = z.infer<typeof Options>;

/**
 * Share of the response's statements that the retrieved contexts support: supported / statements, in [0, 1].
 * Variant `claims`: share of claims that the contexts do not contradict. Sources: Es et al. 2023, arXiv 2309.15217,
 * and Ragas faithfulness; DeepEval faithfulness for `claims`.
 */
export const faithfulness = judgedMetric<Options>({
  name: "faithfulness",
  title: { en: "Faithfulness", ko: "충실도" },
  direction: "higher",
  range: [0, 1],
  needs: ["input", "output", "contexts"],
  usesEmbeddings: false,
  source: "arXiv 2309.15217 (Ragas faithfulness); DeepEval faithfulness as variant",
  options: Options,
  expectedJudgeCalls: (_, { variant }) => (variant === "claims" ? 3 : 2),
  run: (parts, options, bench) =>
    (options.variant === "claims" ? byClaims : byStatements)(parts, options, bench),
});

async function byStatements(parts: CaseParts, options: Options, bench: Bench): Promise<MetricResult> {
  const { statements } = await bench.ask(statementsPrompt, {
    question: parts.question,
    response: parts.output,
  });
  if (statements.length === 0) return ofNothing(options);
  const { verdicts } = await bench.ask(supportVerdictsPrompt, {
    context: parts.contexts.join("\n"),
    statements,
  });
  const ordered = byIndex(verdicts);
  const evidence = ordered.map(({ index, verdict, reason }) => ({
    kind: "statement",
    text: statements[index] ?? "",
    verdict,
    reason,
  }));
  return scored(strict(shareOf(ordered.map(({ verdict }) => verdict === 1)) ?? 0, options), evidence);
}

async function byClaims(parts: CaseParts, options: Options, bench: Bench): Promise<MetricResult> {
  const [truths, claims] = await together([
    bench.ask(claimsPrompt, { text: parts.contexts.join("\n") }),
    bench.ask(claimsPrompt, { text: parts.output }),
  ]);
  if (!claims || claims.claims.length === 0) return ofNothing(options);
  const source = truths?.claims.join("\n") ?? "";
  const { verdicts } = await bench.ask(claimVerdictsPrompt, { source, claims: claims.claims });
  const ordered = byIndex(verdicts);
  const fits = ordered.map(
    ({ verdict }) => verdict === "yes" || (verdict === "idk" && !options.penalizeAmbiguousClaims),
  );
  const evidence = ordered.map(({ index, verdict, reason }) => ({
    kind: "claim",
    text: claims.claims[index] ?? "",
    verdict,
    reason,
  }));
  return scored(strict(shareOf(fits) ?? 0, options), evidence);
}

function ofNothing({ compat }: Options): MetricResult {
  if (compat === "none") return notApplicable("no_statements");
  return scored(compat === "deepeval" ? 1 : 0, [
    { kind: "note", reason: `no statements: the score of ${compat}` },
  ]);
}

function strict(score: number, { strictBelow }: Options): number {
  return strictBelow !== undefined && score < strictBelow ? 0 : score;
}
