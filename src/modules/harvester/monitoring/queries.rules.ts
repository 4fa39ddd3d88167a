import type { MetricPanel } from "./schemas.ts";

export interface PanelQuery {
  readonly name: string;
  readonly unit: MetricPanel["unit"];
  readonly query: string;
}

/** A text as PromQL quotes it. */
const quoted = (text: string): string => `"${text.replaceAll("\\", "\\\\").replaceAll('"', '\\"')}"`;

/**
 * What is shown of a virtual machine. KubeVirt's metrics and windows as Harvester's own dashboards ask for them; its
 * processor seconds come in milliseconds, hence the division.
 */
export function vmQueries(namespace: string, name: string): readonly PanelQuery[] {
  const one = `{namespace=${quoted(namespace)},name=${quoted(name)}}`;
  const memory = (what: string) => `kubevirt_vmi_memory_${what}_bytes${one}`;
  const rate = (metric: string) => `irate(kubevirt_vmi_${metric}_total${one}[5m])`;
  return [
    {
      name: "cpu",
      unit: "ratio",
      query: `avg(rate(kubevirt_vmi_vcpu_seconds_total${one}[5m])) by (domain,name)/1000`,
    },
    {
      name: "memory",
      unit: "ratio",
      query: `(${memory("available")} - ${memory("unused")}) / ${memory("available")}`,
    },
    { name: "network.receive", unit: "bits_per_second", query: `${rate("network_receive_bytes")}*8` },
    { name: "network.transmit", unit: "bits_per_second", query: `${rate("network_transmit_bytes")}*8` },
    { name: "disk.read", unit: "bytes_per_second", query: rate("storage_read_traffic_bytes") },
    { name: "disk.write", unit: "bytes_per_second", query: rate("storage_write_traffic_bytes") },
    { name: "disk.reads", unit: "operations_per_second", query: rate("storage_iops_read") },
    { name: "disk.writes", unit: "operations_per_second", query: rate("storage_iops_write") },
    { name: "disk.readTime", unit: "seconds", query: rate("storage_read_times_seconds") },
    { name: "disk.writeTime", unit: "seconds", query: rate("storage_write_times_seconds") },
    {
      name: "migration.remaining",
      unit: "bytes",
      query: `kubevirt_vmi_migration_data_remaining_bytes${one}`,
    },
  ];
}

const devices = 'device!~"lo|veth.*|cali.*|flannel.*|cni.*|tap.*"';

/** What is shown of a host, by the name that its kernel gives. */
export function hostQueries(host: string): readonly PanelQuery[] {
  const own = (query: string) =>
    `(${query}) * on(instance) group_left() max by (instance) (node_uname_info{nodename=${quoted(host)}})`;
  return hostPanels((query) => own(query), "by (instance)");
}

/** What is shown of the cluster: its hosts taken together, and its volumes. */
export function clusterQueries(): readonly PanelQuery[] {
  return [
    ...hostPanels((query) => query, ""),
    { name: "volumes.degraded", unit: "count", query: "count(longhorn_volume_robustness == 2) or vector(0)" },
    { name: "volumes.faulted", unit: "count", query: "count(longhorn_volume_robustness == 3) or vector(0)" },
    { name: "volumes.used", unit: "bytes", query: "sum(longhorn_volume_actual_size_bytes)" },
    { name: "volumes.capacity", unit: "bytes", query: "sum(longhorn_volume_capacity_bytes)" },
    {
      name: "machines.running",
      unit: "count",
      query: 'sum(kubevirt_vmi_phase_count{phase="running"}) or vector(0)',
    },
  ];
}

function hostPanels(of: (query: string) => string, by: string): readonly PanelQuery[] {
  const sum = (inner: string) => `sum ${by} (${inner})`.replace("  ", " ");
  return [
    {
      name: "cpu",
      unit: "ratio",
      query: of(
        `${sum('rate(node_cpu_seconds_total{mode!="idle"}[5m])')} / ${sum("rate(node_cpu_seconds_total[5m])")}`,
      ),
    },
    {
      name: "memory",
      unit: "ratio",
      query: of(`1 - ${sum("node_memory_MemAvailable_bytes")} / ${sum("node_memory_MemTotal_bytes")}`),
    },
    {
      name: "filesystem",
      unit: "ratio",
      query: of(
        `1 - ${sum('node_filesystem_avail_bytes{fstype=~"ext4|xfs"}')} / ${sum('node_filesystem_size_bytes{fstype=~"ext4|xfs"}')}`,
      ),
    },
    {
      name: "network.receive",
      unit: "bits_per_second",
      query: of(`${sum(`irate(node_network_receive_bytes_total{${devices}}[5m])`)}*8`),
    },
    {
      name: "network.transmit",
      unit: "bits_per_second",
      query: of(`${sum(`irate(node_network_transmit_bytes_total{${devices}}[5m])`)}*8`),
    },
    {
      name: "disk.read",
      unit: "bytes_per_second",
      query: of(sum("irate(node_disk_read_bytes_total[5m])")),
    },
    {
      name: "disk.write",
      unit: "bytes_per_second",
      query: of(sum("irate(node_disk_written_bytes_total[5m])")),
    },
  ];
}
