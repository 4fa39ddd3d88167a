import type { Ctx } from "../../kernel/context.ts";
import { problem } from "../../kernel/problem.ts";
import { mustChangeWithin, projectOf, reaches } from "../../kernel/project-reach.ts";
import type { JobInDetail } from "./port.ts";

/** A job that the caller may see, or 404. */
export async function mustFindJob(ctx: Ctx, id: string): Promise<JobInDetail> {
  const found = await ctx.ports.jobs.find(ctx.tenantId, id);
  if (found !== null && reaches(ctx.actor, projectOf(found.job.projectId))) return found;
  throw problem("not_found", "jobs.unknown", `There is no job ${id}.`);
}

/** A job that the caller may change, or 404; 403 for what the whole tenant shares when the caller is held to projects. */
export async function mustChangeJob(ctx: Ctx, id: string): Promise<void> {
  const { job } = await mustFindJob(ctx, id);
  mustChangeWithin(ctx.actor, projectOf(job.projectId));
}
