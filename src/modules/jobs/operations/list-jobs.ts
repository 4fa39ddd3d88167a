import * as z from "zod";
import { Job, JobState, JobStatus, JobType } from "../../../../contracts/jobs.ts";
import { defineOperation } from "../../../kernel/operation.ts";
import { decodeCursor, PageQuery, pageOf, toPage } from "../../../kernel/page.ts";
import { sharedProject } from "../../../kernel/project-reach.ts";
import { publicJob } from "../engine/snapshot.ts";
import { listJobs as selectJobs } from "../store.ts";

export const listJobs = defineOperation({
  action: "jobs.job.list",
  effect: "read",
  scope: "jobs:read",
  summary: "List jobs, newest first; status and progress may lag a job's own page by a moment",
  input: z.strictObject({
    ...PageQuery.shape,
    status: JobStatus.optional(),
    type: JobType.optional(),
    state: JobState.optional(),
    projectId: z.string().optional(),
  }),
  output: pageOf(Job),
  raises: [],
  async run(ctx, { limit, cursor, status, type, state, projectId }) {
    const visible = ctx.actor.projectIds && [...ctx.actor.projectIds, sharedProject];
    const asked =
      projectId === undefined ? visible : [projectId].filter((id) => visible?.includes(id) ?? true);
    const filter = {
      ...(asked ? { projectIds: asked } : {}),
      ...(status ? { status } : {}),
      ...(type ? { type } : {}),
      ...(state ? { states: [state] } : {}),
    };
    const rows = await selectJobs(ctx.db, ctx.tenantId, filter, limit + 1, decodeCursor(cursor));
    const now = ctx.now.getTime();
    return toPage(
      rows,
      limit,
      (row) => ({ at: row.createdAt, id: row.id }),
      (row) => publicJob(row.job, now),
    );
  },
});
