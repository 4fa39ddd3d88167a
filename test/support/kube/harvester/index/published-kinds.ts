/** How much of a kind is published: `all` verbs, or only `reads`. */
type Extent = "all" | "reads";

export interface PublishedKind {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
  readonly plural: string;
  readonly namespaced: boolean;
  readonly verbs: readonly string[];
}

const READS = ["get", "list", "watch"];
const ALL = [...READS, "create", "update", "patch", "delete"];

/** Lines of `Kind plural scope extent`, scope `ns` or `cluster`; the extent may also be a list of verbs. */
function kinds(groupVersion: string, ...lines: readonly string[]): PublishedKind[] {
  const [version = "", group = ""] = groupVersion.split("/").reverse();
  return lines.map((line) => {
    const [kind = "", plural = "", scope = "", extent = "all"] = line.split(" ");
    const verbs = (extent as Extent) === "all" ? ALL : extent === "reads" ? READS : extent.split(",");
    return { group, version, kind, plural, namespaced: scope === "ns", verbs };
  });
}

/** The kinds that clients of a Harvester cluster may use, by group and version. */
export const publishedKinds: readonly PublishedKind[] = [
  ...kinds(
    "v1",
    "Node nodes cluster get,list,watch,update,patch",
    "Namespace namespaces cluster",
    "Secret secrets ns",
    "ConfigMap configmaps ns",
    "Event events ns reads",
    "Pod pods ns reads",
    "Service services ns",
    "ServiceAccount serviceaccounts ns",
    "ResourceQuota resourcequotas ns",
    "PersistentVolumeClaim persistentvolumeclaims ns",
    "PersistentVolume persistentvolumes cluster reads",
  ),
  ...kinds("apps/v1", "Deployment deployments ns reads"),
  ...kinds("batch/v1", "Job jobs ns"),
  ...kinds("storage.k8s.io/v1", "StorageClass storageclasses cluster"),
  ...kinds(
    "rbac.authorization.k8s.io/v1",
    "Role roles ns",
    "RoleBinding rolebindings ns",
    "ClusterRole clusterroles cluster",
    "ClusterRoleBinding clusterrolebindings cluster",
  ),
  ...kinds(
    "kubevirt.io/v1",
    "VirtualMachine virtualmachines ns",
    "VirtualMachineInstance virtualmachineinstances ns reads",
    "VirtualMachineInstanceMigration virtualmachineinstancemigrations ns",
    "KubeVirt kubevirts ns reads",
  ),
  ...kinds("cdi.kubevirt.io/v1beta1", "DataVolume datavolumes ns"),
  ...kinds(
    "harvesterhci.io/v1beta1",
    "VirtualMachineImage virtualmachineimages ns",
    "VirtualMachineImageDownloader virtualmachineimagedownloaders ns",
    "VirtualMachineTemplate virtualmachinetemplates ns",
    "VirtualMachineTemplateVersion virtualmachinetemplateversions ns",
    "KeyPair keypairs ns",
    "Preference preferences ns",
    "VirtualMachineBackup virtualmachinebackups ns",
    "VirtualMachineRestore virtualmachinerestores ns",
    "ScheduleVMBackup schedulevmbackups ns",
    "VolumeRemoteBackup volumeremotebackups ns",
    "VolumeRemoteRestore volumeremoterestores ns",
    "Setting settings cluster get,list,watch,update,patch",
    "Addon addons ns",
    "SupportBundle supportbundles ns",
    "Upgrade upgrades ns",
    "UpgradeLog upgradelogs ns",
    "Version versions ns",
    "ResourceQuota resourcequotas ns",
    "BlockDevice blockdevices ns reads",
  ),
  ...kinds("metal.harvesterhci.io/v1alpha1", "Inventory inventories ns"),
  ...kinds(
    "network.harvesterhci.io/v1beta1",
    "ClusterNetwork clusternetworks cluster",
    "VlanConfig vlanconfigs cluster",
    "VlanStatus vlanstatuses cluster reads",
    "LinkMonitor linkmonitors cluster",
    "HostNetworkConfig hostnetworkconfigs cluster",
  ),
  ...kinds("k8s.cni.cncf.io/v1", "NetworkAttachmentDefinition network-attachment-definitions ns"),
  ...kinds("loadbalancer.harvesterhci.io/v1beta1", "LoadBalancer loadbalancers ns", "IPPool ippools cluster"),
  ...kinds(
    "snapshot.storage.k8s.io/v1",
    "VolumeSnapshot volumesnapshots ns",
    "VolumeSnapshotContent volumesnapshotcontents cluster reads",
    "VolumeSnapshotClass volumesnapshotclasses cluster reads",
  ),
  ...kinds(
    "longhorn.io/v1beta2",
    "Volume volumes ns reads",
    "Node nodes ns reads",
    "Replica replicas ns get,list,watch,delete",
    "Engine engines ns reads",
    "BackingImage backingimages ns reads",
    "BackupVolume backupvolumes ns get,list,watch,delete",
    "Setting settings ns reads",
  ),
  ...kinds(
    "logging.banzaicloud.io/v1beta1",
    "Flow flows ns",
    "Output outputs ns",
    "ClusterFlow clusterflows ns",
    "ClusterOutput clusteroutputs ns",
  ),
  ...kinds("monitoring.coreos.com/v1alpha1", "AlertmanagerConfig alertmanagerconfigs ns"),
  ...kinds(
    "devices.harvesterhci.io/v1beta1",
    "PCIDevice pcidevices cluster reads",
    "PCIDeviceClaim pcideviceclaims cluster",
    "SRIOVGPUDevice sriovgpudevices cluster reads",
    "VGPUDevice vgpudevices cluster",
    "USBDevice usbdevices cluster reads",
  ),
];
