import type { KubeObject } from "../../words.ts";
import { type Fields, itemsAt, textAt } from "./fields.ts";

export const drainRequested = "harvesterhci.io/drain-requested";
export const drainForced = "harvesterhci.io/drain-forced";
export const maintainStatus = "harvesterhci.io/maintain-status";
export const strategyLabel = "harvesterhci.io/maintain-mode-strategy";
export const stoppedOnAnnotation = "harvesterhci.io/maintain-mode-strategy-node-name";

export type Strategy =
  | "Migrate"
  | "ShutdownAndRestartAfterEnable"
  | "ShutdownAndRestartAfterDisable"
  | "Shutdown";

export interface Guest {
  readonly name: string;
  readonly namespace: string | undefined;
  readonly strategy: Strategy;
  readonly live: boolean;
  readonly migrating: boolean;
  readonly leaving: boolean;
}

export interface MaintenanceFacts {
  readonly node: KubeObject;
  /** Guests that the node runs. */
  readonly guests: readonly Guest[];
}

export interface MaintenanceStep {
  readonly begin?: boolean;
  readonly complete?: boolean;
  readonly migrate: readonly Guest[];
  readonly stop: readonly Guest[];
}

export function strategyOf(machine: unknown): Strategy {
  const said = textAt(machine, "metadata", "labels", strategyLabel);
  return said === "Shutdown" ||
    said === "ShutdownAndRestartAfterEnable" ||
    said === "ShutdownAndRestartAfterDisable"
    ? said
    : "Migrate";
}

/** One look at a node on its way into maintenance: where its guests go, and whether it is done. */
export function stepMaintenance({ node, guests }: MaintenanceFacts): MaintenanceStep {
  const words = node.metadata.annotations ?? {};
  const status = words[maintainStatus];
  const none: MaintenanceStep = { migrate: [], stop: [] };
  if (status === undefined) return words[drainRequested] === "true" ? { ...none, begin: true } : none;
  if (status !== "running") return none;
  if (guests.length === 0) return { ...none, complete: true };
  const forced = words[drainForced] === "true";
  const staying = guests.filter((guest) => !guest.leaving);
  return {
    migrate: staying.filter((guest) => guest.strategy === "Migrate" && guest.live && !guest.migrating),
    stop: staying.filter((guest) => guest.strategy !== "Migrate" || (!guest.live && forced)),
  };
}

const drainTaint: Fields = { key: "kubevirt.io/drain", value: "draining", effect: "NoSchedule" };

/** The taints of a node with, or without, that of a drain. */
export function withDrainTaint(node: unknown, present: boolean): Fields[] {
  const others = itemsAt(node, "spec", "taints").filter((one) => one["key"] !== drainTaint["key"]);
  return present ? [...others, drainTaint] : others;
}
