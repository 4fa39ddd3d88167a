/** One path of KubeVirt's own verbs. */
export interface PublishedVerb {
  readonly method: "GET" | "PUT";
  readonly path: string;
  readonly webSocket: boolean;
}

const ROOT = "/apis/subresources.kubevirt.io/v1";
const PLACE = `${ROOT}/namespaces/{namespace}`;
const SOCKETS = ["console", "vnc", "usbredir", "vsock"];

function verbs(base: string, method: PublishedVerb["method"], ...names: readonly string[]): PublishedVerb[] {
  return names.map((name) => ({
    method,
    path: `${base}/${name}`,
    webSocket: SOCKETS.includes(name) || name.startsWith("portforward/"),
  }));
}

const instance = `${PLACE}/virtualmachineinstances/{name}`;
const machine = `${PLACE}/virtualmachines/{name}`;

/** KubeVirt's subresources of machines and of their instances. */
export const publishedVerbs: readonly PublishedVerb[] = [
  ...verbs(
    machine,
    "PUT",
    "start",
    "stop",
    "restart",
    "migrate",
    "addvolume",
    "removevolume",
    "memorydump",
    "removememorydump",
    "evacuate/cancel",
  ),
  ...verbs(
    machine,
    "GET",
    "expand-spec",
    "objectgraph",
    "portforward/{port}",
    "portforward/{port}/{protocol}",
  ),
  ...verbs(
    instance,
    "PUT",
    "pause",
    "unpause",
    "softreboot",
    "reset",
    "freeze",
    "unfreeze",
    "addvolume",
    "removevolume",
    "backup",
    "redefine-checkpoint",
    "evacuate/cancel",
    "sev/setupsession",
    "sev/injectlaunchsecret",
  ),
  ...verbs(
    instance,
    "GET",
    "console",
    "vnc",
    "vnc/screenshot",
    "usbredir",
    "vsock",
    "portforward/{port}",
    "portforward/{port}/{protocol}",
    "guestosinfo",
    "filesystemlist",
    "userlist",
    "objectgraph",
    "sev/fetchcertchain",
    "sev/querylaunchmeasurement",
  ),
  { method: "PUT", path: `${PLACE}/expand-vm-spec`, webSocket: false },
  ...verbs(ROOT, "GET", "healthz", "version", "guestfs"),
  ...verbs(ROOT, "GET", "start-cluster-profiler", "stop-cluster-profiler", "dump-cluster-profiler"),
];
