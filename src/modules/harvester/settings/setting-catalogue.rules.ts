import {
  addressPools,
  type Check,
  certificates,
  evenMebibytes,
  flag,
  hostNetwork,
  httpUrl,
  jsonObject,
  named,
  oneOf,
  overcommit,
  overheadRatio,
  proxy,
  resetPolicy,
  timeServers,
  whole,
} from "./setting-checks.rules.ts";

export interface SettingRule {
  /** What a value must be, beside what the cluster itself demands. */
  readonly check?: Check;
  /** What a change does to what runs. */
  readonly risk?: string;
  /** Why it isn't set here. */
  readonly fixed?: string;
  /** It holds credentials. */
  readonly secret?: true;
}

const restartsHosts = "Every host takes it over and restarts services; machines may be interrupted.";
const movesStorage = "All virtual machines must be stopped; storage traffic moves to another network.";

/** What is known of the settings of Harvester 1.8; a name that isn't here is set as it comes, confirmed. */
export const settingCatalogue: Readonly<Record<string, SettingRule>> = {
  "additional-ca": { risk: restartsHosts },
  "additional-guest-memory-overhead-ratio": {
    check: overheadRatio,
    risk: "Machines get another share of their memory at their next start.",
  },
  "api-ui-version": { fixed: "It comes with the release." },
  "auto-disk-provision-paths": { risk: "Disks that fit are formatted at once; what is on them is lost." },
  "auto-rotate-rke2-certs": { check: jsonObject(), risk: "Rotation restarts the control plane." },
  "backup-target": { fixed: "Set it as the backup target, which keeps its key in a secret.", secret: true },
  "cluster-pod-security-standard": { check: jsonObject(), risk: "Pods that break the standard won't start." },
  "cluster-registration-url": { secret: true, risk: "The cluster joins another Rancher." },
  "containerd-registry": { check: jsonObject(), secret: true, risk: restartsHosts },
  "csi-driver-config": { check: jsonObject(), risk: "Wrong classes make backups and snapshots fail." },
  "csi-online-expand-validation": { check: jsonObject() },
  "default-storage-class": { check: named },
  "default-vm-termination-grace-period-seconds": { check: whole(0, 86_400) },
  "harvester-csi-ccm-versions": { fixed: "It comes with the release." },
  "http-proxy": {
    check: proxy,
    secret: true,
    risk: "A wrong proxy cuts the cluster off from images and backups.",
  },
  "instance-manager-resources": {
    check: jsonObject(),
    risk: "Volumes must be detached; storage restarts with other resources.",
  },
  "kubeconfig-default-token-ttl-minutes": { check: whole(0, 52_560_000) },
  "kubevirt-migration": { check: jsonObject() },
  "log-level": { check: oneOf("info", "debug", "trace") },
  "longhorn-v2-data-engine-enabled": { check: flag, risk: restartsHosts },
  "longhorn-v2-data-engine-hugepage-enabled": { check: flag, risk: restartsHosts },
  "longhorn-v2-data-engine-memory-size": { check: evenMebibytes, risk: restartsHosts },
  "max-hotplug-ratio": { check: whole(1, 20) },
  "ntp-servers": { check: timeServers, risk: "Hosts that lose time lose the cluster." },
  "overcommit-config": {
    check: overcommit,
    risk: "Machines share more of the hosts' hardware from their next start on.",
  },
  "rancher-cluster": { check: jsonObject(), secret: true, risk: "Access through Rancher changes." },
  "release-download-url": { check: httpUrl },
  "rwx-network": { check: jsonObject(), risk: movesStorage },
  "server-version": { fixed: "It says which release runs; upgrade the cluster instead." },
  "ssl-certificates": { check: certificates, secret: true, risk: "A wrong certificate locks everyone out." },
  "ssl-parameters": { check: jsonObject(), risk: "Clients that know no common protocol are locked out." },
  "storage-network": { check: hostNetwork, risk: movesStorage },
  "support-bundle-expiration": { check: whole(0) },
  "support-bundle-file-name": {},
  "support-bundle-image": { check: jsonObject() },
  "support-bundle-namespaces": {},
  "support-bundle-node-collection-timeout": { check: whole(0) },
  "support-bundle-timeout": { check: whole(0) },
  "traefik-default-tls-options": {
    check: jsonObject(),
    risk: "Clients that know no common protocol are locked out.",
  },
  "ui-index": { check: httpUrl },
  "ui-path": {},
  "ui-plugin-index": { check: httpUrl },
  "ui-source": { check: oneOf("auto", "external", "bundled") },
  "upgradable-versions": { fixed: "The cluster finds out which releases it can go to." },
  "upgrade-checker-enabled": { check: flag },
  "upgrade-checker-url": { check: httpUrl },
  "upgrade-config": { check: jsonObject() },
  "vip-pools": { check: addressPools },
  "vm-force-reset-policy": {
    check: resetPolicy,
    risk: "It decides when machines of a host that is down are started elsewhere.",
  },
  "vm-migration-network": { check: hostNetwork, risk: "Machines move over another network." },
  "volume-snapshot-class": { check: named },
};
