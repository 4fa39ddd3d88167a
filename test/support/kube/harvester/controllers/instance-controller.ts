import type { KubeObject, StoreEvent, World } from "../../words.ts";
import { durations } from "../machines/durations.ts";
import { fieldsAt, textAt } from "../machines/fields.ts";
import { type CrashMode, type InstanceStep, stepInstance } from "../machines/instance.rules.ts";
import { requestsOf } from "../machines/instance-spec.rules.ts";
import { isFinal, phaseOf } from "../machines/instance-status.rules.ts";
import { guestNodes } from "../machines/node.rules.ts";
import { place } from "../machines/scheduling.rules.ts";
import { claimsState } from "./claims.ts";
import { emit } from "./emit.ts";
import { kindIn, watched } from "./kinds.ts";
import {
  bindLauncher,
  createLauncher,
  launcherOf,
  log,
  nodeOfLauncher,
  refuseLauncher,
  removeLaunchers,
} from "./launcher.ts";
import { nodeLostAt } from "./node-state.ts";
import { editIfChanged, type Key, keyOf, reconciler } from "./reconciler.ts";

export const crashAnnotation = "sim.maru/crash";
const component = "virt-handler";

/** What the annotation asks for, on the instance or its machine. */
function crashOf(world: World, instance: KubeObject): CrashMode {
  const machine = world.store.find(
    kindIn(world, "virtualMachine"),
    instance.metadata.namespace,
    instance.metadata.name,
  );
  const told =
    instance.metadata.annotations?.[crashAnnotation] ?? machine?.metadata.annotations?.[crashAnnotation];
  if (told === undefined || told === "false") return undefined;
  return told === "boot" || told === "loop" ? "boot" : told === "shutdown" ? "shutdown" : "once";
}

/** A crash that was asked for once is not asked for again. */
function forgetCrash(world: World, key: Key): void {
  for (const name of ["instance", "virtualMachine"] as const)
    editIfChanged(world.store, kindIn(world, name), key, ({ metadata }) => {
      const told = metadata.annotations?.[crashAnnotation];
      if (told !== "boot" && told !== "loop") delete metadata.annotations?.[crashAnnotation];
    });
}

function nextStep(world: World, instance: KubeObject): InstanceStep {
  const launcher = launcherOf(world, instance);
  const node = textAt(instance, "status", "nodeName");
  return stepInstance({
    instance,
    now: world.clock.now(),
    launcher:
      launcher === undefined ? undefined : { name: launcher.metadata.name, node: nodeOfLauncher(launcher) },
    claims: claimsState(world, instance.metadata.namespace, instance["spec"]),
    placement: () =>
      place(guestNodes(world.store.list(kindIn(world, "node"))), world.store.list(kindIn(world, "pod")), {
        requests: requestsOf(instance["spec"]),
        spec: fieldsAt(instance, "spec"),
      }),
    crash: crashOf(world, instance),
    nodeLostAt: node === undefined ? undefined : nodeLostAt(world, node),
  });
}

function carryOut(world: World, key: Key, instance: KubeObject, step: InstanceStep): void {
  const kind = kindIn(world, "instance");
  if (step.createLauncher === true) createLauncher(world, instance);
  const launcher = launcherOf(world, instance);
  if (launcher !== undefined && step.bindTo !== undefined) bindLauncher(world, launcher, step.bindTo);
  if (launcher !== undefined && step.refusal !== undefined) refuseLauncher(world, launcher, step.refusal);
  const { status } = step;
  if (status !== undefined)
    editIfChanged(world.store, kind, key, (stored) => {
      stored["status"] = status;
      const node = textAt(stored, "status", "nodeName");
      if (node !== undefined)
        stored.metadata.labels = { ...stored.metadata.labels, "kubevirt.io/nodeName": node };
    });
  for (const said of step.says ?? []) {
    emit(world, instance, said, component);
    if (launcher !== undefined)
      log(world, launcher, said.type === "Warning" ? "error" : "info", said.message);
  }
  if (step.crashed === true) {
    removeLaunchers(world, instance);
    forgetCrash(world, key);
  }
  if (step.release === true) {
    removeLaunchers(world, instance);
    editIfChanged(world.store, kind, key, ({ metadata }) => {
      metadata.finalizers = (metadata.finalizers ?? []).filter((one) => one !== instanceFinalizer);
    });
  }
}

export const instanceFinalizer = "foregroundDeleteVirtualMachine";

function instancesOnNode({ object }: StoreEvent, world: World): Key[] {
  return world.store
    .list(kindIn(world, "instance"))
    .filter((one) => {
      const node = textAt(one, "status", "nodeName");
      return node === object.metadata.name || phaseOf(one) === "Scheduling";
    })
    .map(keyOf);
}

/** Runs guests: from pending over a launcher pod on a node to running, and to their end. */
export const instanceController = reconciler({
  name: "virtualmachineinstances",
  watches: [
    watched("instance"),
    { ...watched("virtualMachine"), concerns: ({ object }) => [keyOf(object)] },
    { ...watched("node"), concerns: instancesOnNode },
  ],
  reconcile(world, key) {
    const instance = world.store.find(kindIn(world, "instance"), key.namespace, key.name);
    if (instance === undefined) return undefined;
    if (isFinal(instance) && instance.metadata.deletionTimestamp === undefined) return undefined;
    const step = nextStep(world, instance);
    carryOut(world, key, instance, step);
    return step.againMs ?? (step.status === undefined ? undefined : durations.notice);
  },
});
