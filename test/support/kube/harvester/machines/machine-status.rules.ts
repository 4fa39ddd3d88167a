import type { KubeObject } from "../../words.ts";
import { type Condition, conditionOf, isTrue, withConditions, withoutCondition } from "./conditions.ts";
import { at, type Fields, fieldsAt, itemsAt, numberAt, textAt } from "./fields.ts";
import { claimsOf } from "./instance-spec.rules.ts";
import { isFinal, phaseOf } from "./instance-status.rules.ts";
import { runStrategyOf } from "./machine.rules.ts";
import { stamp } from "./stamp.ts";

export interface StatusFacts {
  /** With the status fields that the last step decided. */
  readonly machine: KubeObject;
  readonly instance: KubeObject | undefined;
  readonly claims: {
    readonly missing: readonly string[];
    readonly unbound: readonly string[];
    readonly waiting: boolean;
  };
  readonly now: number;
}

/** Whether a live migration of the instance is under way. */
export function isMigrating(instance: unknown): boolean {
  const state = fieldsAt(instance, "status", "migrationState");
  return (
    textAt(state, "startTimestamp") !== undefined && state["completed"] !== true && state["failed"] !== true
  );
}

function failing(machine: KubeObject): boolean {
  return (
    runStrategyOf(machine) !== "Halted" &&
    (numberAt(machine, "status", "startFailure", "consecutiveFailCount") ?? 0) > 0
  );
}

function beforeRunning(facts: StatusFacts, instance: KubeObject): string {
  if (facts.claims.missing.length > 0) return "ErrorPvcNotFound";
  if (conditionOf(instance, "PodScheduled")?.["reason"] === "Unschedulable") return "ErrorUnschedulable";
  if (facts.claims.waiting) return "WaitingForVolumeBinding";
  if (facts.claims.unbound.length > 0) return "Provisioning";
  return "Starting";
}

/** The one word that says how a virtual machine is. */
export function printableStatus(facts: StatusFacts): string {
  const { machine, instance } = facts;
  if (machine.metadata.deletionTimestamp !== undefined) return "Terminating";
  if (instance === undefined) return failing(machine) ? "CrashLoopBackOff" : "Stopped";
  if (instance.metadata.deletionTimestamp !== undefined)
    return failing(machine) ? "CrashLoopBackOff" : "Stopping";
  const phase = phaseOf(instance);
  if (phase === "Running") {
    if (isMigrating(instance)) return "Migrating";
    return isTrue(instance, "Paused") ? "Paused" : "Running";
  }
  if (isFinal(instance)) return failing(machine) ? "CrashLoopBackOff" : "Stopped";
  return phase === "Unknown" ? "Unknown" : beforeRunning(facts, instance);
}

const carried = ["Paused", "LiveMigratable", "StorageLiveMigratable", "AgentConnected"];

function conditionsFor({ machine, instance, now }: StatusFacts): Fields[] {
  let list = itemsAt(machine, "status", "conditions");
  const ready: Condition =
    instance === undefined
      ? { type: "Ready", status: "False", reason: "VMINotExists", message: "VMI does not exist" }
      : phaseOf(instance) === "Running"
        ? { type: "Ready", status: "True" }
        : {
            type: "Ready",
            status: "False",
            reason: "GuestNotRunning",
            message: "Guest VM is not reported as running",
          };
  list = withConditions(list, [ready], now);
  for (const type of carried) {
    const there = instance === undefined ? undefined : conditionOf(instance, type);
    list = withoutCondition(list, type);
    if (there !== undefined) list = [...list, there];
  }
  const unscheduled = instance === undefined ? undefined : conditionOf(instance, "PodScheduled");
  list = withoutCondition(list, "PodScheduled");
  if (unscheduled !== undefined)
    list = [...list, { ...unscheduled, lastTransitionTime: unscheduled["lastTransitionTime"] ?? stamp(now) }];
  return list;
}

/** The whole status of a virtual machine as read off its instance and claims. */
export function machineStatus(facts: StatusFacts): Fields {
  const { machine, instance } = facts;
  const spec = fieldsAt(machine, "spec", "template", "spec");
  const claims = new Set(claimsOf(spec));
  const status: Fields = {
    ...fieldsAt(machine, "status"),
    conditions: conditionsFor(facts),
    created: instance !== undefined && !isFinal(instance) ? true : undefined,
    ready: instance !== undefined && phaseOf(instance) === "Running" ? true : undefined,
    printableStatus: printableStatus(facts),
    desiredGeneration: machine.metadata.generation,
    observedGeneration: machine.metadata.generation,
    volumeSnapshotStatuses: itemsAt(spec, "volumes").map((volume) => {
      const claim = textAt(volume, "persistentVolumeClaim", "claimName");
      return claim !== undefined && claims.has(claim)
        ? { name: volume["name"], enabled: true }
        : {
            name: volume["name"],
            enabled: false,
            reason: `Snapshot is not supported for this volumeSource type [${at(volume, "name")}]`,
          };
    }),
  };
  return Object.fromEntries(Object.entries(status).filter(([, value]) => value !== undefined));
}
