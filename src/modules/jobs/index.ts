/** What other modules may use: how jobs are worked on, and the port to the tenant's jobs. */
export type { Command, SingleCommand } from "./engine/commands.ts";
export type { JobSnapshot } from "./engine/effects.ts";
export type { TenantLimits } from "./engine/limits.ts";
export { publicJob } from "./engine/snapshot.ts";
export { type JobHandler, type StepHost, type StepResult, StepUnfinished } from "./handler.ts";
export { mustTakeCallback } from "./must-take-callback.ts";
export type { DeadPage, EventsPage, JobInDetail, JobsPort, KeyedJob, ResultRefs } from "./port.ts";
export { relayEffects } from "./relay-effects.ts";
export { runStep } from "./run-step.ts";
export { countEvaluations, countJobsAtWork, listTenantsAtWork, spentBetween } from "./store.ts";
export { type SubmissionPart, submitJob, submitJobs, submittedBefore } from "./submit-job.ts";
