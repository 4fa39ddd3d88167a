import type { KubeObject, World } from "../../words.ts";
import { kindIn } from "../controllers/kinds.ts";
import { isTrue } from "../machines/conditions.ts";
import { fieldsAt, itemsAt, textAt } from "../machines/fields.ts";
import { guestMemory, guestProcessors } from "../machines/instance-spec.rules.ts";
import { phaseOf } from "../machines/instance-status.rules.ts";
import { isReady, silentSince } from "../machines/node.rules.ts";
import { quantityOf } from "../machines/quantity.ts";
import { instantOf } from "../machines/stamp.ts";
import { loadOf, memoryLoadOf } from "./instance-series.ts";
import type { Labels, Series } from "./promql-values.ts";
import { constant, counter, gauge } from "./series-of.ts";

const monthMs = 30 * 86_400_000;

/** What a node and its guests use on average: processors, and bytes of memory. */
export interface NodeUse {
  readonly cpu: number;
  readonly memory: number;
}

/** The use of a node as its guests make it: the system itself takes 0.6 processors and 6 GiB. */
export function nodeUse(world: World, node: KubeObject): NodeUse {
  let cpu = 0.6;
  let memory = 6 * 2 ** 30;
  for (const instance of world.store.list(kindIn(world, "instance"))) {
    if (textAt(instance, "status", "nodeName") !== node.metadata.name || phaseOf(instance) !== "Running")
      continue;
    cpu += guestProcessors(instance["spec"]) * loadOf(instance);
    memory += guestMemory(instance["spec"]) * memoryLoadOf(instance);
  }
  return { cpu, memory };
}

function labelsOf(node: KubeObject): Labels {
  const address = itemsAt(node, "status", "addresses").find((one) => one["type"] === "InternalIP");
  return {
    instance: `${textAt(address, "address") ?? node.metadata.name}:9796`,
    job: "node-exporter",
    node: node.metadata.name,
  };
}

const modes: Readonly<Record<string, number>> = { user: 0.7, system: 0.22, iowait: 0.08 };

function processors(node: KubeObject, labels: Labels, from: number, use: NodeUse): Series[] {
  const cores = quantityOf(fieldsAt(node, "status", "capacity")["cpu"]);
  const load = Math.min(0.95, use.cpu / cores);
  return Array.from({ length: cores }, (_none, cpu) => {
    const own = { ...labels, cpu: `${cpu}` };
    const busy = Object.entries(modes).map(([mode, part]) =>
      counter("node_cpu_seconds_total", { ...own, mode }, from, {
        middle: load * part,
        swing: load * part * 0.4,
      }),
    );
    return [
      ...busy,
      counter("node_cpu_seconds_total", { ...own, mode: "idle" }, from, {
        middle: 1 - load,
        swing: Math.min(1 - load, load) * 0.3,
      }),
    ];
  }).flat();
}

function memory(node: KubeObject, labels: Labels, from: number, use: NodeUse): Series[] {
  const total = quantityOf(fieldsAt(node, "status", "capacity")["memory"]);
  const free = Math.max(total * 0.02, total - use.memory);
  return [
    constant("node_memory_MemTotal_bytes", labels, total, from),
    gauge("node_memory_MemAvailable_bytes", labels, from, { middle: free, swing: free * 0.05 }),
    gauge("node_memory_MemFree_bytes", labels, from, { middle: free * 0.7, swing: free * 0.05 }),
  ];
}

function disksAndNetwork(labels: Labels, from: number, use: NodeUse): Series[] {
  const root = { ...labels, device: "/dev/sda5", fstype: "ext4", mountpoint: "/" };
  const data = {
    ...labels,
    device: "/dev/nvme0n1",
    fstype: "ext4",
    mountpoint: "/var/lib/harvester/defaultdisk",
  };
  const gib = 2 ** 30;
  const rate = 200_000 + use.cpu * 400_000;
  return [
    constant("node_filesystem_size_bytes", root, 150 * gib, from),
    gauge("node_filesystem_avail_bytes", root, from, { middle: 96 * gib, swing: gib }),
    constant("node_filesystem_size_bytes", data, 1_000 * gib, from),
    gauge("node_filesystem_avail_bytes", data, from, { middle: 640 * gib, swing: 5 * gib }),
    counter("node_network_receive_bytes_total", { ...labels, device: "mgmt-bo" }, from, {
      middle: rate,
      swing: rate / 2,
    }),
    counter("node_network_transmit_bytes_total", { ...labels, device: "mgmt-bo" }, from, {
      middle: rate,
      swing: rate / 2,
    }),
    counter("node_disk_read_bytes_total", { ...labels, device: "nvme0n1" }, from, {
      middle: rate,
      swing: rate / 2,
    }),
    counter("node_disk_written_bytes_total", { ...labels, device: "nvme0n1" }, from, {
      middle: rate * 2,
      swing: rate,
    }),
    gauge("node_load1", labels, from, { middle: use.cpu * 1.1, swing: use.cpu * 0.5 }),
    gauge("node_load5", labels, from, { middle: use.cpu * 1.1, swing: use.cpu * 0.3 }),
    gauge("node_load15", labels, from, { middle: use.cpu * 1.1, swing: use.cpu * 0.1 }),
  ];
}

