import type { GatePolicy, GateVerdict } from "../../../../contracts/comparison.ts";
import type { Ctx } from "../../../kernel/context.ts";
import { sha256Json } from "../../../kernel/hash.ts";
import { loadRunScores, mustFindRun } from "../summary/run-scores-of.ts";
import { decideGate } from "./gate.rules.ts";

/** Decides a gate over two runs and seals the evidence with its hash. */
export async function gateOf(
  ctx: Ctx,
  baseline: string | null,
  candidate: string,
  policy: GatePolicy,
): Promise<GateVerdict> {
  const before =
    baseline === null ? null : await loadRunScores(ctx, await mustFindRun(ctx, baseline, "/baseline"));
  const after = await loadRunScores(ctx, await mustFindRun(ctx, candidate, "/candidate"));
  const decision = decideGate(before, after, policy, await sha256Json(policy));
  return { ...decision, hash: await sha256Json(decision) };
}
