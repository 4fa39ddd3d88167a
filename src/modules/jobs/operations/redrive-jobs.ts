import * as z from "zod";
import { JobType } from "../../../../contracts/jobs.ts";
import { defineOperation } from "../../../kernel/operation.ts";
import { problem } from "../../../kernel/problem.ts";
import { mustChangeWithin, projectOf, sharedProject } from "../../../kernel/project-reach.ts";
import { mustChangeJob } from "../must-find-job.ts";
import { auditOf } from "../submit-job.ts";

const Redrive = z.strictObject({
  jobIds: z.array(z.string()).min(1).max(500).optional(),
  filter: z
    .strictObject({
      projectId: z.string().optional(),
      type: JobType.optional(),
      reason: z.string().optional(),
      errorCode: z.string().optional(),
    })
    .optional(),
  after: z.int().optional(),
  limit: z.int().min(1).max(500).default(100),
  perMinute: z.int().min(1).optional(),
  dryRun: z.boolean().default(false),
});

export const redriveJobs = defineOperation({
  action: "jobs.job.redrive",
  effect: "write",
  scope: "jobs:write",
  summary: "Start dead letters again as new jobs, one or many, at a rate; the same one twice starts it once",
  input: Redrive,
  output: z
    .strictObject({
      items: z.array(
        z.strictObject({
          jobId: z.string(),
          redrivenAs: z.string().nullable(),
          existing: z.boolean(),
          runAt: z.iso.datetime().nullable(),
        }),
      ),
      after: z.int().nullable(),
      dryRun: z.boolean(),
    })
    .meta({ id: "Redrive" }),
  raises: ["not_found", "conflict", "forbidden"],
  async run(ctx, { jobIds, filter, after, perMinute, ...rest }) {
    if ((jobIds === undefined) === (filter === undefined)) {
      throw problem("invalid_input", "jobs.redrive_what", "Name jobIds or a filter, one of both.", {
        errors: [{ pointer: "/jobIds", code: "one_of", message: "Give jobIds or filter." }],
      });
    }
    if (filter !== undefined) mustChangeWithin(ctx.actor, projectOf(filter.projectId ?? sharedProject));
    for (const id of jobIds ?? []) await mustChangeJob(ctx, id);
    const wanted = Object.entries(filter ?? {}).filter(([, value]) => value !== undefined);
    const reply = await ctx.ports.jobs.execute(ctx.tenantId, {
      type: "redrive",
      tenantId: ctx.tenantId,
      audit: auditOf(ctx),
      ...rest,
      ...(jobIds ? { jobIds } : { filter: Object.fromEntries(wanted) }),
      ...(after === undefined ? {} : { after }),
      ...(perMinute === undefined ? {} : { perMinute }),
    });
    if (!reply.ok) throw problem(reply.failure.kind, reply.failure.code, reply.failure.detail, reply.failure);
    const items = reply.items.map((item) => ({
      ...item,
      runAt: item.runAt === null ? null : new Date(item.runAt).toISOString(),
    }));
    return { items, after: reply.after, dryRun: reply.dryRun };
  },
});
