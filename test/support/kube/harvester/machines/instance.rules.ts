import type { KubeObject } from "../../words.ts";
import { type Condition, withConditions, withoutCondition } from "./conditions.ts";
import { durations } from "./durations.ts";
import { at, type Fields, fieldsAt, itemsAt, numberAt, textAt } from "./fields.ts";
import { guestAddresses } from "./guest.rules.ts";
import { guestMemory, migratability } from "./instance-spec.rules.ts";
import type { Placement } from "./scheduling.rules.ts";
import { instantOf, stamp } from "./stamp.ts";

export type CrashMode = "once" | "boot" | "shutdown" | undefined;

export interface InstanceFacts {
  readonly instance: KubeObject;
  readonly now: number;
  /** The launcher pod, if there is one already. */
  readonly launcher: { readonly name: string; readonly node: string | undefined } | undefined;
  readonly claims: { readonly missing: readonly string[]; readonly unbound: readonly string[] };
  /** Where it could go now; asked for only while it has no node. */
  readonly placement: () => Placement;
  readonly crash: CrashMode;
  /** When the node of the instance is given up for not answering; undefined while it answers. */
  readonly nodeLostAt: number | undefined;
}

export interface Said {
  readonly type: "Normal" | "Warning";
  readonly reason: string;
  readonly message: string;
}

/** What an instance does next: a new status, a launcher, a node, an end. */
export interface InstanceStep {
  readonly status?: Fields;
  readonly createLauncher?: boolean;
  readonly bindTo?: string;
  readonly refusal?: string;
  /** The guest is gone and its finalizer may go. */
  readonly release?: boolean;
  readonly crashed?: boolean;
  readonly says?: readonly Said[];
  readonly againMs?: number;
}

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

const conditionsOf = (instance: KubeObject) => itemsAt(instance, "status", "conditions");

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

function waiting({ instance, launcher, claims, now }: InstanceFacts): InstanceStep {
  if (claims.missing.length > 0) {
    const message = `PVC ${instance.metadata.namespace}/${claims.missing[0]} does not exist, waiting for it to appear`;
    const conditions = withConditions(
      conditionsOf(instance),
      [{ type: "Synchronized", status: "False", reason: "FailedPvcNotFound", message }],
      now,
    );
    const status = { ...fieldsAt(instance, "status"), phase: "Pending", conditions };
    return {
      status,
      says: [{ type: "Warning", reason: "FailedPvcNotFound", message }],
      againMs: durations.scheduleRetry,
    };
  }
  if (claims.unbound.length > 0) return { againMs: durations.scheduleRetry };
  const ready = since(instance, "Pending") + durations.launcherCreate;
  if (now < ready) return { againMs: ready - now };
  if (launcher === undefined) return { createLauncher: true, againMs: durations.notice };
  const conditions = withoutCondition(conditionsOf(instance), "Synchronized");
  return { status: inPhase(instance, "Scheduling", now, { conditions }), againMs: durations.notice };
}

function scheduling({ instance, launcher, placement, now }: InstanceFacts): InstanceStep {
  if (launcher === undefined) return { createLauncher: true, againMs: durations.notice };
  if (launcher.node === undefined) {
    const found = placement();
    if ("node" in found)
      return {
        bindTo: found.node,
        status: {
          ...fieldsAt(instance, "status"),
          conditions: withoutCondition(conditionsOf(instance), "PodScheduled"),
        },
        againMs: durations.launcherStart,
      };
    const refused: Condition = {
      type: "PodScheduled",
      status: "False",
      reason: "Unschedulable",
      message: found.refusal,
    };
    const conditions = withConditions(conditionsOf(instance), [refused], now);
    return {
      status: { ...fieldsAt(instance, "status"), conditions },
      refusal: found.refusal,
      againMs: durations.scheduleRetry,
    };
  }
  const status = inPhase(instance, "Scheduled", now, { nodeName: launcher.node });
  return { status, againMs: durations.guestStart };
}

