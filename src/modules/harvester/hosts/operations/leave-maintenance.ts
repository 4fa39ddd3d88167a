import { defineOperation } from "../../../../kernel/operation.ts";
import { problem } from "../../../../kernel/problem.ts";
import { writeRaises } from "../../raises.ts";
import { openWholeCluster } from "../../reach.ts";
import { entityOf, settleBare } from "../../settle.ts";
import { Accepted, ClusterNamedRef } from "../../words.ts";
import { askHost, hostKind, hostPath } from "../find-host.ts";
import { hostState } from "../read-host.rules.ts";

export const leaveMaintenance = defineOperation({
  action: "harvester.host.leave_maintenance",
  effect: "write",
  scope: "clusters:admin",
  summary: "End the maintenance mode of a host, or its way into it: machines may run on it again",
  input: ClusterNamedRef,
  output: Accepted,
  raises: writeRaises,
  resource: (at) => entityOf(at, hostKind),
  async run(ctx, { id, name }) {
    const kube = await openWholeCluster(ctx, id);
    const state = hostState(await kube.get(hostPath(name)));
    if (state !== "maintenance" && state !== "entering_maintenance") {
      throw problem("conflict", "harvester.wrong_state", `The host ${name} is not in maintenance mode.`, {
        data: { state },
      });
    }
    const done = await askHost(kube, name, "disableMaintenanceMode");
    return settleBare(ctx, entityOf({ id, name }, hostKind), done, { before: { state } });
  },
});
