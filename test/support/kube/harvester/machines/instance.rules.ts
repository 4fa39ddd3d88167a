import type { KubeObject } from "../../words.ts";
import { type Condition, withConditions, withoutCondition } from "./conditions.ts";
import { durations } from "./durations.ts";
import { type Fields, fieldsAt, numberAt, textAt } from "./fields.ts";
import { conditionsOf, inPhase, phaseOf, runningStatus, since, withAgent } from "./instance-status.rules.ts";
import type { Said } from "./said.ts";
import type { Placement } from "./scheduling.rules.ts";
import { instantOf } from "./stamp.ts";

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
