import { defineOperation } from "../../../../kernel/operation.ts";
import { pageOf } from "../../../../kernel/page.ts";
import { kubeOf } from "../../kube/kube.ts";
import { listObjects } from "../../kube/list-objects.ts";
import { readRaises } from "../../raises.ts";
import { NamespacedList } from "../../words.ts";
import { instancesOf } from "../find-machine.ts";
import { machineOf } from "../read-machine.rules.ts";
import { VirtualMachine } from "../schemas.ts";

export const listMachines = defineOperation({
  action: "harvester.vm.list",
  effect: "read",
  scope: "clusters:read",
  summary: "List the virtual machines of a cluster with their state, host and addresses",
  input: NamespacedList,
  output: pageOf(VirtualMachine),
  raises: readRaises,
  resource: ({ id }) => `cluster:${id}`,
  async run(ctx, query) {
    const page = await listObjects(ctx, query, { group: "kubevirt", plural: "virtualmachines" });
    const instances = await instancesOf(kubeOf(ctx, query.id), page.items);
    const items = page.items.map((machine) =>
      machineOf(machine, instances.get(`${machine.metadata.namespace}/${machine.metadata.name}`)),
    );
    return { ...page, items };
  },
});
