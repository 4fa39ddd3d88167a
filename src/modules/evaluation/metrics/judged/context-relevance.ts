import * as z from "zod";
import { judgeFailed, type MetricResult, notApplicable, scored } from "../../metric.ts";
import { splitSentences } from "../../text/sentences.ts";
import type { CaseParts } from "./case-parts.ts";
import { type Bench, judgedMetric, together } from "./judged-metric.ts";
import { shareOf } from "./precision-recall.rules.ts";
import {
  contextRatingOtherPrompt,
  contextRatingPrompt,
  relevantStatementsPrompt,
  relevantUnitsPrompt,
} from "./prompts/context-rating.ts";

const Options = z.strictObject({
  /** `ratings`: two raters (NVIDIA in Ragas). `statements`: DeepEval. `units`: promptfoo. */
  variant: z.enum(["ratings", "statements", "units"]).default("ratings"),
});

/**
 * How far the retrieved contexts bear on the question, in [0, 1]. `ratings`: two differently worded prompts rate
 * 0, 1, 2; each is halved and the two are averaged; if one can't be used the other stands. `statements`: relevant
 * statements / statements. `units`: needed units / units, a unit being a context, else a line, else a sentence.
 * Sources: Ragas context_relevance (NVIDIA); DeepEval contextual_relevancy; promptfoo context-relevance.
 */
export const contextRelevance = judgedMetric<z.infer<typeof Options>>({
  name: "context_relevance",
  title: { en: "Context relevance", ko: "문맥 관련성" },
  direction: "higher",
  range: [0, 1],
  needs: ["input", "contexts"],
  usesEmbeddings: false,
  source:
    "Ragas context_relevance; DeepEval contextual_relevancy and promptfoo context-relevance as variants",
  options: Options,
  expectedJudgeCalls: ({ contexts }, { variant }) =>
    ({ ratings: 2, statements: contexts.length, units: 1 })[variant],
  run: (parts, { variant }, bench) =>
    ({ ratings: byRatings, statements: byStatements, units: byUnits })[variant](parts, bench),
});

async function byRatings({ question, contexts }: CaseParts, bench: Bench): Promise<MetricResult> {
  const sample = { question, context: contexts.join("\n") };
  const [first, second] = await together([
    bench.tryAsk(contextRatingPrompt, sample),
    bench.tryAsk(contextRatingOtherPrompt, sample),
  ]);
  const outcomes = [first, second].flatMap((outcome) => (outcome ? [outcome] : []));
  const ratings = outcomes.flatMap((outcome) => (outcome.ok ? [outcome.value.rating] : []));
  const evidence = outcomes.map((outcome) =>
    outcome.ok
      ? { kind: "rating", verdict: outcome.value.rating }
      : { kind: "rating", verdict: null, reason: outcome.detail },
  );
  if (ratings.length > 0) {
    return scored(ratings.reduce((sum: number, rating) => sum + rating / 2, 0) / ratings.length, evidence);
  }
  const failed = outcomes.find((outcome) => !outcome.ok);
  const reason =
    failed && !failed.ok
      ? failed
      : { ok: false as const, reasonCode: "judge_unparsable", detail: "", calls: [] };
  return judgeFailed(reason, [], evidence);
}

async function byStatements({ question, contexts }: CaseParts, bench: Bench): Promise<MetricResult> {
  const perContext = await together(
    contexts.map((context) => bench.ask(relevantStatementsPrompt, { question, context })),
  );
  const statements = perContext.flatMap((one) => one.statements);
  const share = shareOf(statements.map(({ verdict }) => verdict === "yes"));
  if (share === null) return notApplicable("no_statements");
  const evidence = statements.map(({ statement, verdict, reason }) => ({
    kind: "statement",
    text: statement,
    verdict,
    reason,
  }));
  return scored(share, evidence);
}

async function byUnits({ question, contexts }: CaseParts, bench: Bench): Promise<MetricResult> {
  const units = unitsOf(contexts);
  const { relevant } = await bench.ask(relevantUnitsPrompt, { question, units });
  const needed = new Map(relevant.map(({ index, reason }) => [index, reason]));
  const evidence = units.map((text, index) => ({
    kind: "unit",
    text,
    verdict: needed.has(index),
    reason: needed.get(index) ?? "",
  }));
  return scored(needed.size / units.length, evidence);
}

function unitsOf(contexts: readonly string[]): string[] {
  if (contexts.length > 1) return [...contexts];
  const text = contexts[0] ?? "";
  const lines = text.split("\n").filter((line) => line.trim() !== "");
  return lines.length > 1 ? lines : splitSentences(text).map((sentence) => sentence.text);
}
