import type { Kind, World } from "../../words.ts";

const names = {
  virtualMachine: ["kubevirt.io", "virtualmachines"],
  instance: ["kubevirt.io", "virtualmachineinstances"],
  migration: ["kubevirt.io", "virtualmachineinstancemigrations"],
  pod: ["", "pods"],
  node: ["", "nodes"],
  event: ["", "events"],
  claim: ["", "persistentvolumeclaims"],
  persistentVolume: ["", "persistentvolumes"],
  resourceQuota: ["", "resourcequotas"],
  job: ["batch", "jobs"],
  storageClass: ["storage.k8s.io", "storageclasses"],
  volumeSnapshot: ["snapshot.storage.k8s.io", "volumesnapshots"],
  image: ["harvesterhci.io", "virtualmachineimages"],
  backup: ["harvesterhci.io", "virtualmachinebackups"],
  restore: ["harvesterhci.io", "virtualmachinerestores"],
  schedule: ["harvesterhci.io", "schedulevmbackups"],
  setting: ["harvesterhci.io", "settings"],
  addon: ["harvesterhci.io", "addons"],
  supportBundle: ["harvesterhci.io", "supportbundles"],
  inventory: ["metal.harvesterhci.io", "inventories"],
  longhornVolume: ["longhorn.io", "volumes"],
  longhornReplica: ["longhorn.io", "replicas"],
  longhornNode: ["longhorn.io", "nodes"],
  namespace: ["", "namespaces"],
  secret: ["", "secrets"],
  serviceAccount: ["", "serviceaccounts"],
  service: ["", "services"],
  clusterRole: ["rbac.authorization.k8s.io", "clusterroles"],
  clusterRoleBinding: ["rbac.authorization.k8s.io", "clusterrolebindings"],
  snapshotClass: ["snapshot.storage.k8s.io", "volumesnapshotclasses"],
  keyPair: ["harvesterhci.io", "keypairs"],
  template: ["harvesterhci.io", "virtualmachinetemplates"],
  templateVersion: ["harvesterhci.io", "virtualmachinetemplateversions"],
  clusterNetwork: ["network.harvesterhci.io", "clusternetworks"],
  vlanConfig: ["network.harvesterhci.io", "vlanconfigs"],
  vlanStatus: ["network.harvesterhci.io", "vlanstatuses"],
  attachment: ["k8s.cni.cncf.io", "network-attachment-definitions"],
} as const satisfies Readonly<Record<string, readonly [group: string, plural: string]>>;

export type KindName = keyof typeof names;

/** The kind as the cluster serves it. */
export function kindIn(world: World, name: KindName): Kind {
  const [group, plural] = names[name];
  return world.store.kindOf(group, plural);
}

/** Group and plural, for what a controller watches. */
export function watched(name: KindName): { readonly group: string; readonly plural: string } {
  const [group, plural] = names[name];
  return { group, plural };
}
