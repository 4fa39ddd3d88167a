import type { KubeObject, World } from "../../words.ts";
import { at, type Fields, fieldsAt, textAt, textsAt } from "../machines/fields.ts";
import { requestsOf } from "../machines/instance-spec.rules.ts";
import { isOver, type MigrationStep, migrationInPhase, stepMigration } from "../machines/migration.rules.ts";
import { guestNodes } from "../machines/node.rules.ts";
import { type Placement, place } from "../machines/scheduling.rules.ts";
import { emit } from "./emit.ts";
import { kindIn, watched } from "./kinds.ts";
import {
  bindLauncher,
  createLauncher,
  launchersOf,
  nodeOfLauncher,
  refuseLauncher,
  removePod,
} from "./launcher.ts";
import { editIfChanged, type Key, keyOf, reconciler } from "./reconciler.ts";

const component = "virt-controller";
const finalizer = "kubevirt.io/migrationJobFinalize";

function instanceOf(world: World, migration: KubeObject): KubeObject | undefined {
  const name = textAt(migration, "spec", "vmiName");
  return name === undefined
    ? undefined
    : world.store.find(kindIn(world, "instance"), migration.metadata.namespace, name);
}

function targetOf(
  world: World,
  migration: KubeObject,
  instance: KubeObject | undefined,
): KubeObject | undefined {
  if (instance === undefined) return undefined;
  return launchersOf(world, instance).find(
    (pod) => pod.metadata.labels?.["kubevirt.io/migrationJobUID"] === migration.metadata.uid,
  );
}

function placementOf(world: World, migration: KubeObject, instance: KubeObject | undefined): Placement {
  const spec = fieldsAt(instance, "spec");
  const nodeSelector = {
    ...textsAt(spec, "nodeSelector"),
    ...textsAt(migration, "spec", "addedNodeSelector"),
  };
  const from = textAt(instance, "status", "nodeName");
  return place(guestNodes(world.store.list(kindIn(world, "node"))), world.store.list(kindIn(world, "pod")), {
    requests: requestsOf(spec),
    spec: { ...spec, nodeSelector },
    ...(from === undefined ? {} : { notOn: from }),
  });
}

function rivalOf(world: World, migration: KubeObject): string | undefined {
  const name = textAt(migration, "spec", "vmiName");
  return world.store
    .list(kindIn(world, "migration"), migration.metadata.namespace)
    .find(
      (other) =>
        other.metadata.uid !== migration.metadata.uid &&
        textAt(other, "spec", "vmiName") === name &&
        !isOver(other) &&
        !["", "Pending"].includes(textAt(other, "status", "phase") ?? ""),
    )?.metadata.name;
}

const clean = (fields: Fields): Fields =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));

/** What Harvester writes on an instance for its own screens. */
function harvesterWords(
  stored: KubeObject,
  migration: KubeObject,
  step: MigrationStep,
  target: string | undefined,
): void {
  const words: Record<string, string> = { ...stored.metadata.annotations };
  const names = ["migrationUID", "migrationTargetNodeName", "migrationState"].map(
    (one) => `harvesterhci.io/${one}`,
  );
  if (step.end !== undefined) for (const name of names) delete words[name];
  else {
    words["harvesterhci.io/migrationUID"] = migration.metadata.uid;
    words["harvesterhci.io/migrationState"] = step.phase === "Running" ? "Migrating" : "Pending migration";
    if (target !== undefined) words["harvesterhci.io/migrationTargetNodeName"] = target;
  }
  stored.metadata.annotations = words;
}

