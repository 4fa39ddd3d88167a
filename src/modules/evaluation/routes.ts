import { type Route, route } from "../../http/route.ts";
import { analyseRun } from "./operations/analyse-run.ts";
import { compareRuns } from "./operations/compare-runs.ts";
import { exportRun } from "./operations/export-run.ts";
import { gateRuns } from "./operations/gate-runs.ts";
import { getReport } from "./operations/get-report.ts";
import { getRun } from "./operations/get-run.ts";
import { listCases } from "./operations/list-cases.ts";
import { listMetrics } from "./operations/list-metrics.ts";
import { listRuns } from "./operations/list-runs.ts";
import { previewRun } from "./operations/preview-run.ts";
import { submitAnalysis } from "./operations/submit-analysis.ts";
import { submitGate } from "./operations/submit-gate.ts";
import { submitPipeline } from "./operations/submit-pipeline.ts";
import { submitRegression } from "./operations/submit-regression.ts";
import { submitRun } from "./operations/submit-run.ts";

export const evaluationRoutes: readonly Route[] = [
  route(listMetrics, "GET", "/v1/metrics"),
  route(submitRun, "POST", "/v1/runs:submit", { status: 202 }),
  route(previewRun, "POST", "/v1/runs:preview"),
  route(compareRuns, "POST", "/v1/runs:compare"),
  route(gateRuns, "POST", "/v1/runs:gate"),
  route(listRuns, "GET", "/v1/runs"),
  route(getRun, "GET", "/v1/runs/{id}"),
  route(listCases, "GET", "/v1/runs/{id}/cases"),
  route(analyseRun, "GET", "/v1/runs/{id}/analysis"),
  route(exportRun, "GET", "/v1/runs/{id}:export"),
  route(submitRegression, "POST", "/v1/regressions:submit", { status: 202 }),
  route(submitGate, "POST", "/v1/gates:submit", { status: 202 }),
  route(submitAnalysis, "POST", "/v1/analyses:submit", { status: 202 }),
  route(submitPipeline, "POST", "/v1/pipelines:submit", { status: 202 }),
  route(getReport, "GET", "/v1/reports/{id}"),
];
