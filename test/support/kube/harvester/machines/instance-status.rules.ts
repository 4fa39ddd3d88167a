import type { KubeObject } from "../../words.ts";
import { type Condition, withConditions, withoutCondition } from "./conditions.ts";
import { at, type Fields, fieldsAt, itemsAt, numberAt, textAt } from "./fields.ts";
import { guestAddresses } from "./guest.rules.ts";
import { guestMemory, migratability } from "./instance-spec.rules.ts";
import { instantOf, stamp } from "./stamp.ts";

export function phaseOf(instance: unknown): string {
  return textAt(instance, "status", "phase") ?? "";
}

export function isFinal(instance: unknown): boolean {
  const phase = phaseOf(instance);
  return phase === "Succeeded" || phase === "Failed";
}

/** When the instance came into a phase, in milliseconds; its creation when that is not told. */
export function since(instance: KubeObject, phase: string): number {
  const told = itemsAt(instance, "status", "phaseTransitionTimestamps").findLast(
    (one) => one["phase"] === phase,
  );
  return instantOf(told?.["phaseTransitionTimestamp"]) ?? instantOf(instance.metadata.creationTimestamp) ?? 0;
}

/** The status of the instance once it is in another phase. */
export function inPhase(instance: KubeObject, phase: string, now: number, more: Fields = {}): Fields {
  const transitions = itemsAt(instance, "status", "phaseTransitionTimestamps");
  return {
    ...fieldsAt(instance, "status"),
    ...more,
    phase,
    phaseTransitionTimestamps: [...transitions, { phase, phaseTransitionTimestamp: stamp(now) }],
  };
}

export const conditionsOf = (instance: KubeObject) => itemsAt(instance, "status", "conditions");

export const pausedCondition: Condition = {
  type: "Paused",
  status: "True",
  reason: "PausedByUser",
  message: "VMI was paused by user",
};

/** The volumes of an instance as its status lists them. */
export function volumeStatusOf(instance: KubeObject): Fields[] {
  return itemsAt(instance, "spec", "volumes").map((volume, index) => ({
    name: volume["name"],
    target: `vd${String.fromCharCode(97 + index)}`,
    ...(at(volume, "persistentVolumeClaim") === undefined
      ? {}
      : { persistentVolumeClaimInfo: { claimName: at(volume, "persistentVolumeClaim", "claimName") } }),
    ...(at(volume, "persistentVolumeClaim", "hotpluggable") === true
      ? {
          hotplugVolume: {},
          phase: "Ready",
          reason: "VolumeReady",
          message: "Successfully attach hotplugged volume to VM",
        }
      : {}),
  }));
}

/** The status of an instance whose guest has just begun to run on a node. */
export function runningStatus(instance: KubeObject, node: string, now: number): Fields {
  const { live, reason, message } = migratability(instance["spec"]);
  const news: Condition[] = [
    { type: "Ready", status: "True" },
    live
      ? { type: "LiveMigratable", status: "True" }
      : { type: "LiveMigratable", status: "False", reason: reason ?? "", message: message ?? "" },
    { type: "StorageLiveMigratable", status: "True" },
    ...(at(instance, "spec", "startStrategy") === "Paused" ? [pausedCondition] : []),
  ];
  const memory = at(instance, "spec", "domain", "memory", "guest") ?? `${guestMemory(instance["spec"])}`;
  const cpu = fieldsAt(instance, "spec", "domain", "cpu");
  return inPhase(instance, "Running", now, {
    nodeName: node,
    interfaces: guestAddresses(instance, false),
    conditions: withConditions(withoutCondition(conditionsOf(instance), "PodScheduled"), news, now),
    migrationMethod: live ? "BlockMigration" : undefined,
    qosClass: "Burstable",
    memory: { guestAtBoot: memory, guestCurrent: memory, guestRequested: memory },
    currentCPUTopology: {
      cores: numberAt(cpu, "cores") ?? 1,
      sockets: numberAt(cpu, "sockets") ?? 1,
      threads: numberAt(cpu, "threads") ?? 1,
    },
    volumeStatus: volumeStatusOf(instance),
  });
}

/** The status once the guest agent has answered: its system, and the addresses it knows. */
export function withAgent(instance: KubeObject, now: number): Fields {
  return {
    ...fieldsAt(instance, "status"),
    conditions: withConditions(conditionsOf(instance), [{ type: "AgentConnected", status: "True" }], now),
    interfaces: guestAddresses(instance, true),
    guestOSInfo: {
      id: "ubuntu",
      name: "Ubuntu",
      prettyName: "Ubuntu 22.04.4 LTS",
      version: "22.04",
      versionId: "22.04",
      kernelRelease: "5.15.0-105-generic",
      kernelVersion: "#115-Ubuntu SMP Mon Apr 15 09:52:04 UTC 2024",
      machine: "x86_64",
    },
  };
}
