import * as z from "zod";
import { defineOperation } from "../../../../kernel/operation.ts";
import { problem } from "../../../../kernel/problem.ts";
import { writeRaises } from "../../raises.ts";
import { openNamespace } from "../../reach.ts";
import { entityOf, settleBare } from "../../settle.ts";
import { Accepted, NamedField } from "../../words.ts";
import { machineKind, mustFindMachine } from "../find-machine.ts";
import { refusalOf } from "../machine-actions.rules.ts";
import { removeMachine } from "../make-machine.ts";
import { claimsOf } from "../read-disks.rules.ts";
import { machineOf } from "../read-machine.rules.ts";

const Volumes = z
  .string()
  .max(4000)
  .regex(/^[a-z0-9.-]+(?:,[a-z0-9.-]+)*$/, "Names of volumes, separated by commas.")
  .transform((text) => [...new Set(text.split(","))]);

export const deleteMachine = defineOperation({
  action: "harvester.vm.delete",
  effect: "write",
  scope: "clusters:write",
  summary: "Delete a virtual machine; its volumes stay, but those named in removedVolumes",
  input: z.strictObject({ ...NamedField, removedVolumes: Volumes.optional() }),
  output: Accepted,
  raises: writeRaises,
  resource: (at) => entityOf(at, machineKind),
  async run(ctx, { removedVolumes = [], ...at }) {
    const kube = await openNamespace(ctx, at.id, at.namespace);
    const { machine, instance, state } = await mustFindMachine(kube, at);
    const refusal = refusalOf("delete", state);
    if (refusal) throw refusal;
    const own = claimsOf(machine);
    const strange = removedVolumes.find((volume) => !own.includes(volume));
    if (strange !== undefined) {
      const message = `${strange} is no volume of this machine. It has: ${own.join(", ") || "none"}.`;
      throw problem("invalid_input", "harvester.volume_of_another", message, {
        errors: [{ pointer: "/query/removedVolumes", code: "not_attached", message }],
      });
    }
    const done = await removeMachine(kube, machine, removedVolumes);
    return settleBare(ctx, entityOf(at, machineKind), done, {
      before: machineOf(machine, instance),
      after: { removedVolumes },
    });
  },
});
