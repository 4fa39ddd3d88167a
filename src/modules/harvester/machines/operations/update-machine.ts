import * as z from "zod";
import { defineOperation } from "../../../../kernel/operation.ts";
import { problem } from "../../../../kernel/problem.ts";
import type { Done, Kube } from "../../kube/kube.ts";
import { orChanged } from "../../kube/or-changed.ts";
import { stevePath } from "../../kube/paths.rules.ts";
import { writeRaises } from "../../raises.ts";
import { openNamespace } from "../../reach.ts";
import { entityOf, settle } from "../../settle.ts";
import {
  ByteQuantity,
  Description,
  LabelChanges,
  NamedField,
  QueueForMs,
  ResourceVersion,
} from "../../words.ts";
import { type FoundMachine, type MachineAt, machineKind, machinePath, mustTake } from "../find-machine.ts";
import { hasHotplug, type MachineChange, patchOf, waitsForRestart } from "../machine-change.rules.ts";
import { runStrategies } from "../machine-draft.ts";
import { machineOf } from "../read-machine.rules.ts";
import { VirtualMachine } from "../schemas.ts";

const Updated = z
  .strictObject({
    commandId: z.string(),
    queued: z.boolean(),
    object: VirtualMachine.nullable(),
    /** Processors and memory hold from the next start on. */
    restartNeeded: z.boolean(),
  })
  .meta({ id: "UpdatedVirtualMachine" });

const pointers = {
  "spec.template.spec.domain.cpu": "/cpu",
  "spec.template.spec.domain.resources.limits.cpu": "/cpu",
  "spec.template.spec.domain.memory": "/memory",
  "spec.template.spec.domain.resources.limits.memory": "/memory",
  "spec.runStrategy": "/runStrategy",
  "metadata.labels": "/labels",
};

export const updateMachine = defineOperation({
  action: "harvester.vm.update",
  effect: "write",
  scope: "clusters:write",
  summary: "Change processors, memory, run strategy, description or labels of a virtual machine",
  input: z.strictObject({
    ...NamedField,
    resourceVersion: ResourceVersion.optional(),
    cpu: z.int().min(1).max(256).optional(),
    memory: ByteQuantity.optional(),
    runStrategy: z.enum(runStrategies).optional(),
    description: Description.optional(),
    labels: LabelChanges.optional(),
    queueForMs: QueueForMs,
  }),
  output: Updated,
  raises: writeRaises,
  resource: (at) => entityOf(at, machineKind),
  async run(ctx, { id, namespace, name, resourceVersion, queueForMs, ...change }) {
    const at = { id, namespace, name };
    if (Object.keys(change).length === 0) throw nothingToChange();
    const kube = await openNamespace(ctx, id, namespace);
    const sized = change.cpu !== undefined || change.memory !== undefined;
    const found = await mustTake(kube, at, "update", queueForMs !== undefined && !sized);
    const runs = found?.state.phase === "Running";
    const grows = sized && runs && hasHotplug(found?.machine);
    const send = grows
      ? grow(kube, at, found as FoundMachine, change, resourceVersion)
      : kube.patch(machinePath(at), "merge", patchOf(change, found?.machine, resourceVersion), {
          pointers,
          queueForMs,
        });
    const path = machinePath(at);
    const done = await orChanged(
      send,
      { kube, path, read: (machine) => machineOf(machine) },
      {
        resourceVersion,
        ...change,
      },
    );
    const before = found && machineOf(found.machine, found.instance);
    const settled = await settle(
      ctx,
      entityOf(at, machineKind),
      done,
      (machine) => machineOf(machine, found?.instance),
      before,
    );
    return { ...settled, restartNeeded: !!found && waitsForRestart(change, found.machine, runs) };
  },
});

/** Gives a running machine more, after what else is changed of it. */
async function grow(
  kube: Kube,
  at: MachineAt,
  { machine }: FoundMachine,
  { cpu, memory, ...rest }: MachineChange,
  resourceVersion: string | undefined,
): Promise<Done> {
  const path = machinePath(at);
  const patch = patchOf(rest, machine, resourceVersion);
  if (Object.keys(patch).length > 0) await kube.patch(path, "merge", patch, { pointers });
  const { commandId, queued } = await kube.ask(
    "POST",
    stevePath("kubevirt.io.virtualmachines", at.namespace, at.name),
    { ...(cpu === undefined ? {} : { sockets: cpu }), ...(memory === undefined ? {} : { memory }) },
    { query: { action: "cpuAndMemoryHotplug" }, pointers: { sockets: "/cpu", memory: "/memory" } },
  );
  return { commandId, queued, object: await kube.get(path) };
}

function nothingToChange() {
  const message = "Name what is to be changed: cpu, memory, runStrategy, description or labels.";
  return problem("invalid_input", "harvester.nothing_to_change", message, {
    errors: [{ pointer: "", code: "nothing_to_change", message }],
  });
}
