import { GatePolicy } from "../../../../contracts/comparison.ts";
import type { Ctx } from "../../../kernel/context.ts";
import { projectOf } from "../../../kernel/project-reach.ts";
import { findReport, insertReport } from "../report.store.ts";
import { gateOf } from "./gate-of.ts";

/** What a report is made for. */
export interface ReportPlace {
  readonly jobId: string;
  readonly projectId: string;
}

/** The id of the report of a job: the same however often it is made. */
export function reportIdOf(jobId: string): string {
  return `rep_${jobId.slice(jobId.indexOf("_") + 1)}`;
}

/** Decides a gate and keeps the verdict as the report of a job; answers the report's id. */
export async function gateReport(
  ctx: Ctx,
  place: ReportPlace,
  kind: "gate" | "regression",
  baseline: string | null,
  candidate: string,
  policy: unknown,
): Promise<string> {
  const verdict = await gateOf(ctx, baseline, candidate, GatePolicy.parse(policy));
  return keepReport(ctx, place, kind, verdict, {
    runId: candidate,
    outcome: verdict.outcome,
    hash: verdict.hash,
  });
}

/** Stores the report of a job once. */
export async function keepReport(
  ctx: Ctx,
  place: ReportPlace,
  kind: "gate" | "regression" | "analysis" | "pipeline",
  body: unknown,
  after: Readonly<Record<string, unknown>>,
): Promise<string> {
  const id = reportIdOf(place.jobId);
  if ((await findReport(ctx.db, ctx.tenantId, id)) !== undefined) return id;
  const { jobId, projectId } = place;
  const row = { id, tenantId: ctx.tenantId, projectId, jobId, kind, body, createdAt: ctx.now };
  const project = projectOf(projectId);
  const change = {
    entity: `report:${id}`,
    after: { kind, jobId, ...after },
    ...(project === null ? {} : { projectId: project }),
  };
  await ctx.actingAs(ctx.actor, "evaluation.report.create").write(change, (q) => [insertReport(q, row)]);
  return id;
}
