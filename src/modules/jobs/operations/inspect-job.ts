import * as z from "zod";
import { Job } from "../../../../contracts/jobs.ts";
import { defineOperation } from "../../../kernel/operation.ts";
import { publicJob } from "../engine/snapshot.ts";
import { mustFindJob } from "../must-find-job.ts";

const Attempt = z.strictObject({
  at: z.iso.datetime(),
  chunk: z.int(),
  attempt: z.int(),
  workerId: z.string(),
  code: z.string(),
  message: z.string(),
});

export const inspectJob = defineOperation({
  action: "jobs.job.inspect",
  effect: "read",
  scope: "jobs:write",
  summary: "Inspect a job, such as a dead letter: its payload and the log of attempts that failed",
  input: z.strictObject({ id: z.string() }),
  output: z
    .strictObject({ job: Job, payload: z.unknown(), attempts: z.array(Attempt) })
    .meta({ id: "JobInspection" }),
  raises: ["not_found"],
  resource: ({ id }) => `job:${id}`,
  async run(ctx, { id }) {
    const { job, payload, log } = await mustFindJob(ctx, id);
    const attempts = log.map(({ at, ...rest }) => ({ at: new Date(at).toISOString(), ...rest }));
    return { job: publicJob(job, ctx.now.getTime()), payload, attempts };
  },
});
