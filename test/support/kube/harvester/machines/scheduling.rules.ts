import type { KubeObject } from "../../words.ts";
import { type Fields, fieldsAt, flagAt, itemsAt, textAt, textsAt } from "./fields.ts";
import { quantityOf } from "./quantity.ts";

/** What a pod asks: resources, a node selector, required affinity, tolerations. */
export interface Asking {
  readonly requests: Readonly<Record<string, string>>;
  readonly spec: Fields;
  /** A node that is out of the question: where a migrating instance runs now. */
  readonly notOn?: string;
}

export type Placement = { readonly node: string } | { readonly refusal: string };

/** Resources that pods on a node have asked for. */
export function usedOn(node: string, pods: readonly KubeObject[]): Record<string, number> {
  const used: Record<string, number> = {};
  for (const pod of pods) {
    const phase = textAt(pod, "status", "phase");
    if (textAt(pod, "spec", "nodeName") !== node || phase === "Succeeded" || phase === "Failed") continue;
    for (const container of itemsAt(pod, "spec", "containers"))
      for (const [resource, quantity] of Object.entries(fieldsAt(container, "resources", "requests")))
        used[resource] = (used[resource] ?? 0) + quantityOf(quantity);
  }
  return used;
}

function matches(labels: Readonly<Record<string, string>>, expression: Fields): boolean {
  const value = labels[textAt(expression, "key") ?? ""];
  const listed = expression["values"];
  const values: readonly unknown[] = Array.isArray(listed) ? listed : [];
  switch (expression["operator"]) {
    case "In":
      return value !== undefined && values.includes(value);
    case "NotIn":
      return value === undefined || !values.includes(value);
    case "Exists":
      return value !== undefined;
    case "DoesNotExist":
      return value === undefined;
    case "Gt":
      return value !== undefined && Number(value) > Number(values[0]);
    case "Lt":
      return value !== undefined && Number(value) < Number(values[0]);
    default:
      return false;
  }
}

function wanted(node: KubeObject, { spec, notOn }: Asking): boolean {
  if (node.metadata.name === notOn) return false;
  const labels = { ...node.metadata.labels };
  for (const [key, value] of Object.entries(textsAt(spec, "nodeSelector")))
    if (labels[key] !== value) return false;
  const required = fieldsAt(
    spec,
    "affinity",
    "nodeAffinity",
    "requiredDuringSchedulingIgnoredDuringExecution",
  );
  const terms = itemsAt(required, "nodeSelectorTerms");
  return (
    terms.length === 0 ||
    terms.some((term) => itemsAt(term, "matchExpressions").every((expression) => matches(labels, expression)))
  );
}

function untolerated(node: KubeObject, spec: Fields): string | undefined {
  const tolerations = itemsAt(spec, "tolerations");
  const taint = itemsAt(node, "spec", "taints").find(
    (one) =>
      one["effect"] !== "PreferNoSchedule" &&
      one["key"] !== "node.kubernetes.io/unschedulable" &&
      !tolerations.some(
        (ok) => ok["key"] === one["key"] || (ok["key"] === undefined && ok["operator"] === "Exists"),
      ),
  );
  if (taint === undefined) return undefined;
  const value = textAt(taint, "value");
  return `node(s) had untolerated taint {${textAt(taint, "key")}: ${value ?? ""}}`;
}

function lacks(node: KubeObject, pods: readonly KubeObject[], asking: Asking): string[] {
  const used = usedOn(node.metadata.name, pods);
  const allocatable = fieldsAt(node, "status", "allocatable");
  return Object.entries(asking.requests)
    .filter(
      ([resource, asked]) => quantityOf(asked) > quantityOf(allocatable[resource]) - (used[resource] ?? 0),
    )
    .map(([resource]) => `Insufficient ${resource}`);
}

/** Why a pod cannot go to a node; empty when it can. */
export function obstacles(node: KubeObject, pods: readonly KubeObject[], asking: Asking): string[] {
  if (flagAt(node, "spec", "unschedulable")) return ["node(s) were unschedulable"];
  const taint = untolerated(node, asking.spec);
  if (taint !== undefined) return [taint];
  if (!wanted(node, asking)) return ["node(s) didn't match Pod's node affinity/selector"];
  return lacks(node, pods, asking);
}

/** The node with the most free memory of those that can take the pod, or the scheduler's refusal. */
export function place(nodes: readonly KubeObject[], pods: readonly KubeObject[], asking: Asking): Placement {
  const why = new Map<string, number>();
  let best: { readonly node: string; readonly free: number } | undefined;
  for (const node of nodes) {
    const reasons = obstacles(node, pods, asking);
    for (const reason of reasons) why.set(reason, (why.get(reason) ?? 0) + 1);
    if (reasons.length > 0) continue;
    const name = node.metadata.name;
    const free =
      quantityOf(fieldsAt(node, "status", "allocatable")["memory"]) - (usedOn(name, pods)["memory"] ?? 0);
    if (best === undefined || free > best.free) best = { node: name, free };
  }
  if (best !== undefined) return { node: best.node };
  const said = [...why].sort(([a], [b]) => (a < b ? -1 : 1)).map(([reason, count]) => `${count} ${reason}`);
  return { refusal: `0/${nodes.length} nodes are available: ${said.join(", ")}.` };
}
