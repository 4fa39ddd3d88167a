import * as z from "zod";
import { defineOperation } from "../../../../kernel/operation.ts";
import { problem } from "../../../../kernel/problem.ts";
import { writeRaises } from "../../raises.ts";
import { openNamespace } from "../../reach.ts";
import { entityOf, settleBare } from "../../settle.ts";
import { Accepted, LabelName, NamedField } from "../../words.ts";
import { machineKind, mustTake, orderPath } from "../find-machine.ts";

export const removeMachineVolume = defineOperation({
  action: "harvester.vm.remove_volume",
  effect: "write",
  scope: "clusters:write",
  summary: "Detach a volume that was attached to a virtual machine; the volume stays",
  input: z.strictObject({ ...NamedField, disk: LabelName }),
  output: Accepted,
  raises: writeRaises,
  resource: (at) => entityOf(at, machineKind),
  async run(ctx, { disk, ...at }) {
    const kube = await openNamespace(ctx, at.id, at.namespace);
    const found = await mustTake(kube, at, "removeVolume");
    const removable = found?.state.hotplugged ?? [];
    if (!removable.includes(disk)) {
      const message = `${disk} is no disk that can be detached. There are: ${removable.join(", ")}.`;
      throw problem("invalid_input", "harvester.volume_refused", message, {
        errors: [{ pointer: "/disk", code: "not_detachable", message }],
      });
    }
    const done = await kube.ask("PUT", orderPath("virtualmachines", at, "removevolume"), { name: disk });
    return settleBare(ctx, entityOf(at, machineKind), done, { before: { disk } });
  },
});
