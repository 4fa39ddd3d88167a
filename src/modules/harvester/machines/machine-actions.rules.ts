import { type AppError, problem } from "../../../kernel/problem.ts";
import type { MachineState } from "./machine-state.rules.ts";
import { type MachineActions, type MachineVerb, machineVerbs, type Permission } from "./schemas.ts";

/** What must be known of the cluster beside the machine; undefined is not known, and refuses nothing. */
export interface ClusterFacts {
  readonly readyHosts?: number | undefined;
  readonly backupTarget?: boolean | undefined;
  readonly backups?: number | undefined;
  readonly containerizedDataImporter?: boolean | undefined;
}

type Rule = (state: MachineState, facts: ClusterFacts) => string | null;

const over = new Set(["Succeeded", "Failed"]);
const gone = ({ phase }: MachineState) => phase === null || over.has(phase);
const lives = (state: MachineState) => !gone(state);
const byHand = new Set(["Manual", "RerunOnFailure"]);
const notRunning = ({ printed }: MachineState) => `The machine is ${printed}, not Running.`;

/** Why a machine does not take an action now; null when it does (Harvester, pkg/api/vm/formatter). */
const rules: Readonly<Record<MachineVerb, Rule>> = {
  start: (state) => {
    if (state.startPending) return "The machine has been told to start.";
    if (gone(state) || state.phase === "Unknown") return null;
    return `The machine is ${state.printed}; only one that is stopped can start.`;
  },
  stop: (state) => {
    if (state.runStrategy === "Halted" && gone(state)) return "The machine is stopped.";
    if (state.runStrategy === "Halted") return "The machine is being stopped. `forceStop` ends it at once.";
    // One that crashes over and over has no guest at times; it must be possible to end that.
    const isOff = gone(state) && state.printed === "Stopped";
    return byHand.has(state.runStrategy) && isOff ? "The machine is not running." : null;
  },
  forceStop: (state) =>
    state.printed === "Stopping" || (state.runStrategy === "Halted" && lives(state))
      ? null
      : `The machine is ${state.printed}; only one that is being stopped can be cut off.`,
  restart: (state) =>
    state.phase === null || state.runStrategy === "Halted" ? "The machine is not running." : null,
  softReboot: (state) => (state.paused ? "The machine is paused." : pausable(state)),
  pause: (state) => (state.paused ? "The machine is paused already." : pausable(state)),
  unpause: ({ paused }) => (paused ? null : "The machine is not paused."),
  migrate: (state, { readyHosts }) => {
    if (state.phase !== "Running") return notRunning(state);
    if (state.migrating) return "The machine is migrating already.";
    if (readyHosts !== undefined && readyHosts < 2) return "There is no other host that is ready.";
    if (state.migratable) return null;
    return `The machine cannot migrate: ${state.notMigratableBecause ?? "KubeVirt has not said that it can"}.`;
  },
  abortMigration: ({ migrating }) => (migrating ? null : "The machine is not migrating."),
  clone: () => null,
  createTemplate: (state) =>
    state.phase === null || state.phase === "Running" || state.phase === "Succeeded"
      ? null
      : `The machine is ${state.printed}; wait until it runs or is stopped.`,
  addVolume: (state) =>
    gone(state) || state.phase === "Running"
      ? null
      : `The machine is ${state.printed}; wait until it runs or is stopped.`,
  removeVolume: ({ hotplugged }) =>
    hotplugged.length > 0 ? null : "No volume was added to the machine while it ran.",
  ejectCdRom: ({ cdRoms }) => (cdRoms.length > 0 ? null : "The machine has no CD-ROM."),
  backup: (state, { backupTarget, containerizedDataImporter }) => {
    if (backupTarget === false) return "No backup target is set.";
    if (containerizedDataImporter) return "A volume of the machine is not one of Longhorn.";
    return settled(state);
  },
  snapshot: (state) => settled(state),
  restore: (state, { backups }) => {
    if (lives(state)) return "The machine must be stopped first.";
    return backups === 0 ? "The machine has no backup." : null;
  },
  console: (state) => (state.phase === "Running" ? null : notRunning(state)),
  vnc: (state) => (state.phase === "Running" ? null : notRunning(state)),
  update: () => null,
  delete: () => null,
};

function pausable(state: MachineState): string | null {
  if (state.phase !== "Running") return notRunning(state);
  return state.livenessProbe ? "The machine has a liveness probe, which would end it." : null;
}

function settled(state: MachineState): string | null {
  if (state.snapshotInProgress) return "A snapshot of the machine is being made.";
  if (state.phase === null || state.phase === "Running" || state.phase === "Succeeded") return null;
  return `The machine is ${state.printed}; wait until it runs or is stopped.`;
}

/** Whether a machine takes an action now, and if not, why. */
export function permissionOf(verb: MachineVerb, state: MachineState, facts: ClusterFacts = {}): Permission {
  const because = state.deleting ? "The machine is being deleted." : rules[verb](state, facts);
  return because === null ? true : { allowed: false, because };
}

/** The same for every action. */
export function machineActions(state: MachineState, facts: ClusterFacts): MachineActions {
  const entries = machineVerbs.map((verb) => [verb, permissionOf(verb, state, facts)] as const);
  return Object.fromEntries(entries) as MachineActions;
}

/** The refusal of an action that the machine does not take now, or undefined. */
export function refusalOf(
  verb: MachineVerb,
  state: MachineState,
  facts: ClusterFacts = {},
): AppError | undefined {
  const permission = permissionOf(verb, state, facts);
  if (permission === true) return undefined;
  return problem("conflict", "harvester.wrong_state", permission.because, {
    data: { action: verb, state: state.printed, runStrategy: state.runStrategy },
  });
}
