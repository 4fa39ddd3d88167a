import * as z from "zod";
import { defineOperation } from "../../../../kernel/operation.ts";
import { problem } from "../../../../kernel/problem.ts";
import { isUnknown } from "../../kube/kube.ts";
import { writeRaises } from "../../raises.ts";
import { openWholeCluster } from "../../reach.ts";
import { entityOf, settleBare } from "../../settle.ts";
import { Accepted, ClusterField, ObjectName } from "../../words.ts";
import { askHost, hostKind, hostPath } from "../find-host.ts";
import { hostState } from "../read-host.rules.ts";

export const powerHost = defineOperation({
  action: "harvester.host.power",
  effect: "write",
  scope: "clusters:admin",
  summary: "Switch a host off or on, or boot it anew, by its management controller",
  input: z.strictObject({
    ...ClusterField,
    name: ObjectName,
    operation: z.enum(["shutdown", "poweron", "reboot"]),
    /** The host's name once more. */
    confirm: z.string(),
  }),
  output: Accepted,
  raises: writeRaises,
  resource: (at) => entityOf(at, hostKind),
  async run(ctx, { id, name, operation, confirm }) {
    if (confirm !== name) throw notConfirmed(name);
    const kube = await openWholeCluster(ctx, id);
    const state = hostState(await kube.get(hostPath(name)));
    if (operation !== "poweron" && state !== "maintenance") {
      const detail = `The host ${name} is ${state}. Bring it into maintenance mode first, so that nothing runs on it.`;
      throw problem("conflict", "harvester.wrong_state", detail, { data: { state } });
    }
    const done = await askHost(kube, name, "powerAction", { operation }).catch((error: unknown) => {
      throw isUnknown(error) ? noPowerControl(name) : error;
    });
    return settleBare(ctx, entityOf({ id, name }, hostKind), done, {
      before: { state },
      after: { operation },
    });
  },
});

/** The host is there: what is missing is how to reach its management controller. */
function noPowerControl(name: string) {
  return problem(
    "conflict",
    "harvester.no_power_control",
    `Harvester does not know the management controller of ${name}. Switch the add-on harvester-seeder on and make an inventory for the host.`,
  );
}

function notConfirmed(name: string) {
  const message = `Repeat the host's name, ${name}, to confirm.`;
  return problem("invalid_input", "harvester.not_confirmed", message, {
    errors: [{ pointer: "/confirm", code: "not_confirmed", message }],
  });
}
