/** What other modules and the hosts may use: the handlers of the evaluation's jobs. */
export { evaluationHandler } from "./evaluation-handler.ts";
export { analysisHandler, gateHandler, pipelineHandler } from "./report-handlers.ts";
export { sweepRuns } from "./sweep-runs.ts";
