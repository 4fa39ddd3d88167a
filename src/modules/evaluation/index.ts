/** What other modules and the hosts may use: the handlers of the evaluation's jobs, and evaluation in one process. */

export { submitRequestedRun } from "./planning/submit-requested-run.ts";
export { analysisHandler, gateHandler, pipelineHandler } from "./report-handlers.ts";
export { evaluateCases, memoryJudge, planOfChoices, summaryOf } from "./running/evaluate-cases.ts";
export { evaluationHandler } from "./running/evaluation-handler.ts";
export { sweepRuns } from "./sweep-runs.ts";
