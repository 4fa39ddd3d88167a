import { defineOperation } from "../../../../kernel/operation.ts";
import { problem } from "../../../../kernel/problem.ts";
import { writeRaises } from "../../raises.ts";
import { openWholeCluster } from "../../reach.ts";
import { entityOf, settleBare } from "../../settle.ts";
import { Accepted, NamespaceRef } from "../../words.ts";
import { changeHardQuota, changeSnapshotQuota } from "../change-quota.ts";
import { findQuota } from "../find-quota.ts";

export const removeNamespaceQuota = defineOperation({
  action: "harvester.namespace.remove_quota",
  effect: "write",
  scope: "clusters:admin",
  summary: "Take the quota of a namespace away",
  input: NamespaceRef,
  output: Accepted,
  raises: writeRaises,
  resource: ({ id, namespace }) => entityOf({ id, name: namespace }, "namespaces"),
  async run(ctx, { id, namespace }) {
    const kube = await openWholeCluster(ctx, id);
    const before = await findQuota(kube, namespace);
    const hard = await changeHardQuota(kube, namespace, undefined);
    const commandId = (await changeSnapshotQuota(kube, namespace, undefined)) ?? hard;
    if (commandId === undefined) {
      throw problem("not_found", "harvester.unknown", `The namespace ${namespace} has no quota.`);
    }
    return settleBare(
      ctx,
      entityOf({ id, name: namespace }, "namespaces"),
      { commandId, queued: false },
      { before },
    );
  },
});
