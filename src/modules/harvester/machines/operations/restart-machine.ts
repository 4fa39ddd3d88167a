import { defineOrder } from "../define-order.ts";
import { orderPath } from "../find-machine.ts";

export const restartMachine = defineOrder({
  action: "harvester.vm.restart",
  verb: "restart",
  summary: "Shut a virtual machine down and start it anew, with what was changed meanwhile",
  safe: false,
  send: (kube, at) => kube.ask("PUT", orderPath("virtualmachines", at, "restart"), {}),
});
