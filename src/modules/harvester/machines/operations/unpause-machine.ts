import { defineOrder } from "../define-order.ts";
import { orderPath } from "../find-machine.ts";

export const unpauseMachine = defineOrder({
  action: "harvester.vm.unpause",
  verb: "unpause",
  summary: "Let a paused virtual machine go on",
  safe: true,
  send: (kube, at, _found, options) =>
    kube.ask("PUT", orderPath("virtualmachineinstances", at, "unpause"), {}, options),
});
