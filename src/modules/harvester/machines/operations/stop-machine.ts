import { fieldAt } from "../../kube/fields.rules.ts";
import { defineOrder } from "../define-order.ts";
import { machinePath } from "../find-machine.ts";

/** Where Harvester remembers how a machine that was stopped is to run. */
export const runStrategyKey = "harvesterhci.io/vmRunStrategy";

export const stopMachine = defineOrder({
  action: "harvester.vm.stop",
  verb: "stop",
  summary: "Shut a virtual machine down; it stays off until it is started",
  safe: true,
  async send(kube, at, found, options) {
    const { runStrategy } = found?.state ?? {};
    const remembered =
      runStrategy === undefined || runStrategy === "Halted"
        ? {}
        : { metadata: { annotations: { [runStrategyKey]: runStrategy } } };
    const old = fieldAt(found?.machine, "spec", "running") === undefined ? {} : { running: null };
    const patch = { ...remembered, spec: { runStrategy: "Halted", ...old } };
    return kube.patch(machinePath(at), "merge", patch, options);
  },
});
