import * as z from "zod";
import { Job } from "../../../../contracts/jobs.ts";
import type { Json } from "../../../kernel/json.ts";
import { defineOperation } from "../../../kernel/operation.ts";
import { problem } from "../../../kernel/problem.ts";
import { publicJob } from "../engine/snapshot.ts";
import { mustChangeJob } from "../must-find-job.ts";
import { auditOf } from "../submit-job.ts";

const Edits = z.strictObject({
  payload: z.json().optional(),
  priority: z.int().min(0).max(9).optional(),
  maxAttempts: z.int().min(1).max(20).optional(),
  timeoutMs: z.int().min(1_000).optional(),
  chunkUnits: z.int().min(1).max(500).optional(),
});

export const editJob = defineOperation({
  action: "jobs.job.update",
  effect: "write",
  scope: "jobs:write",
  summary: "Edit a dead letter before it is redriven",
  input: z.strictObject({ id: z.string(), ...Edits.shape }),
  output: Job,
  raises: ["not_found", "conflict", "forbidden"],
  resource: ({ id }) => `job:${id}`,
  async run(ctx, { id, ...given }) {
    await mustChangeJob(ctx, id);
    const { payload, ...numbers } = given;
    const set = Object.entries(numbers).filter(([, value]) => value !== undefined);
    const edits = {
      ...Object.fromEntries(set),
      ...(payload === undefined ? {} : { payload: payload as Json }),
    };
    const reply = await ctx.ports.jobs.execute(ctx.tenantId, {
      type: "edit_dead",
      tenantId: ctx.tenantId,
      jobId: id,
      edits,
      audit: auditOf(ctx),
    });
    if (!reply.ok) throw problem(reply.failure.kind, reply.failure.code, reply.failure.detail, reply.failure);
    return publicJob(reply.job, ctx.now.getTime());
  },
});
