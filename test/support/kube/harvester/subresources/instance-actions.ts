import type { KubeObject } from "../../words.ts";
import { kindIn } from "../controllers/kinds.ts";
import { conditionOf, isTrue, withCondition, withoutCondition } from "../machines/conditions.ts";
import { at, type Fields, fieldsAt, itemsAt } from "../machines/fields.ts";
import { pausedCondition, phaseOf } from "../machines/instance-status.rules.ts";
import { isMigrating } from "../machines/machine-status.rules.ts";
import { stamp } from "../machines/stamp.ts";
import { cannot, internal, notSupported } from "./refusals.ts";
import { mustFindInstance, mustRun, type Subject } from "./subject.ts";

const resource = "virtualmachineinstance";
const isDryRun = (options: Fields) => Array.isArray(options["dryRun"]) && options["dryRun"].includes("All");

function edit({ world, namespace, name }: Subject, change: (instance: KubeObject) => void): void {
  world.store.edit(kindIn(world, "instance"), namespace, name, change);
}

function writeStatus(subject: Subject, more: Fields): void {
  edit(subject, (stored) => {
    const status = { ...fieldsAt(stored, "status"), ...more };
    stored["status"] = Object.fromEntries(Object.entries(status).filter(([, value]) => value !== undefined));
  });
}

/** @throws StatusError 403, 404, 409 */
export function pause(subject: Subject, options: Fields): void {
  const { name, world } = subject;
  const instance = mustRun(subject, "VM is not running");
  if (at(instance, "spec", "livenessProbe") !== undefined)
    throw notSupported(resource, name, "Pausing VMIs with LivenessProbe is currently not supported");
  if (conditionOf(instance, "Paused") !== undefined) throw cannot(resource, name, "VMI is already paused");
  if (isMigrating(instance))
    throw cannot(resource, name, `Cannot pause VM '${name}' because it is currently being migrated`);
  if (isDryRun(options)) return;
  const conditions = withCondition(
    itemsAt(instance, "status", "conditions"),
    pausedCondition,
    world.clock.now(),
  );
  writeStatus(subject, { conditions });
}

/** @throws StatusError 404, 409 */
export function unpause(subject: Subject, options: Fields): void {
  const instance = mustRun(subject);
  if (conditionOf(instance, "Paused") === undefined)
    throw cannot(resource, subject.name, "VMI is not paused");
  if (isDryRun(options)) return;
  writeStatus(subject, { conditions: withoutCondition(itemsAt(instance, "status", "conditions"), "Paused") });
}

/** When the guest last began to run its system anew without the instance having been replaced. */
export const rebootedAnnotation = "sim.maru/rebooted-at";

function reboot(subject: Subject): void {
  edit(subject, (stored) => {
    const rebooted = stamp(subject.world.clock.now());
    stored.metadata.annotations = { ...stored.metadata.annotations, [rebootedAnnotation]: rebooted };
  });
}

/** @throws StatusError 404, 409 */
export function softReboot(subject: Subject): void {
  const instance = mustRun(subject, "VM is not running");
  if (isTrue(instance, "Paused")) throw cannot(resource, subject.name, "VMI is paused");
  const acpi = at(instance, "spec", "domain", "features", "acpi", "enabled");
  if (conditionOf(instance, "AgentConnected") === undefined && acpi === false)
    throw cannot(resource, subject.name, "VMI neither have the agent connected nor the ACPI feature enabled");
  reboot(subject);
}

/** @throws StatusError 404, 500 */
export function reset(subject: Subject): void {
  const phase = phaseOf(mustFindInstance(subject));
  if (phase !== "Running")
    throw internal(
      `Failed to reset non-running VMI with phase ${phase}: Unable to connect to VirtualMachineInstance because phase is ${phase} instead of Running`,
    );
  reboot(subject);
}

/** @throws StatusError 404, 409 */
export function freeze(subject: Subject): void {
  mustRun(subject, "VM is not running");
  writeStatus(subject, { fsFreezeStatus: "frozen" });
}

/** @throws StatusError 404, 409 */
export function unfreeze(subject: Subject): void {
  mustRun(subject);
  writeStatus(subject, { fsFreezeStatus: undefined });
}

/** Takes back that a guest is to leave its node. @throws StatusError 404 */
export function cancelEvacuation(subject: Subject): void {
  mustFindInstance(subject);
  writeStatus(subject, { evacuationNodeName: undefined });
}
