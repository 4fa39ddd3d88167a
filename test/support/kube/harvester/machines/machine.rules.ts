import type { KubeObject } from "../../words.ts";
import { at, type Fields, fieldsAt, flagAt, itemsAt, numberAt, textAt } from "./fields.ts";
import { isFinal, phaseOf } from "./instance-status.rules.ts";
import type { Said } from "./said.ts";
import { instantOf, stamp } from "./stamp.ts";

export type RunStrategy = "Always" | "RerunOnFailure" | "Manual" | "Halted" | "Once";

export interface MachineFacts {
  readonly machine: KubeObject;
  readonly instance: KubeObject | undefined;
  readonly now: number;
}

/** What the controller of virtual machines does next. */
export interface MachineStep {
  readonly create?: { readonly paused: boolean };
  readonly remove?: boolean;
  readonly runStrategy?: RunStrategy;
  /** Fields of the status beside what is read off the instance; undefined takes one away. */
  readonly status: Fields;
  readonly says: readonly Said[];
  readonly againMs?: number;
}

/** The run strategy; machines of old say `running` instead. */
export function runStrategyOf(machine: unknown): RunStrategy {
  const said = textAt(machine, "spec", "runStrategy");
  switch (said) {
    case "Always":
    case "RerunOnFailure":
    case "Manual":
    case "Halted":
    case "Once":
      return said;
    default:
      return flagAt(machine, "spec", "running") ? "Always" : "Halted";
  }
}

export interface ChangeRequest {
  readonly action: "Start" | "Stop";
  readonly uid?: string;
  readonly paused: boolean;
}

export function requestsIn(machine: unknown): ChangeRequest[] {
  return itemsAt(machine, "status", "stateChangeRequests").map((request) => {
    const uid = textAt(request, "uid");
    return {
      action: request["action"] === "Stop" ? "Stop" : "Start",
      ...(uid === undefined ? {} : { uid }),
      paused: textAt(request, "data", "paused") === "true",
    };
  });
}

/** How long the next start waits after so many failed ones in a row: 10 s, 100 s, then five minutes. */
export function startBackoffMs(failures: number): number {
  return Math.min(10 ** failures, 300) * 1000;
}

function diedEarly(instance: KubeObject): boolean {
  return (
    phaseOf(instance) === "Failed" &&
    !itemsAt(instance, "status", "phaseTransitionTimestamps").some((one) => one["phase"] === "Running")
  );
}

function failureOf(
  machine: unknown,
): { readonly count: number; readonly uid: string; readonly retryAt: number } | undefined {
  const failure = fieldsAt(machine, "status", "startFailure");
  const count = numberAt(failure, "consecutiveFailCount");
  if (count === undefined) return undefined;
  return {
    count,
    uid: textAt(failure, "lastFailedVMIUID") ?? "",
    retryAt: instantOf(failure["retryAfterTimestamp"]) ?? 0,
  };
}

function startFailure({ machine, instance, now }: MachineFacts): Fields | undefined {
  const before = failureOf(machine);
  const kept = at(machine, "status", "startFailure");
  if (instance === undefined)
    return kept === undefined ? undefined : fieldsAt(machine, "status", "startFailure");
  if (phaseOf(instance) === "Running") return undefined;
  if (!diedEarly(instance) || before?.uid === instance.metadata.uid)
    return kept === undefined ? undefined : fieldsAt(machine, "status", "startFailure");
  const count = (before?.count ?? 0) + 1;
  return {
    consecutiveFailCount: count,
    lastFailedVMIUID: instance.metadata.uid,
    retryAfterTimestamp: stamp(now + startBackoffMs(count)),
  };
}

const wasStartedBefore = (machine: unknown, strategy: RunStrategy) =>
  textAt(machine, "status", "runStrategy") === strategy;

const said = (reason: string, message: string): Said => ({ type: "Normal", reason, message });

function started(machine: KubeObject): Said {
  return said(
    "SuccessfulCreate",
    `Started the virtual machine by creating the new virtual machine instance ${machine.metadata.name}`,
  );
}

