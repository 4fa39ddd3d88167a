import type { KubeObject } from "../../words.ts";
import { durations } from "./durations.ts";
import { type Fields, fieldsAt, isFields, parsedText, textAt } from "./fields.ts";
import { notReadyAnnotation } from "./node.rules.ts";

const managerAnnotation = "harvesterhci.io/cpu-manager-update-status";

export interface ManagerStep {
  readonly annotation: string;
  /** The label that says whether the host's CPU manager is on. */
  readonly on?: boolean;
  readonly againMs?: number;
}

/** What becomes of a request to switch a host's CPU manager; undefined when there is none open. */
export function stepCpuManager(node: KubeObject): ManagerStep | undefined {
  const said = parsedText(node.metadata.annotations?.[managerAnnotation]);
  const policy = textAt(said, "policy");
  if (!isFields(said) || policy === undefined) return undefined;
  if (said["status"] === "requested")
    return { annotation: JSON.stringify({ status: "running", policy }), againMs: durations.hostRequest };
  if (said["status"] !== "running") return undefined;
  return { annotation: JSON.stringify({ status: "success", policy }), on: policy === "static" };
}

export interface PowerStep {
  readonly spec: Fields;
  readonly status: Fields;
  /** Whether the host answers afterwards. */
  readonly answers: boolean;
}

/** What becomes of a request to a host's board; undefined when there is none open. */
export function stepPower(inventory: KubeObject): PowerStep | undefined {
  const asked = textAt(inventory, "spec", "powerActionRequested");
  if (asked === undefined) return undefined;
  const { powerActionRequested: _asked, ...spec } = fieldsAt(inventory, "spec");
  const action = {
    lastJobName: `${inventory.metadata.name}-${asked}`,
    actionStatus: "complete",
    lastPowerAction: asked,
  };
  return {
    spec,
    status: { ...fieldsAt(inventory, "status"), powerAction: action },
    answers: asked !== "shutdown",
  };
}

/** A host that was shut down does not answer; one that was started does. */
export function withPower(node: KubeObject, answers: boolean): void {
  const { [notReadyAnnotation]: _silent, ...others } = node.metadata.annotations ?? {};
  node.metadata.annotations = answers ? others : { ...others, [notReadyAnnotation]: "true" };
}

export { managerAnnotation };
