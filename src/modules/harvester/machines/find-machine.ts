import { AppError } from "../../../kernel/problem.ts";
import type { Kube } from "../kube/kube.ts";
import { listAll } from "../kube/list-all.ts";
import type { KubeObject } from "../kube/object.ts";
import { orHidden } from "../kube/or-hidden.ts";
import { type Group, pathOf } from "../kube/paths.rules.ts";
import { refusalOf } from "./machine-actions.rules.ts";
import { type MachineState, machineStateOf } from "./machine-state.rules.ts";
import type { MachineVerb } from "./schemas.ts";

export interface MachineAt {
  readonly id: string;
  readonly namespace: string;
  readonly name: string;
}

/** What events about machines are about. */
export const machineKind = "virtualmachines";

export const machinePath = ({ namespace, name }: { namespace: string; name?: string }): string =>
  pathOf("kubevirt", "virtualmachines", { namespace, name });

export const instancePath = ({ namespace, name }: { namespace: string; name?: string }): string =>
  pathOf("kubevirt", "virtualmachineinstances", { namespace, name });

export const migrationPath = (namespace: string, name?: string): string =>
  pathOf("kubevirt", "virtualmachineinstancemigrations", { namespace, name });

/** A subresource of a machine or of its instance, where KubeVirt takes orders. */
export const orderPath = (
  plural: "virtualmachines" | "virtualmachineinstances",
  { namespace, name }: MachineAt,
  ...sub: readonly string[]
): string => pathOf("kubevirtSub" satisfies Group, plural, { namespace, name, sub });

export interface FoundMachine {
  readonly machine: KubeObject;
  readonly instance: KubeObject | undefined;
  readonly state: MachineState;
}

/** A machine and what runs of it. @throws not_found `harvester.unknown` */
export async function mustFindMachine(kube: Kube, at: MachineAt): Promise<FoundMachine> {
  const [machine, instance, migrations] = await Promise.all([
    kube.get(machinePath(at)),
    kube.find(instancePath(at)),
    orHidden(listAll(kube, migrationPath(at.namespace))),
  ]);
  return { machine, instance, state: machineStateOf(machine, instance, migrations) };
}

/**
 * The same when the machine takes an action now. With `mayWait`, a cluster that no agent is connected to gives nothing
 * instead of a problem: the command goes into the queue unseen.
 * @throws conflict `harvester.wrong_state`
 */
export async function mustTake(
  kube: Kube,
  at: MachineAt,
  verb: MachineVerb,
  mayWait = false,
): Promise<FoundMachine | undefined> {
  const found = mayWait ? await unlessOffline(mustFindMachine(kube, at)) : await mustFindMachine(kube, at);
  const refusal = found === undefined ? undefined : refusalOf(verb, found.state);
  if (refusal) throw refusal;
  return found;
}

/** What can be read, or undefined while no agent of the cluster is connected. */
export async function unlessOffline<T>(read: Promise<T>): Promise<T | undefined> {
  try {
    return await read;
  } catch (error) {
    if (error instanceof AppError && error.failure.code === "clusters.offline") return undefined;
    throw error;
  }
}

/** The instances of machines that run, by `namespace/name`: of one namespace, or of those that the machines are in. */
export async function instancesOf(
  kube: Kube,
  machines: readonly KubeObject[],
): Promise<ReadonlyMap<string, KubeObject>> {
  const namespaces = new Set(machines.flatMap(({ metadata }) => metadata.namespace ?? []));
  const lists = await Promise.all(
    [...namespaces].map((namespace) => orHidden(listAll(kube, instancePath({ namespace })))),
  );
  return new Map(
    lists.flatMap((list) =>
      (list ?? []).map((one) => [`${one.metadata.namespace}/${one.metadata.name}`, one] as const),
    ),
  );
}
