import type { KubeObject } from "../../words.ts";
import { type Condition, conditionOf, withConditions } from "./conditions.ts";
import { durations } from "./durations.ts";
import { type Fields, fieldsAt, flagAt, itemsAt, textAt } from "./fields.ts";
import { failAnnotation } from "./image.rules.ts";
import { instantOf } from "./stamp.ts";

export interface AddonStep {
  readonly status?: Fields;
  readonly againMs?: number;
}

const inProgress = (status: "True" | "False", message = ""): Condition => ({
  type: "InProgress",
  status,
  ...(message === "" ? {} : { message }),
});

function to(addon: KubeObject, status: string, news: readonly Condition[], now: number): Fields {
  const conditions = withConditions(itemsAt(addon, "status", "conditions"), news, now);
  return { ...fieldsAt(addon, "status"), status, conditions };
}

function done(addon: KubeObject, enabled: boolean, now: number): Fields {
  const why = addon.metadata.annotations?.[failAnnotation];
  if (enabled && why !== undefined)
    return to(
      addon,
      "AddonEnabling",
      [inProgress("False"), { type: "OperationFailed", status: "True", reason: "Error", message: why }],
      now,
    );
  const completed: Condition = { type: "Completed", status: "True" };
  const fine: Condition = { type: "OperationFailed", status: "False" };
  return to(
    addon,
    enabled ? "AddonDeploySuccessful" : "AddonDisabled",
    [inProgress("False"), completed, fine],
    now,
  );
}

/** One step of an add-on: deployed when it is wanted, taken away when it is not. */
export function stepAddon(addon: KubeObject, now: number): AddonStep {
  const enabled = flagAt(addon, "spec", "enabled");
  const status = textAt(addon, "status", "status");
  const settled = enabled ? "AddonDeploySuccessful" : "AddonDisabled";
  const moving = enabled ? "AddonEnabling" : "AddonDisabling";
  if (status === settled || (!enabled && status === undefined)) return {};
  const progress = conditionOf(addon, "InProgress");
  if (status !== moving) {
    const begun = [inProgress("True", enabled ? "deploying chart" : "removing chart")];
    return {
      status: to(addon, moving, begun, now),
      againMs: enabled ? durations.addonDeploy : durations.addonRemove,
    };
  }
  if (progress?.["status"] === "False") return {};
  const took = enabled ? durations.addonDeploy : durations.addonRemove;
  const ready = (instantOf(progress?.["lastTransitionTime"]) ?? now) + took;
  return now < ready ? { againMs: ready - now } : { status: done(addon, enabled, now) };
}
