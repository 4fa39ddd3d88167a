export { backlogSeries } from "./backlog-series.rules.ts";
export { metricCatalogue } from "./catalogue.ts";
export { writeExposition } from "./exposition.rules.ts";
export { recordRequest } from "./record-request.ts";
export { type CheckResult, type Checks, runChecks } from "./run-checks.ts";
