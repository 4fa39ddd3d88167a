import { fieldAt, textAt } from "../../kube/fields.rules.ts";
import { defineOrder } from "../define-order.ts";
import { machinePath, orderPath } from "../find-machine.ts";
import { runStrategyKey } from "./stop-machine.ts";

export const startMachine = defineOrder({
  action: "harvester.vm.start",
  verb: "start",
  summary: "Start a virtual machine",
  safe: true,
  async send(kube, at, found, options) {
    if (found?.state.runStrategy !== "Halted")
      return kube.ask("PUT", orderPath("virtualmachines", at, "start"), {}, options);
    const before = textAt(found.machine, "metadata", "annotations", runStrategyKey);
    const runStrategy = before === null || before === "Halted" ? "RerunOnFailure" : before;
    const old = fieldAt(found.machine, "spec", "running") === undefined ? {} : { running: null };
    return kube.patch(machinePath(at), "merge", { spec: { runStrategy, ...old } }, options);
  },
});
