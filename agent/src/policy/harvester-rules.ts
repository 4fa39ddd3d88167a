import type { PolicyRule } from "./policy.ts";

const reads = ["get", "list", "watch"];
const writes = ["create", "update", "patch", "delete"];

/** The label that Harvester puts on the Secrets that hold a machine's cloud-init. */
export const cloudInitLabel = "harvesterhci.io/cloud-init-template";

const machineActions =
  "start stop forceStop restart softreboot pause unpause migrate abortMigration findMigratableNodes backup snapshot restore createTemplate clone addVolume removeVolume addNic removeNic findHotunpluggableNics insertCdRomVolume ejectCdRomVolume cpuAndMemoryHotplug storageMigration cancelStorageMigration dismissInsufficientResourceQuota updateResourceQuota deleteResourceQuota".split(
    " ",
  );
const nodeActions =
  "cordon uncordon enableMaintenanceMode disableMaintenanceMode maintenancePossible listUnhealthyVM powerActionPossible".split(
    " ",
  );
const machineSubresources = "start stop restart migrate addvolume removevolume memorydump expand-spec".split(
  " ",
);
const instanceSubresources =
  "pause unpause softreboot reset freeze unfreeze addvolume removevolume backup".split(" ");

/** The largest disk image that may be sent up. */
const imageBytes = 512 * 1024 ** 3;

/** What Maru's Harvester operations need, and no more: reads of everything unguarded, writes of what operators manage. */
export const harvesterRules: readonly PolicyRule[] = [
  { verbs: reads, apiGroups: ["*"], resources: ["*"] },
  {
    verbs: ["get"],
    apiGroups: ["*"],
    resources: ["*"],
    subresources: ["status", "scale", "log", "download", "downloadArchive", "downloadCancel"],
  },
  {
    verbs: ["get"],
    apiGroups: [""],
    resources: ["services"],
    subresources: ["proxy"],
    namespaces: ["cattle-monitoring-system"],
    names: ["http:rancher-monitoring-prometheus:9090", "http:rancher-monitoring-alertmanager:9093"],
  },
  {
    verbs: writes,
    apiGroups: ["kubevirt.io"],
    resources: ["virtualmachines", "virtualmachineinstancemigrations"],
  },
  {
    verbs: ["update"],
    apiGroups: ["kubevirt.io"],
    resources: ["virtualmachines"],
    subresources: machineActions,
  },
  {
    verbs: ["update"],
    apiGroups: ["subresources.kubevirt.io"],
    resources: ["virtualmachines"],
    subresources: machineSubresources,
  },
  {
    verbs: ["update"],
    apiGroups: ["subresources.kubevirt.io"],
    resources: ["virtualmachineinstances"],
    subresources: instanceSubresources,
  },
  {
    verbs: ["get"],
    apiGroups: ["subresources.kubevirt.io"],
    resources: ["virtualmachineinstances"],
    subresources: ["console", "vnc", "vnc/screenshot", "guestosinfo", "filesystemlist", "userlist"],
  },
  { verbs: [...writes], apiGroups: [""], resources: ["persistentvolumeclaims", "resourcequotas"] },
  {
    verbs: ["update"],
    apiGroups: [""],
    resources: ["persistentvolumeclaims"],
    subresources: ["export", "clone", "snapshot", "cancelExpand", "dataMigration"],
  },
  { verbs: writes, apiGroups: [""], resources: ["namespaces"] },
  {
    verbs: ["update"],
    apiGroups: [""],
    resources: ["namespaces"],
    subresources: ["updateResourceQuota", "deleteResourceQuota"],
  },
  { verbs: ["patch"], apiGroups: [""], resources: ["nodes"] },
  { verbs: ["update"], apiGroups: [""], resources: ["nodes"], subresources: nodeActions },
  { verbs: writes, apiGroups: [""], resources: ["secrets"], label: cloudInitLabel, maxBodyBytes: 256 * 1024 },
  {
    verbs: writes,
    apiGroups: ["harvesterhci.io"],
    resources: [
      "virtualmachineimages",
      "virtualmachinetemplates",
      "virtualmachinetemplateversions",
      "virtualmachinebackups",
      "virtualmachinerestores",
      "schedulevmbackups",
      "keypairs",
      "resourcequotas",
      "supportbundles",
    ],
  },
  {
    verbs: ["update"],
    apiGroups: ["harvesterhci.io"],
    resources: ["virtualmachineimages"],
    subresources: ["upload"],
    maxBodyBytes: imageBytes,
  },
  { verbs: ["update", "patch"], apiGroups: ["harvesterhci.io"], resources: ["settings"] },
  { verbs: ["patch"], apiGroups: ["harvesterhci.io"], resources: ["addons"] },
  { verbs: writes, apiGroups: ["network.harvesterhci.io"], resources: ["clusternetworks", "vlanconfigs"] },
  { verbs: writes, apiGroups: ["k8s.cni.cncf.io"], resources: ["network-attachment-definitions"] },
  { verbs: writes, apiGroups: ["loadbalancer.harvesterhci.io"], resources: ["loadbalancers", "ippools"] },
  { verbs: writes, apiGroups: ["snapshot.storage.k8s.io"], resources: ["volumesnapshots"] },
  {
    verbs: ["update"],
    apiGroups: ["snapshot.storage.k8s.io"],
    resources: ["volumesnapshots"],
    subresources: ["restore"],
  },
  { verbs: writes, apiGroups: ["storage.k8s.io"], resources: ["storageclasses"] },
  {
    verbs: writes,
    apiGroups: ["logging.banzaicloud.io"],
    resources: ["flows", "outputs", "clusterflows", "clusteroutputs"],
  },
  { verbs: writes, apiGroups: ["monitoring.coreos.com"], resources: ["alertmanagerconfigs"] },
  {
    verbs: ["create"],
    apiGroups: ["authorization.k8s.io"],
    resources: ["selfsubjectaccessreviews", "selfsubjectrulesreviews"],
  },
  { verbs: ["create"], apiGroups: ["authentication.k8s.io"], resources: ["selfsubjectreviews"] },
];

/** Paths without a resource that may be read; a `*` at the end matches a prefix. */
export const plainPaths: readonly string[] = [
  "/",
  "/version",
  "/healthz",
  "/livez",
  "/readyz",
  "/api",
  "/api/v1",
  "/apis",
  "/apis/*",
  "/v1/harvester/backuptarget/healthz",
  "/v1/harvester/readyz",
  "/v1/harvester/ui-info",
];
