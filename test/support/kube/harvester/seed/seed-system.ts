import type { World } from "../../words.ts";
import { settingDefaults } from "../admission/setting-defaults.ts";
import { longhornNamespace } from "../controllers/longhorn-volume.ts";
import { make } from "../controllers/make.ts";

const namespaces = [
  "ml-team",
  "harvester-system",
  "harvester-public",
  "cattle-system",
  "cattle-monitoring-system",
  "cattle-logging-system",
  longhornNamespace,
];

const values: Readonly<Record<string, string>> = {
  "backup-target": JSON.stringify({ type: "nfs", endpoint: "nfs://192.168.10.5:/export/backups" }),
  "overcommit-config": JSON.stringify({ cpu: 400, memory: 150, storage: 200 }),
  "ntp-servers": JSON.stringify({ ntpServers: ["0.suse.pool.ntp.org"] }),
};

const addons: readonly (readonly [namespace: string, name: string, enabled: boolean])[] = [
  ["cattle-monitoring-system", "rancher-monitoring", true],
  ["cattle-logging-system", "rancher-logging", false],
  ["harvester-system", "pcidevices-controller", true],
  ["harvester-system", "nvidia-driver-toolkit", true],
  ["harvester-system", "vm-import-controller", false],
  ["harvester-system", "harvester-seeder", true],
  ["harvester-system", "rancher-vcluster", false],
];

function seedAddons(world: World): void {
  for (const [namespace, name, enabled] of addons)
    make(
      world,
      "addon",
      {
        namespace,
        name,
        labels: { "addon.harvesterhci.io/experimental": `${!name.startsWith("rancher-")}` },
      },
      {
        spec: {
          repo: "http://harvester-cluster-repo.cattle-system.svc/charts",
          chart: name,
          version: "105.1.1+up61.3.2",
          enabled,
          valuesContent: "",
        },
        status: { status: enabled ? "AddonDeploySuccessful" : "" },
      },
    );
}

/** The role that the agent of a control plane runs with: what a console needs, but no roles and no list of secrets. */
function seedAgentRole(world: World): void {
  const name = "maru-agent";
  make(world, "serviceAccount", { name, namespace: "harvester-system" });
  const all = { resources: ["*"], verbs: ["*"] };
  const groups = [
    "kubevirt.io",
    "subresources.kubevirt.io",
    "harvesterhci.io",
    "network.harvesterhci.io",
    "k8s.cni.cncf.io",
    "snapshot.storage.k8s.io",
    "storage.k8s.io",
    "longhorn.io",
    "loadbalancer.harvesterhci.io",
    "logging.banzaicloud.io",
    "monitoring.coreos.com",
    "metrics.k8s.io",
    "devices.harvesterhci.io",
    "batch",
  ];
  const core = [
    "namespaces",
    "nodes",
    "persistentvolumeclaims",
    "resourcequotas",
    "services",
    "services/proxy",
    "configmaps",
  ];
  make(
    world,
    "clusterRole",
    { name },
    {
      rules: [
        { apiGroups: groups, ...all },
        { apiGroups: [""], resources: core, verbs: ["*"] },
        { apiGroups: [""], resources: ["secrets"], verbs: ["get", "create", "update", "patch", "delete"] },
        {
          apiGroups: [""],
          resources: ["pods", "pods/log", "events", "persistentvolumes"],
          verbs: ["get", "list", "watch"],
        },
        { apiGroups: [""], resources: ["pods"], verbs: ["create", "delete"] },
      ],
    },
  );
  make(
    world,
    "clusterRoleBinding",
    { name },
    {
      roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name },
      subjects: [{ kind: "ServiceAccount", name, namespace: "harvester-system" }],
    },
  );
}

/** Namespaces, settings, add-ons, and who may do what. */
export function seedSystem(world: World): void {
  for (const name of namespaces) make(world, "namespace", { name }, { status: { phase: "Active" } });
  for (const [name, value] of Object.entries(values)) {
    const standard = settingDefaults[name] ?? "";
    make(
      world,
      "setting",
      { name },
      { value, customized: true, ...(standard === "" ? {} : { default: standard }) },
    );
  }
  seedAddons(world);
  seedAgentRole(world);
  make(
    world,
    "service",
    { namespace: "cattle-monitoring-system", name: "rancher-monitoring-prometheus" },
    {
      spec: {
        type: "ClusterIP",
        clusterIP: "10.53.12.90",
        ports: [{ name: "http", port: 9090, protocol: "TCP" }],
      },
    },
  );
}
