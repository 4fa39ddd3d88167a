import type { KubeObject, World } from "../../words.ts";
import { isTrue } from "../machines/conditions.ts";
import { durations } from "../machines/durations.ts";
import { fieldsAt, textAt } from "../machines/fields.ts";
import { isFinal } from "../machines/instance-status.rules.ts";
import { runStrategyOf } from "../machines/machine.rules.ts";
import {
  drainForced,
  drainRequested,
  type Guest,
  type MaintenanceStep,
  maintainStatus,
  stepMaintenance,
  stoppedOnAnnotation,
  strategyOf,
  withDrainTaint,
} from "../machines/maintenance.rules.ts";
import { isOver } from "../machines/migration.rules.ts";
import { kindIn, watched } from "./kinds.ts";
import { make } from "./make.ts";
import { editIfChanged, type Key, reconciler } from "./reconciler.ts";

const runStrategyAnnotation = "harvesterhci.io/vmRunStrategy";

function guestsOn(world: World, node: string): Guest[] {
  const migrations = world.store.list(kindIn(world, "migration")).filter((one) => !isOver(one));
  return world.store
    .list(kindIn(world, "instance"))
    .filter((one) => textAt(one, "status", "nodeName") === node && !isFinal(one))
    .map((one) => {
      const { name, namespace } = one.metadata;
      return {
        name,
        namespace,
        strategy: strategyOf(world.store.find(kindIn(world, "virtualMachine"), namespace, name)),
        live: isTrue(one, "LiveMigratable"),
        migrating: migrations.some(
          (other) => other.metadata.namespace === namespace && textAt(other, "spec", "vmiName") === name,
        ),
        leaving: one.metadata.deletionTimestamp !== undefined,
      };
    });
}

function stop(world: World, node: string, { namespace, name }: Guest): void {
  editIfChanged(world.store, kindIn(world, "virtualMachine"), { namespace, name }, (machine) => {
    const strategy = runStrategyOf(machine);
    if (strategy === "Halted") return;
    machine.metadata.annotations = {
      ...machine.metadata.annotations,
      [stoppedOnAnnotation]: node,
      [runStrategyAnnotation]: strategy,
    };
    machine["spec"] = { ...fieldsAt(machine, "spec"), runStrategy: "Halted" };
  });
}

/** Starts again, elsewhere, what was to be down only while the node went into maintenance. */
function restart(world: World, node: string): void {
  for (const machine of world.store.list(kindIn(world, "virtualMachine"))) {
    const words = machine.metadata.annotations ?? {};
    if (words[stoppedOnAnnotation] !== node || strategyOf(machine) !== "ShutdownAndRestartAfterEnable")
      continue;
    const { namespace, name } = machine.metadata;
    editIfChanged(world.store, kindIn(world, "virtualMachine"), { namespace, name }, (stored) => {
      delete stored.metadata.annotations?.[stoppedOnAnnotation];
      stored["spec"] = {
        ...fieldsAt(stored, "spec"),
        runStrategy: words[runStrategyAnnotation] ?? "RerunOnFailure",
      };
    });
  }
}

function mark(world: World, key: Key, step: MaintenanceStep): void {
  editIfChanged(world.store, kindIn(world, "node"), key, (node) => {
    const words = { ...node.metadata.annotations };
    if (step.begin === true) {
      words[maintainStatus] = "running";
      node["spec"] = { ...fieldsAt(node, "spec"), unschedulable: true, taints: withDrainTaint(node, true) };
    }
    if (step.complete === true) {
      words[maintainStatus] = "completed";
      delete words[drainRequested];
      delete words[drainForced];
    }
    node.metadata.annotations = words;
  });
}

/** A node whose maintenance was ended takes guests again. */
function reopen(world: World, key: Key, node: KubeObject): void {
  const drained =
    JSON.stringify(withDrainTaint(node, false)) !== JSON.stringify(fieldsAt(node, "spec")["taints"] ?? []);
  if (!drained) return;
  editIfChanged(world.store, kindIn(world, "node"), key, (stored) => {
    const { unschedulable: _closed, taints: _taints, ...spec } = fieldsAt(stored, "spec");
    const taints = withDrainTaint(stored, false);
    stored["spec"] = taints.length === 0 ? spec : { ...spec, taints };
  });
}

/** Brings nodes into maintenance: guests move away or stop, by their own strategies. */
export const maintenanceController = reconciler({
  name: "node-maintenance",
  watches: [
    watched("node"),
    {
      ...watched("instance"),
      concerns: ({ object, old }) =>
        [object, old].flatMap((one) => {
          const name = textAt(one, "status", "nodeName");
          return name === undefined ? [] : [{ namespace: undefined, name }];
        }),
    },
  ],
  reconcile(world, key) {
    const node = world.store.find(kindIn(world, "node"), undefined, key.name);
    if (node === undefined) return undefined;
    const step = stepMaintenance({ node, guests: guestsOn(world, key.name) });
    mark(world, key, step);
    for (const guest of step.stop) stop(world, key.name, guest);
    for (const { namespace, name } of step.migrate)
      make(
        world,
        "migration",
        { generateName: "kubevirt-evacuation-", namespace },
        { spec: { vmiName: name } },
      );
    if (step.complete === true) restart(world, key.name);
    const status = node.metadata.annotations?.[maintainStatus];
    if (status === undefined && step.begin !== true) reopen(world, key, node);
    return status === "running" || step.begin === true ? durations.scheduleRetry : undefined;
  },
});
