import type { Ctx } from "../../kernel/context.ts";
import { projectOf } from "../../kernel/project-reach.ts";
import { findPolicy, retentionCutoff } from "../policy/index.ts";
import { deleteRun, listRunsBefore } from "./store.ts";

const batch = 100;

/** Deletes runs that are older than the tenant keeps them, each with its event and its case results. */
export async function sweepRuns(ctx: Ctx): Promise<number> {
  const policy = await findPolicy(ctx);
  const cutoff = new Date(retentionCutoff(policy, ctx.now.getTime()));
  const old = await listRunsBefore(ctx.db, ctx.tenantId, cutoff, batch);
  for (const row of old) {
    const before = { configHash: row.configHash, resultsHash: row.run.resultsHash, createdAt: row.createdAt };
    const projectId = projectOf(row.projectId);
    const place = projectId === null ? {} : { projectId };
    await ctx.write({ entity: `run:${row.id}`, before, ...place }, (q) => [
      deleteRun(q, ctx.tenantId, row.id),
    ]);
    await ctx.ports.blobs.delete([row.resultsKey]);
  }
  return old.length;
}
