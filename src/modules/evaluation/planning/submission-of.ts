import type { JobCallback, RunRequest } from "../../../../contracts/runs.ts";
import type { SubmissionPart } from "../../jobs/index.ts";
import type { RunPlan } from "./plan-run.ts";

const bulkUnits = 5_000;

/** How a planned run is worked on: its lane, its chunks, and what one chunk takes of a provider and a budget. */
export function submissionOf(
  plan: RunPlan,
  request: RunRequest,
  type: "EVALUATION" | "REGRESSION",
): SubmissionPart {
  const { config, projectId, units, preview, profile } = plan;
  const judged = profile !== null;
  const chunkUnits = judged ? 5 : units > bulkUnits ? 100 : 25;
  const perUnit = (total: number): number => (units === 0 ? 0 : Math.ceil(total / units));
  const requests = Math.max(1, perUnit(preview.calls.expected) * chunkUnits);
  const tokens = preview.metrics.reduce(
    (sum, { inputTokens, outputTokens }) => sum + inputTokens.expected + outputTokens.expected,
    0,
  );
  return {
    type,
    projectId,
    lane: judged ? "llm" : units > bulkUnits ? "bulk" : "fast",
    payload: JSON.parse(JSON.stringify(config)),
    priority: request.priority,
    units,
    chunkUnits,
    maxParallel: judged ? Math.min(16, profile.limits.maxConcurrent ?? 8) : 16,
    finalize: true,
    concurrencyKey: "runs",
    unitMicros: perUnit(preview.costMicros.expected),
    labels: {
      name: config.name,
      dataset: config.dataset.name,
      ...(profile ? { profile: profile.name } : {}),
    },
    ...(judged
      ? {
          needs: {
            provider: profile.name,
            model: profile.model,
            requests,
            tokens: perUnit(tokens) * chunkUnits,
          },
        }
      : {}),
    ...(request.callback ? { callback: callbackOf(request.callback) } : {}),
    ...(request.runAt === undefined ? {} : { runAt: Date.parse(request.runAt) }),
    ...(request.expiresAt === undefined ? {} : { expiresAt: Date.parse(request.expiresAt) }),
  };
}

const callbackOf = ({ url, secretName }: JobCallback) => ({
  url,
  ...(secretName === undefined ? {} : { secretRef: secretName }),
});
