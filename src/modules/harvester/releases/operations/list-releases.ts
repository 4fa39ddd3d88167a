import { defineOperation } from "../../../../kernel/operation.ts";
import { pageOf } from "../../../../kernel/page.ts";
import { listObjects } from "../../kube/list-objects.ts";
import { readRaises } from "../../raises.ts";
import { openWholeCluster } from "../../reach.ts";
import { ClusterList } from "../../words.ts";
import { readRelease } from "../read-releases.rules.ts";
import { Release } from "../schemas.ts";

export const listReleases = defineOperation({
  action: "harvester.release.list",
  effect: "read",
  scope: "clusters:read",
  summary: "List the releases that a cluster knows and could go to",
  input: ClusterList,
  output: pageOf(Release),
  raises: readRaises,
  async run(ctx, input) {
    await openWholeCluster(ctx, input.id);
    const kind = { group: "harvester", plural: "versions", ofCluster: true } as const;
    const page = await listObjects(ctx, input, kind);
    return { ...page, items: page.items.map(readRelease) };
  },
});
