import type { Ctx } from "../../../kernel/context.ts";
import { expectVersion } from "../../../kernel/operation.ts";
import { mustChangeWithin } from "../../../kernel/project-reach.ts";
import { mustFindDataset } from "../find-dataset.ts";
import { replaceDataset } from "../store.ts";
import type { DatasetRow } from "../tables.ts";
import { datasetOf } from "../wire.ts";

/** Changes a data set by one decision, in one write. */
export async function changeDataset(ctx: Ctx, id: string, decide: (dataset: DatasetRow) => DatasetRow) {
  const before = await mustFindDataset(ctx, { id });
  mustChangeWithin(ctx.actor, before.projectId);
  expectVersion(ctx, before.version);
  const after = { ...decide(before), writeId: ctx.newId("wr") };
  await ctx.write(
    {
      entity: `dataset:${id}`,
      before: datasetOf(before),
      after: datasetOf(after),
      ...(before.projectId === null ? {} : { projectId: before.projectId }),
    },
    (q) => replaceDataset(q, after, before.version),
  );
  return datasetOf(after);
}
