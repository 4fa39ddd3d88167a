import { fieldsAt } from "../machines/fields.ts";
import { guestNodes } from "../machines/node.rules.ts";
import { podRequests, stepPod } from "../machines/pod.rules.ts";
import { place } from "../machines/scheduling.rules.ts";
import { emit } from "./emit.ts";
import { kindIn, watched } from "./kinds.ts";
import { editIfChanged, reconciler } from "./reconciler.ts";

/** Runs the pods that no guest runs in: on a node, until their containers end. */
export const podController = reconciler({
  name: "pods",
  watches: [watched("pod")],
  reconcile(world, key) {
    const kind = kindIn(world, "pod");
    const pod = world.store.find(kind, key.namespace, key.name);
    if (pod === undefined || pod.metadata.labels?.["kubevirt.io"] === "virt-launcher") return undefined;
    const step = stepPod({
      pod,
      now: world.clock.now(),
      placement: () =>
        place(guestNodes(world.store.list(kindIn(world, "node"))), world.store.list(kind), {
          requests: podRequests(pod),
          spec: fieldsAt(pod, "spec"),
        }),
    });
    editIfChanged(world.store, kind, key, (stored) => {
      if (step.bindTo !== undefined) stored["spec"] = { ...fieldsAt(stored, "spec"), nodeName: step.bindTo };
      if (step.status !== undefined) stored["status"] = step.status;
    });
    if (step.log !== undefined) world.logs.append(key.namespace ?? "default", key.name, step.log);
    for (const said of step.says ?? [])
      emit(world, pod, said, said.reason === "FailedScheduling" ? "default-scheduler" : "kubelet");
    return step.againMs;
  },
});
