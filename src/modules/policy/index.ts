/** What other modules may use: the policy that holds, the decisions over it, and the message of its change. */
export { previewCost } from "./cost-preview.rules.ts";
export { PolicyChanged } from "./events.ts";
export { findPolicy } from "./find-policy.ts";
export { localPeriods } from "./local-periods.rules.ts";
export { checkSubmission, retentionCutoff } from "./usage-policy.rules.ts";
