import type { JobType } from "../../contracts/jobs.ts";
import {
  analysisHandler,
  evaluationHandler,
  gateHandler,
  pipelineHandler,
} from "../modules/evaluation/index.ts";
import { actionHandler } from "../modules/harvester/index.ts";
import type { JobHandler } from "../modules/jobs/index.ts";

/** Who works on jobs of which type. */
export const jobHandlers: Readonly<Record<JobType, JobHandler>> = {
  EVALUATION: evaluationHandler,
  REGRESSION: evaluationHandler,
  ANALYSIS: analysisHandler,
  GATE: gateHandler,
  PIPELINE: pipelineHandler,
  ACTION: actionHandler,
};
