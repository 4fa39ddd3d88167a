import { type Metric, registered } from "../../metric.ts";
import { answerCorrectness } from "./answer-correctness.ts";
import { answerRelevancy } from "./answer-relevancy.ts";
import { answerRelevancyStatements } from "./answer-relevancy-statements.ts";
import { closedQa } from "./closed-qa.ts";
import { contextEntityRecall } from "./context-entity-recall.ts";
import { contextPrecision } from "./context-precision.ts";
import { contextRecall } from "./context-recall.ts";
import { contextRelevance } from "./context-relevance.ts";
import { contextUtilization } from "./context-utilization.ts";
import { factualCorrectness } from "./factual-correctness.ts";
import { factuality } from "./factuality.ts";
import { faithfulness } from "./faithfulness.ts";
import { gEval } from "./g-eval.ts";
import { llmRubric } from "./llm-rubric.ts";
import { noiseSensitivity } from "./noise-sensitivity.ts";
import { semanticSimilarity } from "./semantic-similarity.ts";
import { summarizationAlignment } from "./summarization-alignment.ts";
import { summarizationQa } from "./summarization-qa.ts";

/** Every metric that asks a model. */
export const judgedMetrics: readonly Metric[] = [
  registered(faithfulness),
  registered(answerRelevancy),
  registered(answerRelevancyStatements),
  registered(contextPrecision),
  registered(contextUtilization),
  registered(contextRecall),
  registered(contextEntityRecall),
  registered(contextRelevance),
  registered(noiseSensitivity),
  registered(answerCorrectness),
  registered(factualCorrectness),
  registered(factuality),
  registered(semanticSimilarity),
  registered(summarizationQa),
  registered(summarizationAlignment),
  registered(gEval),
  registered(llmRubric),
  registered(closedQa),
];