function tellInstance(world: World, migration: KubeObject, instance: KubeObject, step: MigrationStep): void {
  const target = targetOf(world, migration, instance);
  editIfChanged(world.store, kindIn(world, "instance"), keyOf(instance), (stored) => {
    harvesterWords(stored, migration, step, nodeOfLauncher(target));
    const status = fieldsAt(stored, "status");
    const next = step.state === undefined ? status : { ...status, migrationState: clean(step.state) };
    const node = nodeOfLauncher(target);
    if (step.end !== "succeeded" || node === undefined) {
      stored["status"] = next;
      return;
    }
    const cpu = fieldsAt(stored, "spec", "domain", "cpu");
    const guest = at(stored, "spec", "domain", "memory", "guest");
    stored["status"] = {
      ...next,
      nodeName: node,
      currentCPUTopology: {
        cores: cpu["cores"] ?? 1,
        sockets: cpu["sockets"] ?? 1,
        threads: cpu["threads"] ?? 1,
      },
      ...(guest === undefined
        ? {}
        : {
            memory: {
              guestAtBoot: at(status, "memory", "guestAtBoot"),
              guestCurrent: guest,
              guestRequested: guest,
            },
          }),
    };
    stored.metadata.labels = { ...stored.metadata.labels, "kubevirt.io/nodeName": node };
  });
}

/** After the move the target pod is the launcher; after a failure it goes. */
function tidyPods(
  world: World,
  migration: KubeObject,
  instance: KubeObject,
  end: "succeeded" | "failed",
): void {
  const target = targetOf(world, migration, instance);
  if (target === undefined) return;
  if (end === "failed") {
    removePod(world, target);
    return;
  }
  for (const pod of launchersOf(world, instance))
    if (pod.metadata.uid !== target.metadata.uid) removePod(world, pod);
  world.store.edit(kindIn(world, "pod"), target.metadata.namespace, target.metadata.name, ({ metadata }) => {
    delete metadata.labels?.["kubevirt.io/migrationJobUID"];
  });
}

function carryOut(world: World, key: Key, migration: KubeObject, step: MigrationStep): void {
  const instance = instanceOf(world, migration);
  if (instance !== undefined) {
    if (step.createTarget === true) createLauncher(world, instance, migration.metadata.uid);
    const target = targetOf(world, migration, instance);
    if (target !== undefined && step.bindTo !== undefined) bindLauncher(world, target, step.bindTo);
    if (target !== undefined && step.refusal !== undefined) refuseLauncher(world, target, step.refusal);
    if (step.phase !== undefined) tellInstance(world, migration, instance, step);
    if (step.end !== undefined) tidyPods(world, migration, instance, step.end);
    for (const said of step.says ?? []) emit(world, instance, said, component);
  }
  const { phase } = step;
  editIfChanged(world.store, kindIn(world, "migration"), key, (stored) => {
    const state = step.state === undefined ? undefined : clean(step.state);
    if (phase !== undefined) stored["status"] = migrationInPhase(stored, phase, world.clock.now(), state);
    const finalizers = (stored.metadata.finalizers ?? []).filter((one) => one !== finalizer);
    if (step.release === true) stored.metadata.finalizers = finalizers;
    else if (stored.metadata.deletionTimestamp === undefined)
      stored.metadata.finalizers = [...finalizers, finalizer];
  });
}

/** Moves running guests from node to node. */
export const migrationController = reconciler({
  name: "virtualmachineinstancemigrations",
  watches: [
    watched("migration"),
    {
      ...watched("instance"),
      concerns: ({ object }, world) =>
        world.store
          .list(kindIn(world, "migration"), object.metadata.namespace)
          .filter((one) => textAt(one, "spec", "vmiName") === object.metadata.name && !isOver(one))
          .map(keyOf),
    },
  ],
  reconcile(world, key) {
    const migration = world.store.find(kindIn(world, "migration"), key.namespace, key.name);
    if (migration === undefined) return undefined;
    const instance = instanceOf(world, migration);
    const target = targetOf(world, migration, instance);
    const step = stepMigration({
      migration,
      instance,
      target: target === undefined ? undefined : { name: target.metadata.name, node: nodeOfLauncher(target) },
      placement: () => placementOf(world, migration, instance),
      rival: rivalOf(world, migration),
      now: world.clock.now(),
    });
    carryOut(world, key, migration, step);
    return step.againMs;
  },
});
