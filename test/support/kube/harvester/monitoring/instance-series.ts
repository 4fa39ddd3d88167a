import type { KubeObject, World } from "../../words.ts";
import { kindIn } from "../controllers/kinds.ts";
import { itemsAt, textAt } from "../machines/fields.ts";
import { spread } from "../machines/guest.rules.ts";
import { guestMemory, guestProcessors } from "../machines/instance-spec.rules.ts";
import { phaseOf, since } from "../machines/instance-status.rules.ts";
import { bytesRemaining } from "../machines/migration.rules.ts";
import type { Labels, Series } from "./promql-values.ts";
import { constant, counter, gauge } from "./series-of.ts";

/** The part of its processors that a guest uses on average, 0 to 1. */
export function loadOf(instance: KubeObject): number {
  return (8 + spread(`${instance.metadata.uid}/load`, 60)) / 100;
}

/** The part of its memory that a guest uses on average, 0 to 1. */
export function memoryLoadOf(instance: KubeObject): number {
  return (25 + spread(`${instance.metadata.uid}/memory`, 45)) / 100;
}

function labelsOf(instance: KubeObject): Labels {
  const namespace = instance.metadata.namespace ?? "";
  const { name } = instance.metadata;
  return {
    domain: `${namespace}_${name}`,
    name,
    namespace,
    node: textAt(instance, "status", "nodeName") ?? "",
  };
}

function processors(instance: KubeObject, labels: Labels, from: number): Series[] {
  const load = loadOf(instance);
  return Array.from({ length: guestProcessors(instance["spec"]) }, (_none, id) =>
    // In milliseconds in spite of its name, as KubeVirt reports it: Harvester's screens divide by 1000.
    counter("kubevirt_vmi_vcpu_seconds_total", { ...labels, id: `${id}`, state: "1" }, from, {
      middle: load * 1000,
      swing: Math.min(load, 1 - load) * 600,
    }),
  );
}

function memory(instance: KubeObject, labels: Labels, from: number): Series[] {
  const bytes = guestMemory(instance["spec"]);
  const used = bytes * memoryLoadOf(instance);
  const swing = bytes * 0.04;
  return [
    constant("kubevirt_vmi_memory_available_bytes", labels, bytes, from),
    constant("kubevirt_vmi_memory_domain_bytes", labels, bytes, from),
    gauge("kubevirt_vmi_memory_unused_bytes", labels, from, { middle: bytes - used, swing }),
    gauge("kubevirt_vmi_memory_usable_bytes", labels, from, { middle: bytes - used * 0.9, swing }),
    gauge("kubevirt_vmi_memory_resident_bytes", labels, from, { middle: used + bytes * 0.05, swing }),
  ];
}

function network(instance: KubeObject, labels: Labels, from: number): Series[] {
  return itemsAt(instance, "status", "interfaces").flatMap((card) => {
    const own = { ...labels, interface: textAt(card, "name") ?? "" };
    const rate = 20_000 + spread(`${instance.metadata.uid}/${own.interface}`, 900_000);
    return [
      counter("kubevirt_vmi_network_receive_bytes_total", own, from, { middle: rate, swing: rate * 0.6 }),
      counter("kubevirt_vmi_network_transmit_bytes_total", own, from, {
        middle: rate / 2,
        swing: rate * 0.3,
      }),
      counter("kubevirt_vmi_network_receive_packets_total", own, from, {
        middle: rate / 900,
        swing: rate / 1500,
      }),
      counter("kubevirt_vmi_network_transmit_packets_total", own, from, {
        middle: rate / 1800,
        swing: rate / 3000,
      }),
    ];
  });
}

function disks(instance: KubeObject, labels: Labels, from: number): Series[] {
  return itemsAt(instance, "status", "volumeStatus").flatMap((volume) => {
    const own = { ...labels, drive: textAt(volume, "target") ?? "" };
    const rate = 50_000 + spread(`${instance.metadata.uid}/${own.drive}`, 2_000_000);
    const pair = (name: string, read: number) => [
      counter(name.replace("*", "read"), own, from, { middle: read, swing: read * 0.7 }),
      counter(name.replace("*", "write"), own, from, { middle: read * 1.5, swing: read }),
    ];
    return [
      ...pair("kubevirt_vmi_storage_*_traffic_bytes_total", rate),
      ...pair("kubevirt_vmi_storage_iops_*_total", rate / 16_384),
      ...pair("kubevirt_vmi_storage_*_times_seconds_total", rate / 100_000_000),
    ];
  });
}

/** What KubeVirt reports of every guest that runs. */
export function instanceSeries(world: World): Series[] {
  return world.store
    .list(kindIn(world, "instance"))
    .filter((one) => phaseOf(one) === "Running")
    .flatMap((instance) => {
      const labels = labelsOf(instance);
      const from = since(instance, "Running");
      return [
        ...processors(instance, labels, from),
        ...memory(instance, labels, from),
        ...network(instance, labels, from),
        ...disks(instance, labels, from),
      ];
    });
}

/** How many instances are in which phase, and what of moving ones has yet to travel. */
export function phaseSeries(world: World): Series[] {
  const instances = world.store.list(kindIn(world, "instance"));
  const counts = new Map<string, { labels: Labels; count: number }>();
  for (const instance of instances) {
    const labels = {
      phase: phaseOf(instance).toLowerCase(),
      node: textAt(instance, "status", "nodeName") ?? "",
    };
    const key = JSON.stringify(labels);
    counts.set(key, { labels, count: (counts.get(key)?.count ?? 0) + 1 });
  }
  const moving = world.store.list(kindIn(world, "migration")).flatMap((migration) => {
    const instance = instances.find(
      ({ metadata }) =>
        metadata.name === textAt(migration, "spec", "vmiName") &&
        metadata.namespace === migration.metadata.namespace,
    );
    if (instance === undefined || textAt(migration, "status", "phase") !== "Running") return [];
    const total = guestMemory(instance["spec"]);
    const named = (name: string) => ({
      __name__: `kubevirt_vmi_migration_data_${name}_bytes`,
      ...labelsOf(instance),
    });
    const left = (ms: number) => bytesRemaining(migration, instance, ms) ?? 0;
    return [
      { labels: named("remaining"), at: left },
      { labels: named("processed"), at: (ms: number) => total - left(ms) },
      { labels: named("total"), at: () => total },
    ];
  });
  return [
    ...[...counts.values()].map(({ labels, count }) => constant("kubevirt_vmi_phase_count", labels, count)),
    ...moving,
  ];
}
