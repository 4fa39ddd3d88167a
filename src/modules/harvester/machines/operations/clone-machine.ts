import * as z from "zod";
import { defineOperation } from "../../../../kernel/operation.ts";
import { stevePath } from "../../kube/paths.rules.ts";
import { writeRaises } from "../../raises.ts";
import { openNamespace } from "../../reach.ts";
import { entityOf, settle } from "../../settle.ts";
import { doneOf, LabelName, NamedField } from "../../words.ts";
import { machineKind, machinePath, mustTake } from "../find-machine.ts";
import { runStrategies } from "../machine-draft.ts";
import { machineOf } from "../read-machine.rules.ts";
import { VirtualMachine } from "../schemas.ts";

export const cloneMachine = defineOperation({
  action: "harvester.vm.clone",
  effect: "write",
  scope: "clusters:write",
  summary: "Make a new virtual machine like another one, with copies of its volumes",
  input: z.strictObject({
    ...NamedField,
    newName: LabelName,
    runStrategy: z.enum(runStrategies).optional(),
  }),
  output: doneOf(VirtualMachine),
  raises: writeRaises,
  resource: ({ id, namespace, newName }) => entityOf({ id, namespace, name: newName }, machineKind),
  async run(ctx, { newName, runStrategy, ...at }) {
    const kube = await openNamespace(ctx, at.id, at.namespace);
    await mustTake(kube, at, "clone");
    const { commandId, queued } = await kube.ask(
      "POST",
      stevePath("kubevirt.io.virtualmachines", at.namespace, at.name),
      { targetVm: newName, ...(runStrategy === undefined ? {} : { runStrategy }) },
      { query: { action: "clone" }, pointers: { targetVm: "/newName", runStrategy: "/runStrategy" } },
    );
    const object = await kube.find(machinePath({ namespace: at.namespace, name: newName }));
    return settle(ctx, entityOf(at, machineKind, newName), { commandId, queued, object }, (machine) =>
      machineOf(machine),
    );
  },
});
