import { problem } from "../../../kernel/problem.ts";
import type { Kube } from "../kube/kube.ts";
import { listAll } from "../kube/list-all.ts";
import { pathOf } from "../kube/paths.rules.ts";
import { machinesOn } from "./machines-on.rules.ts";

/** @throws conflict `harvester.network_used` while virtual machines of the network's namespace are on it */
export async function mustBeUnused(kube: Kube, network: { namespace: string; name: string }): Promise<void> {
  const machines = await listAll(
    kube,
    pathOf("kubevirt", "virtualmachines", { namespace: network.namespace }),
  );
  const users = machinesOn(machines, network);
  if (users.length === 0) return;
  throw problem(
    "conflict",
    "harvester.network_used",
    `${users.join(", ")} ${users.length === 1 ? "is" : "are"} on it. Take the network off there first.`,
    { data: { usedBy: users } },
  );
}
