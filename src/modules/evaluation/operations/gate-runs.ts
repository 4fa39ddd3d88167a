import * as z from "zod";
import { GatePolicy, GateVerdict } from "../../../../contracts/comparison.ts";
import { defineOperation } from "../../../kernel/operation.ts";
import { gateOf } from "../gate/gate-of.ts";

export const gateRuns = defineOperation({
  action: "evaluation.run.gate",
  effect: "read",
  scope: "runs:read",
  summary: "Decide whether a run may replace another: pass, fail or inconclusive, with sealed evidence",
  input: z.strictObject({
    baseline: z.string().nullable().default(null),
    candidate: z.string(),
    policy: GatePolicy,
  }),
  output: GateVerdict.meta({ id: "GateVerdict" }),
  raises: ["not_found"],
  resource: ({ candidate }) => `run:${candidate}`,
  run: (ctx, { baseline, candidate, policy }) => gateOf(ctx, baseline, candidate, policy),
});
