import * as z from "zod";
import { Job } from "../../../../contracts/jobs.ts";
import { defineOperation } from "../../../kernel/operation.ts";
import { problem } from "../../../kernel/problem.ts";
import { publicJob } from "../engine/snapshot.ts";
import { mustChangeJob } from "../must-find-job.ts";
import { auditOf } from "../submit-job.ts";

export const cancelJob = defineOperation({
  action: "jobs.job.cancel",
  effect: "write",
  scope: "jobs:cancel",
  summary: "Cancel a job: at once while it waits, within 20 s while it runs; what is finished is kept",
  input: z.strictObject({ id: z.string(), reason: z.string().max(500).optional() }),
  output: Job,
  raises: ["not_found", "conflict", "forbidden"],
  resource: ({ id }) => `job:${id}`,
  async run(ctx, { id, reason }) {
    await mustChangeJob(ctx, id);
    const reply = await ctx.ports.jobs.execute(ctx.tenantId, {
      type: "cancel",
      tenantId: ctx.tenantId,
      jobId: id,
      audit: auditOf(ctx),
      ...(reason === undefined ? {} : { reason }),
    });
    if (!reply.ok) throw problem(reply.failure.kind, reply.failure.code, reply.failure.detail, reply.failure);
    return publicJob(reply.job, ctx.now.getTime());
  },
});
