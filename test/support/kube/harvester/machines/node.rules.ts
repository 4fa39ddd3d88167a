import type { KubeObject } from "../../words.ts";
import { type Condition, conditionOf, isTrue } from "./conditions.ts";
import { durations } from "./durations.ts";
import { itemsAt } from "./fields.ts";
import { instantOf } from "./stamp.ts";

export const notReadyAnnotation = "sim.maru/not-ready";

/** Nodes that the scheduler looks at: those that run guests. A witness only votes. */
export function guestNodes(nodes: readonly KubeObject[]): KubeObject[] {
  return nodes.filter((node) => node.metadata.labels?.["node-role.harvesterhci.io/witness"] !== "true");
}

export function isReady(node: KubeObject): boolean {
  return isTrue(node, "Ready");
}

/** Since when a node has not answered; undefined when it does. */
export function silentSince(node: KubeObject): number | undefined {
  const ready = conditionOf(node, "Ready");
  return ready === undefined || ready["status"] === "True"
    ? undefined
    : instantOf(ready["lastTransitionTime"]);
}

export const readyCondition: Condition = {
  type: "Ready",
  status: "True",
  reason: "KubeletReady",
  message: "kubelet is posting ready status",
};

const silent = { reason: "NodeStatusUnknown", message: "Kubelet stopped posting node status." };

export interface NodeStep {
  readonly conditions: readonly Condition[];
  readonly taint: boolean;
  readonly becameSilent: boolean;
  readonly becameReady: boolean;
}

/** What the node controller makes of a node that was told to fall silent, or to come back. */
export function stepNode(node: KubeObject): NodeStep {
  const told = node.metadata.annotations?.[notReadyAnnotation];
  const silenced = told !== undefined && told !== "false";
  const was = isReady(node);
  if (!silenced)
    return {
      conditions: was ? [] : [readyCondition],
      taint: false,
      becameSilent: false,
      becameReady: !was,
    };
  const conditions = ["Ready", "MemoryPressure", "DiskPressure", "PIDPressure"].map(
    (type): Condition => ({ type, status: "Unknown", ...silent }),
  );
  return {
    conditions,
    taint: true,
    becameSilent: was,
    becameReady: false,
  };
}

/** When what runs on a silent node is given up; undefined while the node answers. */
export function givenUpAt(node: KubeObject): number | undefined {
  const from = silentSince(node);
  return from === undefined ? undefined : from + durations.nodeEvict;
}

const unreachable = "node.kubernetes.io/unreachable";

/** The taints of a node with, or without, those of a node that does not answer. */
export function withUnreachable(node: KubeObject, present: boolean): unknown[] {
  const others = itemsAt(node, "spec", "taints").filter((one) => one["key"] !== unreachable);
  return present
    ? [...others, { key: unreachable, effect: "NoSchedule" }, { key: unreachable, effect: "NoExecute" }]
    : others;
}
