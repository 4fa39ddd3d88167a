import { defineOrder } from "../define-order.ts";
import { orderPath } from "../find-machine.ts";

export const softRebootMachine = defineOrder({
  action: "harvester.vm.soft_reboot",
  verb: "softReboot",
  summary: "Let the guest of a virtual machine reboot by itself",
  safe: false,
  send: (kube, at) => kube.ask("PUT", orderPath("virtualmachineinstances", at, "softreboot")),
});
