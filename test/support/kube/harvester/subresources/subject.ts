import type { KubeObject, SimRequest, World } from "../../words.ts";
import { kindIn } from "../controllers/kinds.ts";
import { phaseOf } from "../machines/instance-status.rules.ts";
import { cannot, noSuch } from "./refusals.ts";

/** What a call is about. */
export interface Subject {
  readonly world: World;
  readonly namespace: string;
  readonly name: string;
}

export function subjectOf({ world, params }: Pick<SimRequest, "world" | "params">): Subject {
  return { world, namespace: params["namespace"] ?? "", name: params["name"] ?? "" };
}

/** @throws StatusError 404 */
export function mustFindMachine({ world, namespace, name }: Subject): KubeObject {
  const machine = world.store.find(kindIn(world, "virtualMachine"), namespace, name);
  if (machine === undefined) throw noSuch("virtualmachine", name);
  return machine;
}

export function findInstance({ world, namespace, name }: Subject): KubeObject | undefined {
  return world.store.find(kindIn(world, "instance"), namespace, name);
}

/** @throws StatusError 404 */
export function mustFindInstance(subject: Subject): KubeObject {
  const instance = findInstance(subject);
  if (instance === undefined) throw noSuch("virtualmachineinstance", subject.name);
  return instance;
}

/** @throws StatusError 404, 409 */
export function mustRun(subject: Subject, why = "VMI is not running"): KubeObject {
  const instance = mustFindInstance(subject);
  if (phaseOf(instance) !== "Running") throw cannot("virtualmachineinstance", subject.name, why);
  return instance;
}
