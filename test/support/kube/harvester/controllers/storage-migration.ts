import type { KubeObject, World } from "../../words.ts";
import { fieldsAt, textAt } from "../machines/fields.ts";
import { phaseOf } from "../machines/instance-status.rules.ts";
import { isOver } from "../machines/migration.rules.ts";
import { stepStorage } from "../machines/storage-migration.rules.ts";
import { kindIn } from "./kinds.ts";
import { claimTemplatesOf, templatesAnnotation } from "./machine-claims.ts";
import { editIfChanged, keyOf } from "./reconciler.ts";

function hasOpenMigration(world: World, { metadata: { namespace, name } }: KubeObject): boolean {
  return world.store
    .list(kindIn(world, "migration"), namespace)
    .some((one) => textAt(one, "spec", "vmiName") === name && !isOver(one));
}

/** Moves disks of a running machine to the volumes that its claim templates name as targets. */
export function migrateStorage(world: World, machine: KubeObject, instance: KubeObject): void {
  if (phaseOf(instance) !== "Running") return;
  const claims = kindIn(world, "claim");
  const step = stepStorage({
    machine,
    instance,
    templates: claimTemplatesOf(machine),
    underWay: hasOpenMigration(world, instance),
    isBound: (name) =>
      textAt(world.store.find(claims, machine.metadata.namespace, name), "status", "phase") === "Bound",
  });
  if (step.kind === "none") return;
  editIfChanged(world.store, kindIn(world, "virtualMachine"), keyOf(machine), (stored) => {
    const spec = fieldsAt(stored, "spec");
    if (step.kind === "move") {
      const template = fieldsAt(spec, "template");
      const inner = { ...fieldsAt(template, "spec"), volumes: step.volumes };
      stored["spec"] = {
        ...spec,
        updateVolumesStrategy: "Migration",
        template: { ...template, spec: inner },
      };
      return;
    }
    const { updateVolumesStrategy: _strategy, ...rest } = spec;
    stored["spec"] = rest;
    stored.metadata.annotations = {
      ...stored.metadata.annotations,
      [templatesAnnotation]: JSON.stringify(step.templates),
    };
  });
}