function stopped(instance: KubeObject): Said {
  return said(
    "SuccessfulDelete",
    `Stopped the virtual machine by deleting the virtual machine instance ${instance.metadata.uid}`,
  );
}

/** Whether an instance that ended is to make room for the next one, or that no machine asks for one. */
function mustGo(facts: MachineFacts, instance: KubeObject): boolean {
  const strategy = runStrategyOf(facts.machine);
  const stop = requestsIn(facts.machine).some(
    ({ action, uid }) => action === "Stop" && uid === instance.metadata.uid,
  );
  if (stop || strategy === "Halted") return true;
  if (!isFinal(instance)) return false;
  if (strategy === "Always") return true;
  if (strategy === "RerunOnFailure") return phaseOf(instance) === "Failed";
  return strategy === "Manual" && requestsIn(facts.machine).some(({ action }) => action === "Start");
}

/** The requests that still stand, and one to start again what failed under RerunOnFailure. */
function standing(facts: MachineFacts, instance: KubeObject, leaves: boolean): Fields[] {
  const all = itemsAt(facts.machine, "status", "stateChangeRequests");
  const kept = all.filter((one) => one["action"] === "Start" || one["uid"] === instance.metadata.uid);
  const told = kept.some((one) => one["action"] === "Stop");
  const again = leaves && !told && runStrategyOf(facts.machine) === "RerunOnFailure";
  return again && phaseOf(instance) === "Failed" && kept.length === 0 ? [{ action: "Start" }] : kept;
}

function withInstance(facts: MachineFacts, instance: KubeObject, failure: Fields | undefined): MachineStep {
  const remove = instance.metadata.deletionTimestamp === undefined && mustGo(facts, instance);
  const requests = standing(facts, instance, remove);
  return {
    ...(remove ? { remove } : {}),
    status: {
      runStrategy: runStrategyOf(facts.machine),
      startFailure: failure,
      stateChangeRequests: requests.length === 0 ? undefined : requests,
    },
    says: remove ? [stopped(instance)] : [],
  };
}

function withoutInstance(facts: MachineFacts, failure: Fields | undefined): MachineStep {
  const { machine, now } = facts;
  const strategy = runStrategyOf(machine);
  const request = requestsIn(machine).find(({ action }) => action === "Start");
  const first = !wasStartedBefore(machine, strategy);
  const wants =
    request !== undefined ||
    strategy === "Always" ||
    ((strategy === "RerunOnFailure" || strategy === "Once") && first);
  const status: Fields = {
    runStrategy: strategy,
    startFailure: wants ? failure : undefined,
    stateChangeRequests: undefined,
  };
  const retryAt = instantOf(failure?.["retryAfterTimestamp"]) ?? 0;
  if (!wants) return { status, says: [] };
  if (now < retryAt) {
    const before = fieldsAt(machine, "status");
    const kept = { runStrategy: before["runStrategy"], stateChangeRequests: before["stateChangeRequests"] };
    return { status: { ...status, ...kept }, says: [], againMs: retryAt - now };
  }
  return {
    create: { paused: request?.paused === true },
    ...(strategy === "Halted" ? { runStrategy: "Always" as const } : {}),
    status: { ...status, runStrategy: strategy === "Halted" ? "Always" : strategy },
    says: [started(machine)],
  };
}

/** One step in the life of a virtual machine: whether an instance is to be made or to go. */
export function stepMachine(facts: MachineFacts): MachineStep {
  const { machine, instance } = facts;
  if (machine.metadata.deletionTimestamp !== undefined) {
    const remove = instance !== undefined && instance.metadata.deletionTimestamp === undefined;
    return { ...(remove ? { remove } : {}), status: {}, says: remove ? [stopped(instance)] : [] };
  }
  const failure = startFailure(facts);
  return instance === undefined ? withoutInstance(facts, failure) : withInstance(facts, instance, failure);
}
