import { harvesterApi } from "../../../../support/kube/harvester/harvester-api.ts";
import type { Extension, KubeObject, World } from "../../../../support/kube/words.ts";
import { type Answer, type Api, startApi, textAt } from "../api-server/start-api.ts";

export { type Answer, type Api, at } from "../api-server/start-api.ts";

const UNSET = { uid: "", resourceVersion: "", creationTimestamp: "" };

/** Puts an object into the store as the cluster itself would. */
export function put(
  world: World,
  group: string,
  plural: string,
  metadata: Partial<KubeObject["metadata"]> & { name: string },
  fields: Record<string, unknown> = {},
): KubeObject {
  return world.store.create(world.store.kindOf(group, plural), {
    metadata: { ...UNSET, ...metadata },
    ...fields,
  });
}

const MANAGER = {
  "node-role.kubernetes.io/control-plane": "true",
  "node-role.kubernetes.io/etcd": "true",
};

function seed(world: World): void {
  for (const [index, name] of ["n1", "n2", "n3"].entries()) {
    const labels = { ...MANAGER, "kubernetes.io/hostname": name, cpumanager: "false" };
    put(
      world,
      "",
      "nodes",
      { name, labels },
      {
        status: { addresses: [{ type: "InternalIP", address: `10.0.0.${index + 1}` }] },
      },
    );
  }
  const classes = [
    ["harvester-longhorn", "driver.longhorn.io", true],
    ["shared-files", "nfs.example.org", true],
    ["fixed", "driver.longhorn.io", false],
  ] as const;
  for (const [name, provisioner, allowVolumeExpansion] of classes) {
    const isDefault = name === "harvester-longhorn";
    const annotations = isDefault ? { "storageclass.kubernetes.io/is-default-class": "true" } : {};
    put(
      world,
      "storage.k8s.io",
      "storageclasses",
      { name, annotations },
      {
        provisioner,
        allowVolumeExpansion,
        parameters: { numberOfReplicas: "2", dataLocality: "disabled", other: "x" },
      },
    );
  }
  put(world, "", "namespaces", { name: "harvester-system" });
  for (const name of ["mgmt", "prod"]) put(world, "network.harvesterhci.io", "clusternetworks", { name });
}

/** Harvester's kinds, admission and dialect over three hosts, without what moves by itself in a cluster. */
export function startHarvester(extension: Extension = {}): Promise<Api> {
  const api = harvesterApi();
  return startApi(
    {},
    {
      ...api,
      ...extension,
      seed(world) {
        api.seed?.(world);
        seed(world);
        extension.seed?.(world);
      },
    },
  );
}

export const MACHINES = "/apis/kubevirt.io/v1/namespaces/default/virtualmachines";
export const CLAIMS = "/api/v1/namespaces/default/persistentvolumeclaims";
export const OWN = "/apis/harvesterhci.io/v1beta1";
export const NETWORK = "/apis/network.harvesterhci.io/v1beta1";
export const ATTACHMENTS = "/apis/k8s.cni.cncf.io/v1/namespaces/default/network-attachment-definitions";
export const STEVE = "/v1/harvester";

interface MachineParts {
  readonly labels?: Record<string, string>;
  readonly annotations?: Record<string, string>;
  readonly runStrategy?: string;
  readonly domain?: Record<string, unknown>;
  readonly spec?: Record<string, unknown>;
}

/** A machine that passes; parts replace what stands there. */
export function machine(name: string, parts: MachineParts = {}) {
  const { labels, annotations, runStrategy = "RerunOnFailure", domain = {}, spec = {} } = parts;
  return {
    apiVersion: "kubevirt.io/v1",
    kind: "VirtualMachine",
    metadata: {
      name,
      namespace: "default",
      ...(labels ? { labels } : {}),
      ...(annotations ? { annotations } : {}),
    },
    spec: {
      runStrategy,
      template: {
        metadata: { labels: { "harvesterhci.io/vmName": name } },
        spec: {
          domain: {
            cpu: { cores: 2 },
            resources: { limits: { cpu: "2", memory: "4Gi" } },
            devices: { disks: [], interfaces: [{ name: "default", model: "virtio", bridge: {} }] },
            ...domain,
          },
          networks: [{ name: "default", pod: {} }],
          volumes: [],
          ...spec,
        },
      },
    },
  };
}

/** Disks over claims of the same names, as parts of a machine. */
export function disksOver(...claims: readonly string[]): MachineParts {
  return {
    domain: {
      devices: {
        disks: claims.map((name) => ({ name, disk: { bus: "virtio" } })),
        interfaces: [{ name: "default", bridge: {} }],
      },
    },
    spec: {
      volumes: claims.map((name) => ({ name, persistentVolumeClaim: { claimName: name } })),
    },
  };
}

export function putClaim(
  world: World,
  name: string,
  { size = "10Gi", storageClassName = "harvester-longhorn", annotations = {} } = {},
): KubeObject {
  return put(
    world,
    "",
    "persistentvolumeclaims",
    { name, namespace: "default", annotations },
    {
      spec: {
        accessModes: ["ReadWriteMany"],
        volumeMode: "Block",
        storageClassName,
        resources: { requests: { storage: size } },
      },
      status: { phase: "Bound", capacity: { storage: size } },
    },
  );
}

/** A running instance of a machine on a host. */
export function putInstance(world: World, name: string, nodeName = "n1", status = {}): KubeObject {
  return put(
    world,
    "kubevirt.io",
    "virtualmachineinstances",
    { name, namespace: "default" },
    {
      spec: { domain: { devices: {} } },
      status: { phase: "Running", nodeName, conditions: [{ type: "Ready", status: "True" }], ...status },
    },
  );
}

/** The setting with another value, as a client writes it. */
export function setSetting(api: Api, name: string, value: string): Promise<Answer> {
  return api.ask("PATCH", `${OWN}/settings/${name}`, { value }, { type: "application/merge-patch+json" });
}

export const said = (answer: Answer) => textAt(answer.body, "message");

export const NFS = JSON.stringify({ type: "nfs", endpoint: "nfs://store.example.org:/backups" });
