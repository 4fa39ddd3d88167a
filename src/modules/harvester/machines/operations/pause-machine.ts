import { defineOrder } from "../define-order.ts";
import { orderPath } from "../find-machine.ts";

export const pauseMachine = defineOrder({
  action: "harvester.vm.pause",
  verb: "pause",
  summary: "Hold a virtual machine where it is, with its memory",
  safe: true,
  send: (kube, at, _found, options) =>
    kube.ask("PUT", orderPath("virtualmachineinstances", at, "pause"), {}, options),
});
