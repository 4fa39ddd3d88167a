import { defineOperation } from "../../../../kernel/operation.ts";
import { fieldAt, jsonAt, textAt } from "../../kube/fields.rules.ts";
import type { Kube } from "../../kube/kube.ts";
import { listAll } from "../../kube/list-all.ts";
import { orHidden } from "../../kube/or-hidden.ts";
import { pathOf } from "../../kube/paths.rules.ts";
import { readRaises } from "../../raises.ts";
import { openNamespace } from "../../reach.ts";
import { entityOf } from "../../settle.ts";
import { NamedRef } from "../../words.ts";
import { type MachineAt, machineKind, mustFindMachine } from "../find-machine.ts";
import { takesMachines } from "../host-room.rules.ts";
import type { ClusterFacts } from "../machine-actions.rules.ts";
import { machineDetailOf } from "../read-machine.rules.ts";
import { VirtualMachineDetail } from "../schemas.ts";

/** What the cluster says beside the machine: on it depends what may be done now. */
async function clusterFacts(kube: Kube, { namespace, name }: MachineAt): Promise<ClusterFacts> {
  const [nodes, target, backups] = await Promise.all([
    orHidden(listAll(kube, pathOf("core", "nodes"))),
    orHidden(kube.get(pathOf("harvester", "settings", { name: "backup-target" }))),
    orHidden(listAll(kube, pathOf("harvester", "virtualmachinebackups", { namespace }))),
  ]);
  const set = target && (jsonAt(target, "value") ?? jsonAt(target, "default"));
  return {
    readyHosts: nodes?.filter(takesMachines).length,
    backupTarget: target && textAt(set, "type") !== null && textAt(set, "type") !== "",
    backups: backups?.filter((one) => fieldAt(one, "spec", "source", "name") === name).length,
  };
}

export const getMachine = defineOperation({
  action: "harvester.vm.get",
  effect: "read",
  scope: "clusters:read",
  summary: "Read a virtual machine: disks, networks, what runs of it, its events, and what may be done now",
  input: NamedRef,
  output: VirtualMachineDetail,
  raises: readRaises,
  resource: (at) => entityOf(at, machineKind),
  async run(ctx, at) {
    const kube = await openNamespace(ctx, at.id, at.namespace);
    const [{ machine, instance, state }, facts, events] = await Promise.all([
      mustFindMachine(kube, at),
      clusterFacts(kube, at),
      orHidden(
        listAll(kube, pathOf("core", "events", { namespace: at.namespace }), {
          fieldSelector: `involvedObject.name=${at.name}`,
        }),
      ),
    ]);
    return machineDetailOf(machine, { instance, state, facts, events: events ?? [] });
  },
});