function failed(
  instance: KubeObject,
  now: number,
  said: Said,
  conditions: readonly Condition[] = [],
): InstanceStep {
  const list = withConditions(
    withoutCondition(withoutCondition(conditionsOf(instance), "Paused"), "AgentConnected"),
    [
      {
        type: "Ready",
        status: "False",
        reason: "GuestNotRunning",
        message: "Guest VM is not reported as running",
      },
      ...conditions,
    ],
    now,
  );
  return { status: inPhase(instance, "Failed", now, { conditions: list }), says: [said], crashed: true };
}

const crashed: Said = { type: "Warning", reason: "Stopped", message: "The VirtualMachineInstance crashed." };

function starting({ instance, launcher, crash, now }: InstanceFacts): InstanceStep {
  const begun = since(instance, "Scheduled");
  if (crash === "boot" && now >= begun + durations.bootCrash) return failed(instance, now, crashed);
  const ready = begun + durations.guestStart;
  if (now < ready) return { againMs: crash === "boot" ? begun + durations.bootCrash - now : ready - now };
  const node = launcher?.node ?? textAt(instance, "status", "nodeName");
  if (node === undefined) return failed(instance, now, crashed);
  return {
    status: runningStatus(instance, node, now),
    says: [
      { type: "Normal", reason: "Created", message: "VirtualMachineInstance defined." },
      { type: "Normal", reason: "Started", message: "VirtualMachineInstance started." },
    ],
    againMs: durations.agentConnect,
  };
}

function running({ instance, crash, nodeLostAt, now }: InstanceFacts): InstanceStep {
  if (nodeLostAt !== undefined && now >= nodeLostAt)
    return failed(instance, now, {
      type: "Warning",
      reason: "NodeUnresponsive",
      message: `virt-handler on node ${textAt(instance, "status", "nodeName")} is not responsive, marking VMI as failed`,
    });
  if (crash === "once") return failed(instance, now, crashed);
  if (crash === "shutdown") {
    const said: Said = {
      type: "Normal",
      reason: "Stopped",
      message: "The VirtualMachineInstance was shut down.",
    };
    return { status: inPhase(instance, "Succeeded", now), says: [said], crashed: true };
  }
  const answered = conditionsOf(instance).some((one) => one["type"] === "AgentConnected");
  const ready = since(instance, "Running") + durations.agentConnect;
  if (nodeLostAt !== undefined) return { againMs: nodeLostAt - now };
  if (answered) return {};
  return now < ready ? { againMs: ready - now } : { status: withAgent(instance, now) };
}

/** How long a guest that was told to stop takes, in milliseconds. */
export function shutdownMs(instance: unknown): number {
  const grace = (numberAt(instance, "spec", "terminationGracePeriodSeconds") ?? 30) * 1000;
  const deaf = textAt(instance, "metadata", "annotations", "sim.maru/ignores-shutdown") === "true";
  return deaf ? grace : Math.min(grace, durations.guestShutdown);
}

function ending(facts: InstanceFacts, deletedAt: number): InstanceStep {
  const { instance, now } = facts;
  const phase = phaseOf(instance);
  if (phase !== "Running") return { release: true };
  const gone = deletedAt + shutdownMs(instance);
  if (now < gone) return { againMs: gone - now };
  const said: Said = {
    type: "Normal",
    reason: "Stopped",
    message: "The VirtualMachineInstance was shut down.",
  };
  return { status: inPhase(instance, "Succeeded", now), says: [said], release: true };
}

/** One step in the life of a running virtual machine. */
export function stepInstance(facts: InstanceFacts): InstanceStep {
  const { instance, now } = facts;
  const deletedAt = instantOf(instance.metadata.deletionTimestamp);
  if (deletedAt !== undefined) return ending(facts, deletedAt);
  switch (phaseOf(instance)) {
    case "":
      return { status: inPhase(instance, "Pending", now), againMs: durations.launcherCreate };
    case "Pending":
      return waiting(facts);
    case "Scheduling":
      return scheduling(facts);
    case "Scheduled":
      return starting(facts);
    case "Running":
      return running(facts);
    default:
      return {};
  }
}
