import type { KubeObject } from "../../words.ts";
import { durations } from "./durations.ts";
import { type Fields, fieldsAt, itemsAt, textAt } from "./fields.ts";
import { guestMemory } from "./instance-spec.rules.ts";
import { phaseOf } from "./instance-status.rules.ts";
import type { Said } from "./said.ts";
import type { Placement } from "./scheduling.rules.ts";
import { instantOf, stamp } from "./stamp.ts";

export interface MigrationFacts {
  readonly migration: KubeObject;
  readonly instance: KubeObject | undefined;
  readonly target: { readonly name: string; readonly node: string | undefined } | undefined;
  readonly placement: () => Placement;
  /** The name of another migration of the same instance that is under way. */
  readonly rival: string | undefined;
  readonly now: number;
}

export interface MigrationStep {
  readonly phase?: string;
  readonly createTarget?: boolean;
  readonly bindTo?: string;
  readonly refusal?: string;
  /** `status.migrationState` of the instance, and of the migration. */
  readonly state?: Fields;
  readonly end?: "succeeded" | "failed";
  readonly release?: boolean;
  readonly says?: readonly Said[];
  readonly againMs?: number;
}

export function isOver(migration: unknown): boolean {
  const phase = textAt(migration, "status", "phase");
  return phase === "Succeeded" || phase === "Failed";
}

function enteredAt(migration: KubeObject, phase: string): number {
  const told = itemsAt(migration, "status", "phaseTransitionTimestamps").findLast(
    (one) => one["phase"] === phase,
  );
  return (
    instantOf(told?.["phaseTransitionTimestamp"]) ?? instantOf(migration.metadata.creationTimestamp) ?? 0
  );
}

/** How long the memory of an instance takes to travel, in milliseconds. */
export function transferMs(instance: unknown): number {
  const gib = guestMemory(fieldsAt(instance, "spec")) / 2 ** 30;
  return durations.migrationBase + Math.ceil(gib) * durations.migrationPerGib;
}

/** Bytes that have yet to travel; undefined when nothing travels. */
export function bytesRemaining(migration: KubeObject, instance: KubeObject, now: number): number | undefined {
  if (textAt(migration, "status", "phase") !== "Running") return undefined;
  const done = (now - enteredAt(migration, "Running")) / transferMs(instance);
  return Math.round(guestMemory(instance["spec"]) * Math.max(0, 1 - done));
}

/** The status of a migration once it is in another phase. */
export function migrationInPhase(migration: KubeObject, phase: string, now: number, state?: Fields): Fields {
  return {
    ...fieldsAt(migration, "status"),
    phase,
    phaseTransitionTimestamps: [
      ...itemsAt(migration, "status", "phaseTransitionTimestamps"),
      { phase, phaseTransitionTimestamp: stamp(now) },
    ],
    ...(state === undefined ? {} : { migrationState: state }),
  };
}

function stateOf({ migration, instance, target }: MigrationFacts): Fields {
  return {
    ...fieldsAt(instance, "status", "migrationState"),
    migrationUid: migration.metadata.uid,
    mode: "PreCopy",
    sourceNode: textAt(instance, "status", "nodeName"),
    targetNode: target?.node,
    targetPod: target?.name,
  };
}

function failure(facts: MigrationFacts, reason: string, more: Fields = {}): MigrationStep {
  const began =
    textAt(facts.instance, "status", "migrationState", "migrationUid") === facts.migration.metadata.uid;
  const end = {
    completed: true,
    failed: true,
    failureReason: reason,
    endTimestamp: stamp(facts.now),
    ...more,
  };
  return {
    phase: "Failed",
    end: "failed",
    ...(began ? { state: { ...stateOf(facts), ...end } } : {}),
    says: [{ type: "Warning", reason: "FailedMigration", message: reason }],
  };
}

function abort(facts: MigrationFacts): MigrationStep {
  if (isOver(facts.migration)) return { release: true };
  const step = failure(facts, "Live migration aborted by user", {
    abortRequested: true,
    abortStatus: "Succeeded",
  });
  return {
    ...step,
    release: true,
    says: [{ type: "Warning", reason: "MigrationAborted", message: "migration aborted" }],
  };
}

function schedule(facts: MigrationFacts): MigrationStep {
  const { migration, target, now } = facts;
  if (target === undefined) return { createTarget: true, againMs: durations.notice };
  if (target.node === undefined) {
    const found = facts.placement();
    if ("node" in found) return { bindTo: found.node, againMs: durations.launcherStart };
    const giveUp = enteredAt(migration, "Scheduling") + durations.migrationUnschedulable;
    if (now >= giveUp) return failure(facts, `Migration target pod unschedulable: ${found.refusal}`);
    return { refusal: found.refusal, againMs: durations.scheduleRetry };
  }
  return { phase: "Scheduled", againMs: durations.migrationStep };
}

function transfer(facts: MigrationFacts): MigrationStep {
  const { migration, instance, now } = facts;
  const ends = enteredAt(migration, "Running") + transferMs(instance);
  if (now < ends) return { againMs: ends - now };
  const target = facts.target?.node;
  const message = `The VirtualMachineInstance migrated to node ${target}.`;
  return {
    phase: "Succeeded",
    end: "succeeded",
    state: { ...stateOf(facts), completed: true, endTimestamp: stamp(now), targetNodeDomainDetected: true },
    says: [{ type: "Normal", reason: "Migrated", message }],
  };
}

const order = ["Scheduled", "PreparingTarget", "TargetReady", "Running"];

/** Where the phases without a decision of their own lead to, after a while. */
function next(facts: MigrationFacts, phase: string): MigrationStep {
  const ready = enteredAt(facts.migration, phase) + durations.migrationStep;
  if (facts.now < ready) return { againMs: ready - facts.now };
  const following = order[order.indexOf(phase) + 1] ?? "Running";
  if (following !== "Running") return { phase: following, againMs: durations.migrationStep };
  const source = textAt(facts.instance, "status", "nodeName");
  const message = `VirtualMachineInstance is migrating from ${source} to ${facts.target?.node}.`;
  return {
    phase: following,
    state: { ...stateOf(facts), startTimestamp: stamp(facts.now), completed: undefined, failed: undefined },
    says: [{ type: "Normal", reason: "Migrating", message }],
    againMs: transferMs(facts.instance),
  };
}

/** One step of a live migration. */
export function stepMigration(facts: MigrationFacts): MigrationStep {
  const { migration, instance } = facts;
  if (migration.metadata.deletionTimestamp !== undefined) return abort(facts);
  if (isOver(migration)) return {};
  const phase = textAt(migration, "status", "phase");
  if (
    instance === undefined ||
    phaseOf(instance) !== "Running" ||
    instance.metadata.deletionTimestamp !== undefined
  )
    return failure(facts, "VMI is not running");
  switch (phase) {
    case undefined:
      return { phase: "Pending", againMs: durations.migrationStep };
    case "Pending":
      return facts.rival === undefined
        ? { phase: "Scheduling", againMs: durations.notice }
        : { againMs: durations.scheduleRetry };
    case "Scheduling":
      return schedule(facts);
    case "Running":
      return transfer(facts);
    default:
      return next(facts, phase);
  }
}
