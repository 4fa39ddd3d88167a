import * as z from "zod";
import { Job } from "../../../../contracts/jobs.ts";
import { defineOperation } from "../../../kernel/operation.ts";
import { publicJob } from "../engine/snapshot.ts";
import { mustFindJob } from "../must-find-job.ts";

export const getJob = defineOperation({
  action: "jobs.job.get",
  effect: "read",
  scope: "jobs:read",
  summary: "Read a job: its state, progress, cost and result",
  input: z.strictObject({ id: z.string() }),
  output: Job.meta({ id: "Job" }),
  raises: ["not_found"],
  resource: ({ id }) => `job:${id}`,
  async run(ctx, { id }) {
    return publicJob((await mustFindJob(ctx, id)).job, ctx.now.getTime());
  },
});
