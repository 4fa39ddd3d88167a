/** What other modules and the hosts may use: the handlers of the evaluation's jobs, and evaluation in one process. */
export { evaluateCases, memoryJudge, planOfChoices, summaryOf } from "./evaluate-cases.ts";
export { evaluationHandler } from "./evaluation-handler.ts";
export { analysisHandler, gateHandler, pipelineHandler } from "./report-handlers.ts";
export { submitRequestedRun } from "./submit-requested-run.ts";
export { sweepRuns } from "./sweep-runs.ts";
