import * as z from "zod";
import { defineOperation } from "../../../../kernel/operation.ts";
import { problem } from "../../../../kernel/problem.ts";
import { followAction } from "../../actions/follow-action.ts";
import { writeRaises } from "../../raises.ts";
import { openWholeCluster } from "../../reach.ts";
import { entityOf, settleBare } from "../../settle.ts";
import { ClusterField, ObjectName } from "../../words.ts";
import { askHost, hostKind, hostPath } from "../find-host.ts";
import { hostState } from "../read-host.rules.ts";

export const enterMaintenance = defineOperation({
  action: "harvester.host.enter_maintenance",
  effect: "write",
  scope: "clusters:admin",
  summary:
    "Drain a host: its machines move away or stop. Followed as a job; cancelling it brings the host back",
  input: z.strictObject({
    ...ClusterField,
    name: ObjectName,
    /** Stops machines that can't move instead of waiting for somebody to. */
    force: z.boolean().default(false),
  }),
  output: z
    .strictObject({ commandId: z.string(), queued: z.boolean(), jobId: z.string() })
    .meta({ id: "MaintenanceBegun" }),
  raises: writeRaises,
  resource: (at) => entityOf(at, hostKind),
  async run(ctx, { id, name, force }) {
    const kube = await openWholeCluster(ctx, id);
    const state = hostState(await kube.get(hostPath(name)));
    if (state === "maintenance" || state === "entering_maintenance") {
      const said = state === "maintenance" ? "in maintenance mode" : "on its way into maintenance mode";
      throw problem("conflict", "harvester.wrong_state", `The host ${name} is ${said} already.`, {
        data: { state },
      });
    }
    const done = await askHost(kube, name, "enableMaintenanceMode", { force: String(force) });
    const job = await followAction(ctx, {
      kind: "host.maintenance",
      clusterId: id,
      namespace: null,
      name,
      commandId: done.commandId,
    });
    const change = { before: { state }, after: { force, jobId: job.id } };
    const settled = await settleBare(ctx, entityOf({ id, name }, hostKind), done, change);
    return { ...settled, jobId: job.id };
  },
});
