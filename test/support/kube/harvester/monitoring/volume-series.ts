import type { World } from "../../words.ts";
import { kindIn } from "../controllers/kinds.ts";
import { numberAt, textAt } from "../machines/fields.ts";
import type { Series } from "./promql-values.ts";
import { constant } from "./series-of.ts";

const robustness: Readonly<Record<string, number>> = { unknown: 0, healthy: 1, degraded: 2, faulted: 3 };
const states: Readonly<Record<string, number>> = {
  creating: 1,
  attached: 2,
  detached: 3,
  attaching: 4,
  detaching: 5,
  deleting: 6,
};

/** What Longhorn reports of its volumes. */
export function volumeSeries(world: World): Series[] {
  return world.store.list(kindIn(world, "longhornVolume")).flatMap((volume) => {
    const labels = {
      volume: volume.metadata.name,
      node: textAt(volume, "status", "currentNodeID") ?? "",
      pvc: textAt(volume, "status", "kubernetesStatus", "pvcName") ?? "",
      pvc_namespace: textAt(volume, "status", "kubernetesStatus", "namespace") ?? "",
    };
    return [
      constant(
        "longhorn_volume_robustness",
        labels,
        robustness[textAt(volume, "status", "robustness") ?? ""] ?? 0,
      ),
      constant("longhorn_volume_state", labels, states[textAt(volume, "status", "state") ?? ""] ?? 0),
      constant("longhorn_volume_actual_size_bytes", labels, numberAt(volume, "status", "actualSize") ?? 0),
      constant("longhorn_volume_capacity_bytes", labels, Number(textAt(volume, "spec", "size") ?? "0")),
    ];
  });
}
