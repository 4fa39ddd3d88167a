import { pathMatcher, segmentsOf } from "../../api-server/patterns.ts";
import { type PublishedKind, publishedKinds } from "./published-kinds.ts";
import { publishedVerbs } from "./published-verbs.ts";

/** One request that the API of a Harvester cluster is published to answer. `{name}` stands for one segment. */
export interface PublishedRequest {
  readonly method: string;
  readonly path: string;
  readonly webSocket?: boolean;
}

/** The actions of each type in Harvester's own dialect, by the type's id. */
export const publishedActions: Readonly<Record<string, readonly string[]>> = {
  "kubevirt.io.virtualmachine": [
    ..."start stop forceStop restart softreboot pause unpause".split(" "),
    ..."migrate abortMigration findMigratableNodes".split(" "),
    ..."backup snapshot restore createTemplate clone".split(" "),
    ..."addVolume removeVolume addNic removeNic findHotunpluggableNics".split(" "),
    ..."insertCdRomVolume ejectCdRomVolume cpuAndMemoryHotplug".split(" "),
    ..."storageMigration cancelStorageMigration".split(" "),
    ..."dismissInsufficientResourceQuota updateResourceQuota deleteResourceQuota".split(" "),
  ],
  node: [
    ..."cordon uncordon enableMaintenanceMode disableMaintenanceMode maintenancePossible".split(" "),
    ..."listUnhealthyVM powerAction powerActionPossible enableCPUManager disableCPUManager".split(" "),
  ],
  persistentvolumeclaim: ["export", "clone", "snapshot", "cancelExpand", "dataMigration"],
  "snapshot.storage.k8s.io.volumesnapshot": ["restore"],
  "harvesterhci.io.virtualmachineimage": ["upload"],
  "harvesterhci.io.upgradelog": ["generateArchive"],
  namespace: ["updateResourceQuota", "deleteResourceQuota"],
};

const METHODS: Readonly<Record<string, readonly [method: string, onItem: boolean]>> = {
  get: ["GET", true],
  list: ["GET", false],
  watch: ["GET", false],
  create: ["POST", false],
  update: ["PUT", true],
  patch: ["PATCH", true],
  delete: ["DELETE", true],
};

function requestsOf({ group, version, plural, namespaced, verbs }: PublishedKind): PublishedRequest[] {
  const base = group === "" ? `/api/${version}` : `/apis/${group}/${version}`;
  const home = namespaced ? `${base}/namespaces/{namespace}/${plural}` : `${base}/${plural}`;
  const own = verbs.flatMap((verb) => {
    const [method, onItem] = METHODS[verb] ?? [];
    return method === undefined ? [] : [{ method, path: onItem ? `${home}/{name}` : home }];
  });
  const everywhere =
    namespaced && verbs.includes("list") ? [{ method: "GET", path: `${base}/${plural}` }] : [];
  return [...own, ...everywhere];
}

const PROMETHEUS =
  "/api/v1/namespaces/cattle-monitoring-system/services/http:rancher-monitoring-prometheus:9090/proxy/api/v1";

const read = (...paths: readonly string[]) => paths.map((path) => ({ method: "GET", path }));

/** What is neither a kind nor a verb of KubeVirt. */
const others: readonly PublishedRequest[] = [
  ...read("/api", "/apis", "/api/v1", "/apis/{group}/{version}", "/version", "/healthz", "/readyz", "/livez"),
  ...read("/api/v1/namespaces/{namespace}/pods/{name}/log"),
  ...["GET", "POST"].flatMap((method) =>
    ["query", "query_range"].map((name) => ({ method, path: `${PROMETHEUS}/${name}` })),
  ),
  ...read(`${PROMETHEUS}/status/buildinfo`),
  { method: "POST", path: "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews" },
  ...read("/apis/metrics.k8s.io/v1beta1/nodes", "/apis/metrics.k8s.io/v1beta1/nodes/{name}"),
  ...read("/v1/metrics.k8s.io.nodes/{name}", "/v1/harvester/metrics.k8s.io.nodes/{name}"),
  ...read("/v1/harvester/backuptarget/healthz", "/v1/harvester/ui-info", "/v1/harvester/readyz"),
  ...read("/v1/harvester/supportbundles/{name}/download"),
  { method: "POST", path: "/v1/harvester/kubeconfig" },
  { method: "POST", path: "/v3-public/localProviders/local" },
];

const STEVE_METHODS = ["GET", "PUT", "PATCH", "DELETE", "POST"];

/** The dialect: a type, what of it is in a namespace, one object, and a link of an object. */
const dialect: readonly PublishedRequest[] = [
  { method: "POST", path: "/v1/{type}" },
  { method: "GET", path: "/v1/harvester/{type}" },
  { method: "POST", path: "/v1/harvester/{type}" },
  ...STEVE_METHODS.map((method) => ({ method, path: "/v1/harvester/{type}/{first}" })),
  ...STEVE_METHODS.map((method) => ({ method, path: "/v1/harvester/{type}/{first}/{second}" })),
  { method: "GET", path: "/v1/harvester/{type}/{first}/{second}/{link}" },
];

function onlyOnce(requests: readonly PublishedRequest[]): PublishedRequest[] {
  return [...new Map(requests.map((one) => [`${one.method} ${one.path}`, one])).values()];
}

/** Every request of the Kubernetes side: kinds, KubeVirt's verbs and services. */
export const publishedRequests: readonly PublishedRequest[] = onlyOnce([
  ...publishedKinds.flatMap(requestsOf),
  ...publishedVerbs,
  ...others,
]);

const matchers = publishedRequests.map(({ method, path }) => ({ method, match: pathMatcher(path) }));
const dialectMatchers = dialect.map(({ method, path }) => ({ method, match: pathMatcher(path) }));

/** Both ways of writing a type in a path, and its id. */
const idOfType = new Map(
  publishedKinds.flatMap(({ group, kind, plural }) => {
    const prefix = group === "" ? "" : `${group}.`;
    const id = `${prefix}${kind.toLowerCase()}`;
    return [[id, id] as const, [`${prefix}${plural}`, id] as const];
  }),
);

function isPublishedInDialect(method: string, segments: readonly string[], action: string | null): boolean {
  const found = dialectMatchers.find((one) => one.method === method && one.match(segments) !== undefined);
  const { type = "" } = found?.match(segments) ?? {};
  const id = idOfType.get(type);
  if (id === undefined) return false;
  if (id === "harvesterhci.io.keypair" && action === "keygen") return method === "POST";
  return action === null || (method === "POST" && (publishedActions[id] ?? []).includes(action));
}

/**
 * Whether a request is one that Harvester publishes.
 * @param path with its names filled in, with or without a query: `/v1/harvester/nodes/n1?action=cordon`
 */
export function isPublished(method: string, path: string): boolean {
  const [bare = "", search = ""] = path.split(/\?(.*)/s);
  const segments = segmentsOf(bare);
  if (segments === undefined) return false;
  if (matchers.some((one) => one.method === method && one.match(segments) !== undefined)) return true;
  if (segments[0] !== "v1") return false;
  return isPublishedInDialect(method, segments, new URLSearchParams(search).get("action"));
}

/** The patterns of the dialect, for what serves it. */
export const publishedDialect: readonly PublishedRequest[] = dialect;
