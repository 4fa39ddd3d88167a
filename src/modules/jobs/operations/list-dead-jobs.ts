import * as z from "zod";
import { Job, JobType } from "../../../../contracts/jobs.ts";
import { defineOperation } from "../../../kernel/operation.ts";
import { decodeCursor, encodeCursor, PageQuery, pageOf } from "../../../kernel/page.ts";
import { projectOf, reaches } from "../../../kernel/project-reach.ts";
import { publicJob } from "../engine/snapshot.ts";

export const listDeadJobs = defineOperation({
  action: "jobs.dead.list",
  effect: "read",
  scope: "jobs:read",
  summary: "List dead letters, oldest first: jobs that failed for good and can be edited and redriven",
  input: z.strictObject({
    ...PageQuery.shape,
    projectId: z.string().optional(),
    type: JobType.optional(),
    reason: z.string().optional(),
    errorCode: z.string().optional(),
    open: z.enum(["true", "false"]).optional(),
  }),
  output: pageOf(Job),
  raises: [],
  async run(ctx, { limit, cursor, open, ...given }) {
    const filter = {
      ...Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)),
      ...(open === undefined ? {} : { open: open === "true" }),
    };
    const position = decodeCursor(cursor)?.at.getTime() ?? 0;
    const page = await ctx.ports.jobs.dead(ctx.tenantId, filter, position, limit);
    const visible = page.items.filter((job) => reaches(ctx.actor, projectOf(job.projectId)));
    return {
      items: visible.map((job) => publicJob(job, ctx.now.getTime())),
      nextCursor: page.after === null ? null : encodeCursor({ at: new Date(page.after), id: "dead" }),
    };
  },
});
