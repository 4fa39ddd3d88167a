import * as z from "zod";
import { defineOperation } from "../../../../kernel/operation.ts";
import { problem } from "../../../../kernel/problem.ts";
import { pathOf } from "../../kube/paths.rules.ts";
import { writeRaises } from "../../raises.ts";
import { openNamespace } from "../../reach.ts";
import { entityOf, settleBare } from "../../settle.ts";
import { Accepted, LabelName, NamedField, ObjectName } from "../../words.ts";
import { machineKind, mustTake, orderPath } from "../find-machine.ts";
import { disksOf } from "../read-disks.rules.ts";

export const addMachineVolume = defineOperation({
  action: "harvester.vm.add_volume",
  effect: "write",
  scope: "clusters:write",
  summary: "Attach a volume to a virtual machine, also while it runs",
  input: z.strictObject({
    ...NamedField,
    volume: ObjectName,
    /** The disk's name in the machine; that of the volume when absent. */
    disk: LabelName.optional(),
    bus: z.enum(["scsi", "virtio"]).default("scsi"),
  }),
  output: Accepted,
  raises: writeRaises,
  resource: (at) => entityOf(at, machineKind),
  async run(ctx, { volume, disk = volume.slice(0, 63), bus, ...at }) {
    const { namespace } = at;
    const kube = await openNamespace(ctx, at.id, namespace);
    const [found, claim] = await Promise.all([
      mustTake(kube, at, "addVolume"),
      kube.find(pathOf("core", "persistentvolumeclaims", { namespace, name: volume })),
    ]);
    if (claim === undefined) throw refused("/volume", `There is no volume ${volume} in ${namespace}.`);
    const disks = found === undefined ? [] : disksOf(found.machine);
    if (disks.some(({ name }) => name === disk))
      throw refused("/disk", `The machine has a disk called ${disk} already.`);
    const done = await kube.ask(
      "PUT",
      orderPath("virtualmachines", at, "addvolume"),
      {
        name: disk,
        disk: { name: disk, disk: { bus } },
        volumeSource: { persistentVolumeClaim: { claimName: volume, hotpluggable: true } },
      },
      { pointers: { name: "/disk", disk: "/bus", volumeSource: "/volume" } },
    );
    return settleBare(ctx, entityOf(at, machineKind), done, { after: { disk, volume } });
  },
});

function refused(pointer: string, message: string) {
  return problem("invalid_input", "harvester.volume_refused", message, {
    errors: [{ pointer, code: "refused", message }],
  });
}
