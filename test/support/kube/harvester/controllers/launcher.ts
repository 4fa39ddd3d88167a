import type { KubeObject, World } from "../../words.ts";
import { fieldsAt, textAt } from "../machines/fields.ts";
import { requestsOf } from "../machines/instance-spec.rules.ts";
import { stamp } from "../machines/stamp.ts";
import { emit, shortHash } from "./emit.ts";
import { kindIn } from "./kinds.ts";
import { make, ownedBy } from "./make.ts";

/** The pods in which a guest runs: one, and a second one while it migrates. */
export function launchersOf(world: World, instance: KubeObject): KubeObject[] {
  return world.store
    .list(kindIn(world, "pod"), instance.metadata.namespace)
    .filter((pod) => pod.metadata.labels?.["kubevirt.io/created-by"] === instance.metadata.uid);
}

function launcherName(instance: KubeObject, migration = ""): string {
  return `virt-launcher-${instance.metadata.name}-${shortHash(instance.metadata.uid, migration).slice(0, 5)}`;
}

/** The pod in which the guest runs, or is to run: the first one, unless the guest has moved. */
export function launcherOf(world: World, instance: KubeObject): KubeObject | undefined {
  const first = world.store.find(kindIn(world, "pod"), instance.metadata.namespace, launcherName(instance));
  if (first !== undefined) return first;
  return launchersOf(world, instance).find(
    (pod) => pod.metadata.labels?.["kubevirt.io/migrationJobUID"] === undefined,
  );
}

/** Makes the pod for an instance; `migration` is the uid of the migration that it is the target of. */
export function createLauncher(world: World, instance: KubeObject, migration?: string): KubeObject {
  const name = launcherName(instance, migration);
  const pod = make(
    world,
    "pod",
    {
      name,
      namespace: instance.metadata.namespace,
      labels: {
        "kubevirt.io": "virt-launcher",
        "kubevirt.io/created-by": instance.metadata.uid,
        "vm.kubevirt.io/name": instance.metadata.name,
        "harvesterhci.io/vmName": instance.metadata.name,
        ...(migration === undefined ? {} : { "kubevirt.io/migrationJobUID": migration }),
      },
      annotations: { "kubevirt.io/domain": instance.metadata.name },
      ownerReferences: [ownedBy(instance)],
    },
    {
      spec: {
        restartPolicy: "Never",
        containers: [
          {
            name: "compute",
            image: "registry.suse.com/suse/sles/15.6/virt-launcher:1.4.0",
            resources: { requests: requestsOf(instance["spec"]) },
          },
        ],
      },
      status: { phase: "Pending", qosClass: "Burstable" },
    },
  );
  const message = `Created virtual machine pod ${name}`;
  emit(world, instance, { type: "Normal", reason: "SuccessfulCreate", message }, "virtualmachine-controller");
  return pod;
}

export function bindLauncher(world: World, pod: KubeObject, node: string): void {
  const { namespace, name } = pod.metadata;
  world.store.edit(kindIn(world, "pod"), namespace, name, (stored) => {
    const now = stamp(world.clock.now());
    stored["spec"] = { ...fieldsAt(stored, "spec"), nodeName: node };
    stored["status"] = {
      phase: "Running",
      qosClass: "Burstable",
      startTime: now,
      conditions: [
        { type: "PodScheduled", status: "True", lastTransitionTime: now },
        { type: "Ready", status: "True", lastTransitionTime: now },
      ],
      containerStatuses: [
        {
          name: "compute",
          ready: true,
          started: true,
          restartCount: 0,
          state: { running: { startedAt: now } },
        },
      ],
    };
  });
  const message = `Successfully assigned ${namespace}/${name} to ${node}`;
  emit(world, pod, { type: "Normal", reason: "Scheduled", message }, "default-scheduler");
  log(world, pod, "info", `Connected to libvirt daemon on ${node}`);
}

export function refuseLauncher(world: World, pod: KubeObject, message: string): void {
  const { namespace, name } = pod.metadata;
  const conditions = [{ type: "PodScheduled", status: "False", reason: "Unschedulable", message }];
  world.store.edit(kindIn(world, "pod"), namespace, name, (stored) => {
    stored["status"] = { phase: "Pending", qosClass: "Burstable", conditions };
  });
  emit(world, pod, { type: "Warning", reason: "FailedScheduling", message }, "default-scheduler");
}

/** Takes the pods of an instance away. */
export function removeLaunchers(world: World, instance: KubeObject): void {
  for (const pod of launchersOf(world, instance)) {
    removePod(world, pod);
    const message = `Deleted virtual machine pod ${pod.metadata.name}`;
    emit(
      world,
      instance,
      { type: "Normal", reason: "SuccessfulDelete", message },
      "virtualmachine-controller",
    );
  }
}

export function removePod(world: World, pod: KubeObject): void {
  const kind = kindIn(world, "pod");
  const { namespace, name } = pod.metadata;
  if (world.store.find(kind, namespace, name) !== undefined)
    world.store.delete(kind, namespace, name, { gracePeriodSeconds: 0 });
}

/** A line of the launcher's log. */
export function log(world: World, pod: KubeObject, level: "info" | "warning" | "error", msg: string): void {
  const entry = { component: "virt-launcher", level, msg, timestamp: stamp(world.clock.now()) };
  world.logs.append(pod.metadata.namespace ?? "default", pod.metadata.name, JSON.stringify(entry));
}

export function nodeOfLauncher(pod: KubeObject | undefined): string | undefined {
  return textAt(pod, "spec", "nodeName");
}
