import { notFound } from "../../api-server/status-error.ts";
import type { KubeObject, SimRequest, SimResponse, World } from "../../words.ts";
import { all, find, kindOf } from "../admission/look.ts";
import { fieldsAt, numberAt, textAt } from "../machines/fields.ts";
import { quantityOf } from "../machines/quantity.ts";
import { stamp } from "../machines/stamp.ts";
import { isAllowed } from "./asking.ts";
import { steveError } from "./collections.ts";
import { baseOf } from "./present.ts";

const GIB = 2 ** 30;

/** Something between 0 and 1 that moves slowly, the same for the same name and instant. */
function sway(name: string, atMs: number): number {
  const seed = [...name].reduce((sum, letter) => (sum * 31 + letter.charCodeAt(0)) % 9973, 7);
  return (Math.sin(atMs / 600_000 + seed) + 1) / 2;
}

/** What a host uses: its own services and the machines on it. @returns cores and bytes */
export function nodeUsage(world: World, node: string): { readonly cores: number; readonly bytes: number } {
  const now = world.clock.now();
  let cores = 0.9 + 0.3 * sway(node, now);
  let bytes = 9 * GIB;
  for (const instance of all(world, "virtualmachineinstances")) {
    if (textAt(instance, "status", "nodeName") !== node) continue;
    if (textAt(instance, "status", "phase") !== "Running") continue;
    const cpu = fieldsAt(instance, "spec", "domain", "cpu");
    const has = ["cores", "sockets", "threads"].reduce(
      (product, name) => product * (numberAt(cpu, name) ?? 1),
      1,
    );
    cores += has * (0.15 + 0.35 * sway(instance.metadata.uid, now));
    bytes += quantityOf(fieldsAt(instance, "spec", "domain", "memory")["guest"]) * 0.7;
  }
  return { cores, bytes: Math.round(bytes) };
}

function metricsOf(world: World, node: KubeObject) {
  const { name, labels = {} } = node.metadata;
  const { cores, bytes } = nodeUsage(world, name);
  const now = stamp(world.clock.now());
  return {
    kind: "NodeMetrics",
    apiVersion: "metrics.k8s.io/v1beta1",
    metadata: { name, creationTimestamp: now, labels },
    timestamp: now,
    window: "20.05s",
    usage: { cpu: `${Math.round(cores * 1e9)}n`, memory: `${Math.round(bytes / 1024)}Ki` },
  };
}

const question = (verb: string) => ({ verb, group: "metrics.k8s.io", resource: "nodes" });

export function listNodeMetrics(request: SimRequest): SimResponse {
  request.mustBeAllowed(question("list"));
  const items = all(request.world, "nodes").map((node) => metricsOf(request.world, node));
  return {
    status: 200,
    body: { kind: "NodeMetricsList", apiVersion: "metrics.k8s.io/v1beta1", metadata: {}, items },
  };
}

export function getNodeMetrics(request: SimRequest): SimResponse {
  const { name = "" } = request.params;
  request.mustBeAllowed({ ...question("get"), name });
  const node = find(request.world, "nodes", undefined, name);
  if (node === undefined) {
    throw notFound({ ...kindOf(request.world, "nodes"), group: "metrics.k8s.io" }, name);
  }
  return { status: 200, body: metricsOf(request.world, node) };
}

/** The same in the dialect of the console. */
export function showNodeMetrics(request: SimRequest): SimResponse {
  const { name = "" } = request.params;
  if (!isAllowed(request, { ...question("get"), name })) {
    return steveError(403, "Forbidden", `nodes.metrics.k8s.io "${name}" is forbidden`);
  }
  const node = find(request.world, "nodes", undefined, name);
  if (node === undefined) {
    return steveError(404, "NotFound", `nodemetrics.metrics.k8s.io "${name}" not found`);
  }
  const self = `${baseOf(request)}/v1/metrics.k8s.io.nodes/${name}`;
  return {
    status: 200,
    body: {
      id: name,
      type: "metrics.k8s.io.nodemetrics",
      links: { self, view: `${baseOf(request)}/apis/metrics.k8s.io/v1beta1/nodes/${name}` },
      actions: {},
      ...metricsOf(request.world, node),
    },
  };
}
