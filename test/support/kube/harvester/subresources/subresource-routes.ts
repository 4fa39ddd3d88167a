import { badRequest, refuse } from "../../api-server/status-error.ts";
import type { ExtraRoute, SimRequest, SimResponse } from "../../words.ts";
import { type Fields, fieldsOf, isFields } from "../machines/fields.ts";
import { screenshot } from "../sockets/screenshot.ts";
import { filesystemList, guestOsInfo, userList } from "./guest-info.ts";
import { cancelEvacuation, freeze, pause, reset, softReboot, unfreeze, unpause } from "./instance-actions.ts";
import { migrateMachine, restartMachine, startMachine, stopMachine } from "./machine-lifecycle.ts";
import { dumpMemory, forgetMemoryDump } from "./memory-dump.ts";
import { instanceGraph, machineGraph } from "./object-graph.ts";
import { mustFindMachine, type Subject, subjectOf } from "./subject.ts";
import { addVolume, removeVolume } from "./volume-plugging.ts";

const root = "/apis/subresources.kubevirt.io/v1";
const group = "subresources.kubevirt.io";
type Resource = "virtualmachines" | "virtualmachineinstances";

async function optionsOf(request: SimRequest): Promise<Fields> {
  const body = await request.body();
  if (body.length === 0) return {};
  try {
    return fieldsOf(JSON.parse(new TextDecoder().decode(body)));
  } catch (error) {
    const why = error instanceof Error ? error.message : "no JSON";
    throw badRequest(`Can not unmarshal Request body to struct, error: ${why}`);
  }
}

function allow(
  request: SimRequest,
  verb: "get" | "update",
  resource: Resource,
  subresource: string,
): Subject {
  const subject = subjectOf(request);
  const { namespace, name } = subject;
  request.mustBeAllowed({ verb, group, resource, subresource, namespace, name });
  return subject;
}

/** A change: 202 where a controller carries it out, 200 where it is done at once. */
function put(
  resource: Resource,
  subresource: string,
  status: 200 | 202,
  run: (subject: Subject, options: Fields) => void,
): ExtraRoute {
  return {
    method: "PUT",
    pattern: `${root}/namespaces/{namespace}/${resource}/{name}/${subresource}`,
    async handle(request) {
      const subject = allow(request, "update", resource, subresource);
      run(subject, await optionsOf(request));
      return { status };
    },
  };
}

function get(resource: Resource, subresource: string, read: (subject: Subject) => unknown): ExtraRoute {
  return {
    method: "GET",
    pattern: `${root}/namespaces/{namespace}/${resource}/{name}/${subresource}`,
    handle(request): SimResponse {
      const body = read(allow(request, "get", resource, subresource));
      return body instanceof Uint8Array
        ? { status: 200, headers: { "content-type": "image/png" }, body }
        : { status: 200, body };
    },
  };
}

const machines = "virtualmachines";
const instances = "virtualmachineinstances";

const machineRoutes: readonly ExtraRoute[] = [
  put(machines, "start", 202, startMachine),
  put(machines, "stop", 202, stopMachine),
  put(machines, "restart", 202, restartMachine),
  put(machines, "migrate", 202, migrateMachine),
  put(machines, "addvolume", 202, (subject, options) => addVolume(subject, "machine", options)),
  put(machines, "removevolume", 202, (subject, options) => removeVolume(subject, "machine", options)),
  put(machines, "memorydump", 202, dumpMemory),
  put(machines, "removememorydump", 202, forgetMemoryDump),
  put(machines, "evacuate/cancel", 200, cancelEvacuation),
  get(machines, "expand-spec", mustFindMachine),
  get(machines, "objectgraph", machineGraph),
];

const instanceRoutes: readonly ExtraRoute[] = [
  put(instances, "pause", 200, pause),
  put(instances, "unpause", 200, unpause),
  put(instances, "softreboot", 200, softReboot),
  put(instances, "reset", 200, reset),
  put(instances, "freeze", 200, freeze),
  put(instances, "unfreeze", 200, unfreeze),
  put(instances, "addvolume", 202, (subject, options) => addVolume(subject, "instance", options)),
  put(instances, "removevolume", 202, (subject, options) => removeVolume(subject, "instance", options)),
  put(instances, "evacuate/cancel", 200, cancelEvacuation),
  get(instances, "guestosinfo", guestOsInfo),
  get(instances, "filesystemlist", filesystemList),
  get(instances, "userlist", userList),
  get(instances, "objectgraph", instanceGraph),
  get(instances, "vnc/screenshot", screenshot),
];

/** What KubeVirt serves only with a feature gate that this cluster does not have. */
function gated(method: "GET" | "PUT", subresource: string, gate: string): ExtraRoute {
  return {
    method,
    pattern: `${root}/namespaces/{namespace}/${instances}/{name}/${subresource}`,
    handle(request) {
      allow(request, method === "GET" ? "get" : "update", instances, subresource);
      throw badRequest(`the feature gate ${gate} is not enabled`);
    },
  };
}

const gatedRoutes: readonly ExtraRoute[] = [
  gated("PUT", "backup", "IncrementalBackup"),
  gated("PUT", "redefine-checkpoint", "IncrementalBackup"),
  gated("GET", "sev/fetchcertchain", "WorkloadEncryptionSEV"),
  gated("GET", "sev/querylaunchmeasurement", "WorkloadEncryptionSEV"),
  gated("PUT", "sev/setupsession", "WorkloadEncryptionSEV"),
  gated("PUT", "sev/injectlaunchsecret", "WorkloadEncryptionSEV"),
];

const version = {
  gitVersion: "v1.6.2",
  gitCommit: "simulated",
  goVersion: "go1.24.9",
  platform: "linux/amd64",
};

function plain(path: string, read: () => unknown): ExtraRoute {
  return { method: "GET", pattern: `${root}${path}`, handle: () => ({ status: 200, body: read() }) };
}

const profiler = () => {
  throw refuse(403, "Forbidden", "Unable to start profiler. ClusterProfiler feature gate is not enabled");
};

const clusterRoutes: readonly ExtraRoute[] = [
  plain("/version", () => version),
  plain("/healthz", () => ({ apiserver: { connectivity: "ok" } })),
  plain("/guestfs", () => ({ registry: "registry.suse.com/suse/sles/15.6", tag: "1.6.2", imagePrefix: "" })),
  ...["start", "stop", "dump"].map((verb) => plain(`/${verb}-cluster-profiler`, profiler)),
  {
    method: "PUT",
    pattern: `${root}/namespaces/{namespace}/expand-vm-spec`,
    async handle(request) {
      const machine = await optionsOf(request);
      if (!isFields(machine["spec"])) throw badRequest("Object is not a valid VirtualMachine");
      return { status: 200, body: machine };
    },
  },
];

/** KubeVirt's own verbs beside the ordinary ones. */
export const subresourceRoutes: readonly ExtraRoute[] = [
  ...machineRoutes,
  ...instanceRoutes,
  ...gatedRoutes,
  ...clusterRoutes,
];