function gpus(node: KubeObject, from: number): Series[] {
  const count = quantityOf(fieldsAt(node, "status", "capacity")["nvidia.com/GA100_A100_PCIE_40GB"]);
  return Array.from({ length: count }, (_none, gpu) => {
    const labels = { Hostname: node.metadata.name, gpu: `${gpu}`, modelName: "NVIDIA A100-PCIE-40GB" };
    return [
      gauge("DCGM_FI_DEV_GPU_UTIL", labels, from, { middle: 48, swing: 40 }),
      gauge("DCGM_FI_DEV_FB_USED", labels, from, { middle: 21_000, swing: 9_000 }),
      gauge("DCGM_FI_DEV_GPU_TEMP", labels, from, { middle: 58, swing: 9 }),
    ];
  }).flat();
}

function known(node: KubeObject): Series[] {
  const labels = { node: node.metadata.name, job: "kube-state-metrics" };
  const told = (name: string, part: "capacity" | "allocatable") =>
    Object.entries(fieldsAt(node, "status", part)).map(([resource, amount]) =>
      constant(name, { ...labels, resource, unit: resource === "cpu" ? "core" : "byte" }, quantityOf(amount)),
    );
  const conditions = itemsAt(node, "status", "conditions").flatMap((condition) =>
    ["true", "false", "unknown"].map((status) =>
      constant(
        "kube_node_status_condition",
        { ...labels, condition: textAt(condition, "type") ?? "", status },
        textAt(condition, "status")?.toLowerCase() === status ? 1 : 0,
      ),
    ),
  );
  return [
    ...told("kube_node_status_capacity", "capacity"),
    ...told("kube_node_status_allocatable", "allocatable"),
    ...conditions,
    constant(
      "kube_node_spec_unschedulable",
      labels,
      fieldsAt(node, "spec")["unschedulable"] === true ? 1 : 0,
    ),
  ];
}

function endingAt(series: Series, ms: number | undefined): Series {
  return ms === undefined
    ? series
    : { labels: series.labels, at: (at) => (at > ms ? undefined : series.at(at)) };
}

/** What the exporters of the nodes report; a node that does not answer is `up` 0 and tells no more. */
export function nodeSeries(world: World): Series[] {
  return world.store.list(kindIn(world, "node")).flatMap((node) => {
    const labels = labelsOf(node);
    const from = (instantOf(node.metadata.creationTimestamp) ?? 0) - monthMs;
    const use = nodeUse(world, node);
    const silent = silentSince(node);
    const own = [
      ...processors(node, labels, from, use),
      ...memory(node, labels, from, use),
      ...disksAndNetwork(labels, from, use),
      ...gpus(node, from),
      constant("node_uname_info", { ...labels, nodename: node.metadata.name, sysname: "Linux" }, 1, from),
      constant("node_boot_time_seconds", labels, from / 1000, from),
    ].map((series) => endingAt(series, silent));
    const up = {
      labels: { __name__: "up", ...labels },
      at: (ms: number) => (silent !== undefined && ms >= silent ? 0 : 1),
    };
    return [...own, ...known(node), up];
  });
}

/** What fires by the state of nodes and volumes. */
export function alertSeries(world: World): Series[] {
  const firing = (alertname: string, severity: string, labels: Labels) =>
    constant("ALERTS", { alertname, alertstate: "firing", severity, ...labels }, 1);
  const nodes = world.store
    .list(kindIn(world, "node"))
    .flatMap((node) => [
      ...(isReady(node) ? [] : [firing("KubeNodeNotReady", "warning", { node: node.metadata.name })]),
      ...(isTrue(node, "MemoryPressure")
        ? [firing("NodeMemoryPressure", "warning", { node: node.metadata.name })]
        : []),
    ]);
  const volumes = world.store.list(kindIn(world, "longhornVolume")).flatMap((volume) => {
    const robustness = textAt(volume, "status", "robustness");
    return robustness === "degraded" || robustness === "faulted"
      ? [firing("LonghornVolumeStatusCritical", "critical", { volume: volume.metadata.name, robustness })]
      : [];
  });
  return [...nodes, ...volumes];
}
