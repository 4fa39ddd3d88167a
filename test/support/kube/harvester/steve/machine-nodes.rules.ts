import type { KubeObject } from "../../words.ts";
import { annotation, label } from "../admission/look.ts";
import { at, type Fields, flagAt, itemsAt, textAt, textsAt } from "../machines/fields.ts";

const HOSTNAME = "kubernetes.io/hostname";
const OUT = ["node.kubernetes.io/unreachable", "node.kubernetes.io/unschedulable"];

/** Out of service, or on its way there. */
export function isTakenOut(node: KubeObject): boolean {
  return (
    annotation(node, "harvesterhci.io/maintain-status") !== undefined ||
    annotation(node, "harvesterhci.io/drain-requested") !== undefined ||
    flagAt(node, "spec", "unschedulable") ||
    itemsAt(node, "spec", "taints").some((taint) => OUT.includes(textAt(taint, "key") ?? ""))
  );
}

function meets(node: KubeObject, expression: Fields): boolean {
  const key = textAt(expression, "key") ?? "";
  if (key === HOSTNAME) return true;
  const has = label(node, key);
  const written = at(expression, "values");
  const values = Array.isArray(written) ? written.map(String) : [];
  switch (expression["operator"]) {
    case "In":
      return has !== undefined && values.includes(has);
    case "NotIn":
      return has === undefined || !values.includes(has);
    case "Exists":
      return has !== undefined;
    case "DoesNotExist":
      return has === undefined;
    default:
      return true;
  }
}

/** Whether a node has the labels that an instance asks for; the host it is pinned to is left out. */
export function fitsNode(node: KubeObject, instance: KubeObject): boolean {
  const wanted = Object.entries(textsAt(instance, "spec", "nodeSelector"));
  const terms = itemsAt(
    instance,
    "spec",
    "affinity",
    "nodeAffinity",
    "requiredDuringSchedulingIgnoredDuringExecution",
    "nodeSelectorTerms",
  );
  return (
    wanted.every(([key, value]) => key === HOSTNAME || label(node, key) === value) &&
    terms.every((term) => itemsAt(term, "matchExpressions").every((one) => meets(node, one)))
  );
}
