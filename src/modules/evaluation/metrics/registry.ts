import { type Metric, registered } from "../metric.ts";
import { averagePrecision } from "./average-precision.ts";
import { bleu } from "./bleu.ts";
import { chrf } from "./chrf.ts";
import { confidence } from "./confidence.ts";
import { contains } from "./contains.ts";
import { contextPrecisionId } from "./context-precision-id.ts";
import { contextPrecisionString } from "./context-precision-string.ts";
import { contextRecallId } from "./context-recall-id.ts";
import { contextRecallString } from "./context-recall-string.ts";
import { contextTokenCoverage } from "./context-token-coverage.ts";
import { contextualRelevancy } from "./contextual-relevancy.ts";
import { conversationCoherence } from "./conversation-coherence.ts";
import { conversationDrift } from "./conversation-drift.ts";
import { conversationTokenCoverage } from "./conversation-token-coverage.ts";
import { entityPreservation } from "./entity-preservation.ts";
import { exactMatch } from "./exact-match.ts";
import { gleu } from "./gleu.ts";
import { hitAtK } from "./hit-at-k.ts";
import { insuranceTermAccuracy } from "./insurance-term-accuracy.ts";
import { isJson } from "./is-json.ts";
import { isRefusal } from "./is-refusal.ts";
import { judgedMetrics } from "./judged/registry.ts";
import { levenshteinSimilarity } from "./levenshtein-similarity.ts";
import { matchesPattern } from "./matches-pattern.ts";
import { meteor } from "./meteor.ts";
import { ndcg } from "./ndcg.ts";
import { noAnswerAccuracy } from "./no-answer-accuracy.ts";
import { numberAccuracy } from "./number-accuracy.ts";
import { precisionAtK } from "./precision-at-k.ts";
import { recallAtK } from "./recall-at-k.ts";
import { reciprocalRank } from "./reciprocal-rank.ts";
import { rougeL } from "./rouge-l.ts";
import { rougeN } from "./rouge-n.ts";
import { startsWith } from "./starts-with.ts";
import { summaryAccuracy } from "./summary-accuracy.ts";
import { summaryNeedsFollowup } from "./summary-needs-followup.ts";
import { summaryNonDefinitive } from "./summary-non-definitive.ts";
import { summaryRiskCoverage } from "./summary-risk-coverage.ts";
import { tokenF1 } from "./token-f1.ts";
import { toolCallAccuracy } from "./tool-call-accuracy.ts";
import { toolCallF1 } from "./tool-call-f1.ts";
import { toolCorrectness } from "./tool-correctness.ts";
import { turnLatencyP95 } from "./turn-latency-p95.ts";

/** Every metric that needs no model. */
export const modelFreeMetrics: readonly Metric[] = [
  registered(exactMatch),
  registered(tokenF1),
  registered(bleu),
  registered(rougeL),
  registered(rougeN),
  registered(chrf),
  registered(gleu),
  registered(meteor),
  registered(levenshteinSimilarity),
  registered(contextTokenCoverage),
  registered(contains),
  registered(startsWith),
  registered(matchesPattern),
  registered(isJson),
  registered(isRefusal),
  registered(numberAccuracy),
  registered(toolCallAccuracy),
  registered(toolCallF1),
  registered(toolCorrectness),
  registered(precisionAtK),
  registered(recallAtK),
  registered(hitAtK),
  registered(reciprocalRank),
  registered(averagePrecision),
  registered(ndcg),
  registered(contextPrecisionString),
  registered(contextRecallString),
  registered(contextPrecisionId),
  registered(contextRecallId),
  registered(insuranceTermAccuracy),
  registered(entityPreservation),
  registered(summaryAccuracy),
  registered(summaryRiskCoverage),
  registered(summaryNonDefinitive),
  registered(summaryNeedsFollowup),
  registered(noAnswerAccuracy),
  registered(confidence),
  registered(contextualRelevancy),
  registered(conversationTokenCoverage),
  registered(conversationCoherence),
  registered(conversationDrift),
  registered(turnLatencyP95),
];

/** Every metric by name, those that ask a judge included. */
export const allMetrics: ReadonlyMap<string, Metric> = new Map(
  [...modelFreeMetrics, ...judgedMetrics].map((metric) => [metric.name, metric]),
);
