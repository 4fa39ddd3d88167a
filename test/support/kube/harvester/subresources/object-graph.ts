import { kindIn } from "../controllers/kinds.ts";
import { launcherOf } from "../controllers/launcher.ts";
import { type Fields, fieldsAt } from "../machines/fields.ts";
import { claimsOf } from "../machines/instance-spec.rules.ts";
import { findInstance, mustFindInstance, mustFindMachine, type Subject } from "./subject.ts";

const reference = (
  apiGroup: string,
  kind: string,
  namespace: string,
  name: string,
  children: Fields[] = [],
): Fields => ({
  objectReference: { apiGroup, kind, namespace, name },
  ...(children.length === 0 ? {} : { children }),
});

function belowInstance(subject: Subject): Fields[] {
  const instance = findInstance(subject);
  const launcher = instance === undefined ? undefined : launcherOf(subject.world, instance);
  return launcher === undefined ? [] : [reference("", "Pod", subject.namespace, launcher.metadata.name)];
}

function claims({ world, namespace }: Subject, spec: Fields): Fields[] {
  return claimsOf(spec)
    .filter((name) => world.store.find(kindIn(world, "claim"), namespace, name) !== undefined)
    .map((name) => reference("", "PersistentVolumeClaim", namespace, name));
}

/** What hangs together with a machine. @throws StatusError 404 */
export function machineGraph(subject: Subject): Fields {
  const spec = fieldsAt(mustFindMachine(subject), "spec", "template", "spec");
  const { namespace, name } = subject;
  const instance =
    findInstance(subject) === undefined
      ? []
      : [reference("kubevirt.io", "virtualmachineinstances", namespace, name, belowInstance(subject))];
  return reference("kubevirt.io", "virtualmachines", namespace, name, [
    ...instance,
    ...claims(subject, spec),
  ]);
}

/** @throws StatusError 404 */
export function instanceGraph(subject: Subject): Fields {
  const spec = fieldsAt(mustFindInstance(subject), "spec");
  const { namespace, name } = subject;
  return reference("kubevirt.io", "virtualmachineinstances", namespace, name, [
    ...belowInstance(subject),
    ...claims(subject, spec),
  ]);
}
