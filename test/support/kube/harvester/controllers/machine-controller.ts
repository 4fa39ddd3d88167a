import type { KubeObject, World } from "../../words.ts";
import { fieldsAt } from "../machines/fields.ts";
import { claimsOf, instanceFor } from "../machines/instance-spec.rules.ts";
import { type MachineStep, stepMachine } from "../machines/machine.rules.ts";
import { machineStatus } from "../machines/machine-status.rules.ts";
import { claimsState } from "./claims.ts";
import { emit } from "./emit.ts";
import { instanceFinalizer } from "./instance-controller.ts";
import { kindIn, watched } from "./kinds.ts";
import { liveUpdate } from "./live-update.ts";
import { ownersOf, provideClaims, removeClaimsOf } from "./machine-claims.ts";
import { make, ownedBy } from "./make.ts";
import { quotaRefusal } from "./quota.ts";
import { editIfChanged, type Key, keyOf, reconciler } from "./reconciler.ts";
import { migrateStorage } from "./storage-migration.ts";

const component = "virtualmachine-controller";
const machineFinalizer = "kubevirt.io/virtualMachineControllerFinalize";

function start(world: World, machine: KubeObject, paused: boolean): void {
  const { labels, annotations, spec } = instanceFor(machine);
  make(
    world,
    "instance",
    {
      name: machine.metadata.name,
      namespace: machine.metadata.namespace,
      labels,
      annotations,
      finalizers: [instanceFinalizer],
      ownerReferences: [ownedBy(machine)],
    },
    { spec: paused ? { ...spec, startStrategy: "Paused" } : spec },
  );
}

function writeStatus(world: World, key: Key, step: MachineStep): void {
  const instance = world.store.find(kindIn(world, "instance"), key.namespace, key.name);
  const claims = (machine: KubeObject) =>
    claimsState(world, key.namespace, fieldsAt(machine, "spec", "template", "spec"));
  editIfChanged(world.store, kindIn(world, "virtualMachine"), key, (machine) => {
    if (step.runStrategy !== undefined)
      machine["spec"] = { ...fieldsAt(machine, "spec"), runStrategy: step.runStrategy };
    machine["status"] = { ...fieldsAt(machine, "status"), ...step.status };
    machine["status"] = machineStatus({ machine, instance, claims: claims(machine), now: world.clock.now() });
  });
}

/** A machine that was deleted goes when its guest is gone, and takes the disks with it that it was told to. */
function finish(world: World, key: Key, machine: KubeObject): void {
  removeClaimsOf(world, machine);
  editIfChanged(world.store, kindIn(world, "virtualMachine"), key, ({ metadata }) => {
    metadata.finalizers = (metadata.finalizers ?? []).filter((one) => one !== machineFinalizer);
  });
}

function adopt(world: World, key: Key): void {
  editIfChanged(world.store, kindIn(world, "virtualMachine"), key, ({ metadata }) => {
    if (metadata.deletionTimestamp === undefined && !(metadata.finalizers ?? []).includes(machineFinalizer))
      metadata.finalizers = [...(metadata.finalizers ?? []), machineFinalizer];
  });
}

const refusalAnnotation = "harvesterhci.io/insufficient-resource-quota";
const quotaRetryMs = 10_000;

/** Harvester's own word on a machine that its namespace's quota does not let start. */
function tellRefusal(world: World, key: Key, refusal: string | undefined): void {
  editIfChanged(world.store, kindIn(world, "virtualMachine"), key, ({ metadata }) => {
    const { [refusalAnnotation]: _before, ...others } = metadata.annotations ?? {};
    metadata.annotations = refusal === undefined ? others : { ...others, [refusalAnnotation]: refusal };
  });
}

function carryOut(world: World, key: Key, machine: KubeObject, step: MachineStep): number | undefined {
  if (step.create !== undefined) {
    const refusal = quotaRefusal(world, machine);
    if (refusal !== undefined) {
      const message = `Error creating virtual machine instance: ${refusal}`;
      emit(world, machine, { type: "Warning", reason: "FailedCreate", message }, component);
      tellRefusal(world, key, refusal);
      writeStatus(world, key, { status: {}, says: [] });
      return quotaRetryMs;
    }
    tellRefusal(world, key, undefined);
    start(world, machine, step.create.paused);
  }
  if (step.remove === true) world.store.delete(kindIn(world, "instance"), key.namespace, key.name);
  for (const said of step.says) emit(world, machine, said, component);
  writeStatus(world, key, step);
  return step.againMs;
}

/** The machines whose disks a claim is among: those that it says it is owned by, else whoever names it. */
function machinesOf(world: World, claim: KubeObject): Key[] {
  const { namespace, name } = claim.metadata;
  const owners = ownersOf(claim);
  if (owners.length > 0) return owners.map((owner) => ({ namespace, name: owner }));
  return world.store
    .list(kindIn(world, "virtualMachine"), namespace)
    .filter((machine) => claimsOf(fieldsAt(machine, "spec", "template", "spec")).includes(name))
    .map(keyOf);
}

/** Keeps virtual machines as they are asked to be: by making instances, ending them and telling how it goes. */
export const machineController = reconciler({
  name: "virtualmachines",
  watches: [
    watched("virtualMachine"),
    { ...watched("instance"), concerns: ({ object }) => [keyOf(object)] },
    {
      ...watched("claim"),
      concerns: ({ object }, world) => machinesOf(world, object),
    },
  ],
  reconcile(world, key) {
    const machine = world.store.find(kindIn(world, "virtualMachine"), key.namespace, key.name);
    if (machine === undefined) return undefined;
    adopt(world, key);
    provideClaims(world, machine);
    const instance = world.store.find(kindIn(world, "instance"), key.namespace, key.name);
    if (instance !== undefined && instance.metadata.deletionTimestamp === undefined) {
      migrateStorage(world, machine, instance);
      liveUpdate(world, machine, instance);
    }
    const again = carryOut(world, key, machine, stepMachine({ machine, instance, now: world.clock.now() }));
    if (machine.metadata.deletionTimestamp !== undefined && instance === undefined)
      finish(world, key, machine);
    return again;
  },
});
