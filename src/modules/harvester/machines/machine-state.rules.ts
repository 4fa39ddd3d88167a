import { conditionOf, fieldAt, flagAt, listAt, textAt } from "../kube/fields.rules.ts";
import type { KubeObject } from "../kube/object.ts";

/** What a machine and its instance say of their state, in the words that decisions are made in. */
export interface MachineState {
  /** `status.printableStatus` of KubeVirt. */
  readonly printed: string;
  readonly runStrategy: string;
  readonly deleting: boolean;
  /** The phase of the instance; null without one. */
  readonly phase: string | null;
  readonly paused: boolean;
  readonly startPending: boolean;
  readonly livenessProbe: boolean;
  readonly migratable: boolean;
  readonly notMigratableBecause: string | null;
  readonly migrating: boolean;
  readonly snapshotInProgress: boolean;
  readonly cdRoms: readonly string[];
  readonly hotplugged: readonly string[];
}

/** `spec.runStrategy`, or what the older `spec.running` means. */
export function runStrategyOf(machine: KubeObject): string {
  return textAt(machine, "spec", "runStrategy") ?? (flagAt(machine, "spec", "running") ? "Always" : "Halted");
}

export function machineStateOf(
  machine: KubeObject,
  instance: KubeObject | undefined,
  migrations: readonly KubeObject[] = [],
): MachineState {
  const phase = instance === undefined ? null : (textAt(instance, "status", "phase") ?? "Pending");
  const migratable = conditionOf(instance, "LiveMigratable");
  const migration = fieldAt(instance, "status", "migrationState");
  const spec = fieldAt(machine, "spec", "template", "spec");
  const running = migration !== undefined && migration !== null;
  return {
    printed: textAt(machine, "status", "printableStatus") ?? "Unknown",
    runStrategy: runStrategyOf(machine),
    deleting: machine.metadata.deletionTimestamp !== undefined,
    phase,
    paused:
      conditionOf(instance, "Paused")?.status === "True" || conditionOf(machine, "Paused")?.status === "True",
    startPending: listAt(machine, "status", "stateChangeRequests").some(
      (one) => textAt(one, "action") === "Start",
    ),
    livenessProbe: fieldAt(spec, "livenessProbe") !== undefined,
    migratable: migratable?.status === "True",
    notMigratableBecause: migratable?.status === "True" ? null : (migratable?.message ?? null),
    migrating:
      migrationUnderWay(migrations, machine.metadata.name) !== undefined ||
      (running && !flagAt(migration, "completed") && !flagAt(migration, "failed")),
    snapshotInProgress: textAt(machine, "status", "snapshotInProgress") !== null,
    cdRoms: listAt(spec, "domain", "devices", "disks").flatMap((disk) => {
      const name = textAt(disk, "name");
      return name !== null && fieldAt(disk, "cdrom") !== undefined ? [name] : [];
    }),
    hotplugged: listAt(spec, "volumes").flatMap((volume) => {
      const name = textAt(volume, "name");
      const hot =
        flagAt(volume, "persistentVolumeClaim", "hotpluggable") ??
        flagAt(volume, "dataVolume", "hotpluggable");
      return name !== null && hot ? [name] : [];
    }),
  };
}

const over = new Set(["Succeeded", "Failed"]);

/** The migration of a machine that has not ended. */
export function migrationUnderWay(migrations: readonly KubeObject[], name: string): KubeObject | undefined {
  return migrations.find(
    (one) =>
      textAt(one, "spec", "vmiName") === name &&
      one.metadata.deletionTimestamp === undefined &&
      !over.has(textAt(one, "status", "phase") ?? ""),
  );
}
