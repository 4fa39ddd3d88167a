import type { ParsedPath } from "./path.rules.ts";
import { type PolicyRequest, UnknownRequest } from "./request.ts";

const clusterKinds = [
  "nodes",
  "namespaces",
  "persistentvolumes",
  "storage.k8s.io.storageclasses",
  "snapshot.storage.k8s.io.volumesnapshotclasses",
  "harvesterhci.io.settings",
  "network.harvesterhci.io.clusternetworks",
  "network.harvesterhci.io.vlanconfigs",
  "network.harvesterhci.io.vlanstatuses",
  "network.harvesterhci.io.linkmonitors",
  "network.harvesterhci.io.hostnetworkconfigs",
  "loadbalancer.harvesterhci.io.ippools",
  "devices.harvesterhci.io.pcidevices",
  "devices.harvesterhci.io.pcideviceclaims",
  "metrics.k8s.io.nodes",
  "logging.banzaicloud.io.loggings",
  "management.cattle.io.settings",
];
const namespacedKinds = [
  "pods",
  "secrets",
  "configmaps",
  "events",
  "services",
  "serviceaccounts",
  "resourcequotas",
  "persistentvolumeclaims",
  "apps.deployments",
  "batch.jobs",
  "kubevirt.io.virtualmachines",
  "kubevirt.io.virtualmachineinstances",
  "kubevirt.io.virtualmachineinstancemigrations",
  "snapshot.storage.k8s.io.volumesnapshots",
  "k8s.cni.cncf.io.network-attachment-definitions",
  "harvesterhci.io.virtualmachineimages",
  "harvesterhci.io.virtualmachinetemplates",
  "harvesterhci.io.virtualmachinetemplateversions",
  "harvesterhci.io.virtualmachinebackups",
  "harvesterhci.io.virtualmachinerestores",
  "harvesterhci.io.schedulevmbackups",
  "harvesterhci.io.keypairs",
  "harvesterhci.io.addons",
  "harvesterhci.io.supportbundles",
  "harvesterhci.io.upgrades",
  "harvesterhci.io.upgradelogs",
  "harvesterhci.io.versions",
  "harvesterhci.io.resourcequotas",
  "longhorn.io.volumes",
  "longhorn.io.nodes",
  "longhorn.io.replicas",
  "longhorn.io.backups",
  "loadbalancer.harvesterhci.io.loadbalancers",
  "logging.banzaicloud.io.flows",
  "logging.banzaicloud.io.outputs",
  "logging.banzaicloud.io.clusterflows",
  "logging.banzaicloud.io.clusteroutputs",
  "monitoring.coreos.com.alertmanagerconfigs",
  "metrics.k8s.io.pods",
];

interface SteveType {
  readonly apiGroup: string;
  readonly resource: string;
  readonly namespaced: boolean;
}

// Steve takes the singular as well: `secret` must mean the same as `secrets`, or a rule about one would let the other pass.
const types: ReadonlyMap<string, SteveType> = new Map(
  [
    ...clusterKinds.map((type) => [type, false] as const),
    ...namespacedKinds.map((type) => [type, true] as const),
  ].flatMap(([type, namespaced]) => {
    const dot = type.lastIndexOf(".");
    const value = { apiGroup: type.slice(0, Math.max(dot, 0)), resource: type.slice(dot + 1), namespaced };
    return [type, singular(type)].map((name): [string, SteveType] => [name, value]);
  }),
);

function singular(type: string): string {
  return type.endsWith("classes")
    ? type.slice(0, -2)
    : type.endsWith("statuses")
      ? type.slice(0, -2)
      : type.slice(0, -1);
}

const plainPaths = new Set(["backuptarget/healthz", "readyz", "ui-info", "kubeconfig"]);
const knownKeys = new Set(
  "action link size limit continue revision filter sort pagesize page exclude labelSelector fieldSelector removedDisks propagationPolicy".split(
    " ",
  ),
);
const writeVerbs: Readonly<Record<string, string>> = {
  POST: "create",
  PUT: "update",
  PATCH: "patch",
  DELETE: "delete",
};

/** Whether a path is of Harvester's own dialect. */
export function isStevePath(path: ParsedPath): boolean {
  return path.segments[0] === "v1";
}

/**
 * Reads `/v1/harvester/<type>[/<namespace>][/<name>][?action=|?link=]`, and `/v1/<type>…` without `harvester`, as Steve does.
 * An action is an `update` of the subresource of its name, a link a `get`.
 * @throws UnknownRequest when the type or a query parameter is unknown
 */
export function readSteveRequest(method: string, path: ParsedPath): PolicyRequest {
  for (const key of path.query.keys()) {
    if (!knownKeys.has(key))
      throw new UnknownRequest(`The agent doesn't know the query parameter "${key}" here.`);
  }
  const parts = path.segments.slice(path.segments[1] === "harvester" ? 2 : 1);
  const reads = method === "GET" || method === "HEAD";
  const verb = reads ? "get" : writeVerbs[method];
  if (verb === undefined) throw new UnknownRequest(`The agent knows no method ${method}.`);
  if (plainPaths.has(parts.join("/"))) return { kind: "plain", verb, path: `/${path.segments.join("/")}` };
  const bundle = readSupportBundle(parts, verb);
  if (bundle !== undefined) return bundle;
  const type = types.get(parts[0] ?? "");
  if (type === undefined) throw new UnknownRequest(`The agent doesn't know the type "${parts[0] ?? ""}".`);
  return readTyped(type, parts.slice(1), verb, path);
}

function readSupportBundle(parts: readonly string[], verb: string): PolicyRequest | undefined {
  if (parts[0] !== "supportbundles" || parts.length !== 3 || parts[2] !== "download") return undefined;
  const resource = {
    apiGroup: "harvesterhci.io",
    resource: "supportbundles",
    subresource: "download",
    rest: "",
  };
  return { kind: "resource", verb, ...resource, namespace: "harvester-system", name: parts[1] };
}

function readTyped(type: SteveType, parts: readonly string[], verb: string, path: ParsedPath): PolicyRequest {
  const [namespace, name, link, ...tooMany] = type.namespaced ? parts : [undefined, ...parts];
  if (tooMany.length > 0) throw new UnknownRequest("The path has more parts than the agent can read.");
  const action = path.query.get("action");
  const linked = path.query.get("link") ?? link;
  if (action !== undefined && (linked !== undefined || verb !== "create")) {
    throw new UnknownRequest("An action is asked for by POST and goes with no link.");
  }
  if (linked !== undefined && path.query.has("link") && link !== undefined) {
    throw new UnknownRequest("The path names two links.");
  }
  const object = {
    apiGroup: type.apiGroup,
    resource: type.resource,
    namespace: type.resource === "namespaces" ? name : namespace,
    name,
    rest: "",
  };
  if (action !== undefined) return { kind: "resource", verb: "update", ...object, subresource: action };
  // Steve takes the namespace of what it writes from the body, past any rule about the path.
  if (verb !== "get" && verb !== "delete") {
    throw new UnknownRequest(
      "Objects are written by their Kubernetes path (/api or /apis), not by /v1/harvester.",
    );
  }
  const listed = verb === "get" && name === undefined ? "list" : verb;
  const whole = listed === "delete" && name === undefined ? "deletecollection" : listed;
  return { kind: "resource", verb: whole, ...object, subresource: linked ?? "" };
}
