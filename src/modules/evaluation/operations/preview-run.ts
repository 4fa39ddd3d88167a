import * as z from "zod";
import { RunRequest } from "../../../../contracts/runs.ts";
import { defineOperation } from "../../../kernel/operation.ts";
import { planRun } from "../planning/plan-run.ts";

const Range = z.strictObject({ low: z.number(), expected: z.number(), high: z.number() });

const RunPreview = z
  .strictObject({
    cases: z.int(),
    units: z.int(),
    metrics: z.array(
      z.strictObject({
        metric: z.string(),
        model: z.string().nullable(),
        calls: Range,
        inputTokens: Range,
        outputTokens: Range,
        costMicros: Range.nullable(),
      }),
    ),
    calls: Range,
    costMicros: Range,
    unpricedModels: z.array(z.string()),
  })
  .meta({ id: "RunPreview" });

export const previewRun = defineOperation({
  action: "evaluation.run.preview",
  effect: "read",
  scope: "runs:read",
  summary: "Say what a run would cost and whether the policy allows it, without submitting it",
  input: RunRequest,
  output: RunPreview,
  raises: ["not_found", "conflict", "limit_reached"],
  async run(ctx, request) {
    const { preview, units } = await planRun(ctx, request);
    const { cases, calls, costMicros } = preview;
    return {
      cases,
      units,
      calls,
      costMicros,
      metrics: [...preview.metrics],
      unpricedModels: [...preview.unpricedModels],
    };
  },
});
