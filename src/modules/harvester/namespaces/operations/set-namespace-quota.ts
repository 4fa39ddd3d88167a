import { defineOperation } from "../../../../kernel/operation.ts";
import { problem } from "../../../../kernel/problem.ts";
import { writeRaises } from "../../raises.ts";
import { openWholeCluster } from "../../reach.ts";
import { entityOf, settleBare } from "../../settle.ts";
import { Accepted } from "../../words.ts";
import { changeHardQuota, changeSnapshotQuota } from "../change-quota.ts";
import { findQuota } from "../find-quota.ts";
import { hardQuotaOf } from "../namespace.rules.ts";
import { SetQuota } from "../schemas.ts";

export const setNamespaceQuota = defineOperation({
  action: "harvester.namespace.set_quota",
  effect: "write",
  scope: "clusters:admin",
  summary: "Set what a namespace may take of a cluster, as a whole: what is left out is not limited",
  input: SetQuota,
  output: Accepted,
  raises: writeRaises,
  resource: ({ id, namespace }) => entityOf({ id, name: namespace }, "namespaces"),
  async run(ctx, asked) {
    const { id, namespace, cpu, memory, storage, snapshots } = asked;
    if ([cpu, memory, storage, snapshots].every((one) => one === undefined)) {
      throw problem("invalid_input", "harvester.quota_empty", "Limit something, or remove the quota.", {
        errors: [{ pointer: "", code: "required", message: "cpu, memory, storage or snapshots." }],
      });
    }
    const kube = await openWholeCluster(ctx, id);
    const before = await findQuota(kube, namespace);
    const hard = await changeHardQuota(kube, namespace, hardQuotaOf(asked));
    const commandId = (await changeSnapshotQuota(kube, namespace, snapshots)) ?? hard ?? "";
    return settleBare(
      ctx,
      entityOf({ id, name: namespace }, "namespaces"),
      { commandId, queued: false },
      { before, after: { cpu, memory, storage, snapshots } },
    );
  },
});
