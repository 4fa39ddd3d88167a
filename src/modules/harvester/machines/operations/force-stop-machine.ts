import { defineOrder } from "../define-order.ts";
import { orderPath } from "../find-machine.ts";

export const forceStopMachine = defineOrder({
  action: "harvester.vm.force_stop",
  verb: "forceStop",
  summary: "Cut off a virtual machine that does not end its shutdown; what it has not written is lost",
  safe: false,
  send: (kube, at) => kube.ask("PUT", orderPath("virtualmachines", at, "stop"), { gracePeriod: 0 }),
});
