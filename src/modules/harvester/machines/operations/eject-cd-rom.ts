import * as z from "zod";
import { defineOperation } from "../../../../kernel/operation.ts";
import { problem } from "../../../../kernel/problem.ts";
import { stevePath } from "../../kube/paths.rules.ts";
import { writeRaises } from "../../raises.ts";
import { openNamespace } from "../../reach.ts";
import { entityOf, settleBare } from "../../settle.ts";
import { Accepted, LabelName, NamedField } from "../../words.ts";
import { machineKind, mustTake } from "../find-machine.ts";

export const ejectCdRom = defineOperation({
  action: "harvester.vm.eject_cd_rom",
  effect: "write",
  scope: "clusters:write",
  summary: "Take the disc out of a CD-ROM drive of a virtual machine; its volume is deleted",
  input: z.strictObject({ ...NamedField, disk: LabelName }),
  output: Accepted,
  raises: writeRaises,
  resource: (at) => entityOf(at, machineKind),
  async run(ctx, { disk, ...at }) {
    const kube = await openNamespace(ctx, at.id, at.namespace);
    const found = await mustTake(kube, at, "ejectCdRom");
    const drives = found?.state.cdRoms ?? [];
    if (!drives.includes(disk)) {
      const message = `${disk} is no CD-ROM drive. There are: ${drives.join(", ")}.`;
      throw problem("invalid_input", "harvester.no_cd_rom", message, {
        errors: [{ pointer: "/disk", code: "no_cd_rom", message }],
      });
    }
    const done = await kube.ask(
      "POST",
      stevePath("kubevirt.io.virtualmachines", at.namespace, at.name),
      { deviceName: disk },
      { query: { action: "ejectCdRomVolume" }, pointers: { deviceName: "/disk" } },
    );
    return settleBare(ctx, entityOf(at, machineKind), done, { before: { disk } });
  },
});
