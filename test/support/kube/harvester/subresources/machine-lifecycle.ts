import { badRequest } from "../../api-server/status-error.ts";
import type { KubeObject } from "../../words.ts";
import { kindIn } from "../controllers/kinds.ts";
import { removeLaunchers } from "../controllers/launcher.ts";
import { make } from "../controllers/make.ts";
import { conditionOf } from "../machines/conditions.ts";
import { type Fields, fieldsAt, flagAt, itemsAt, numberAt, textAt, textsAt } from "../machines/fields.ts";
import { isFinal, phaseOf } from "../machines/instance-status.rules.ts";
import { type RunStrategy, runStrategyOf } from "../machines/machine.rules.ts";
import { isOver } from "../machines/migration.rules.ts";
import { cannot, internal } from "./refusals.ts";
import { findInstance, mustFindInstance, mustFindMachine, type Subject } from "./subject.ts";

const isDryRun = (options: Fields) => Array.isArray(options["dryRun"]) && options["dryRun"].includes("All");

function setRunning({ world, namespace, name }: Subject, running: boolean): void {
  world.store.edit(kindIn(world, "virtualMachine"), namespace, name, (stored) => {
    const spec = fieldsAt(stored, "spec");
    stored["spec"] =
      spec["runStrategy"] === undefined && spec["running"] !== undefined
        ? { ...spec, running }
        : { ...spec, runStrategy: running ? "Always" : "Halted" };
  });
}

/** Leaves requests for the controller of virtual machines. @throws StatusError 500 when some are under way */
function request(subject: Subject, machine: KubeObject, changes: readonly Fields[]): void {
  const onlyStop = changes.length === 1 && changes[0]?.["action"] === "Stop";
  if (itemsAt(machine, "status", "stateChangeRequests").length > 0 && !onlyStop)
    throw internal("unable to complete request: stop/start already underway");
  const { world, namespace, name } = subject;
  world.store.edit(kindIn(world, "virtualMachine"), namespace, name, (stored) => {
    const { startFailure: _failure, ...status } = fieldsAt(stored, "status");
    stored["status"] = { ...status, stateChangeRequests: changes };
  });
}

function mustBeStartable(name: string, strategy: RunStrategy, instance: KubeObject | undefined): void {
  const phase = instance === undefined ? "" : phaseOf(instance);
  if (instance !== undefined && !isFinal(instance) && phase !== "Unknown" && phase !== "")
    throw cannot("virtualmachine", name, "VM is already running");
  if (strategy === "Always" || strategy === "Once")
    throw cannot("virtualmachine", name, `${strategy} does not support manual start requests`);
  if (strategy === "RerunOnFailure" && phase === "Failed")
    throw cannot("virtualmachine", name, "RerunOnFailure does not support starting VM from failed state");
}

/** @throws StatusError 404, 409, 500 */
export function startMachine(subject: Subject, options: Fields): void {
  const machine = mustFindMachine(subject);
  const instance = findInstance(subject);
  const strategy = runStrategyOf(machine);
  mustBeStartable(subject.name, strategy, instance);
  if (isDryRun(options)) return;
  const paused = flagAt(options, "paused");
  if (strategy === "Halted" && !paused) {
    setRunning(subject, true);
    return;
  }
  const start: Fields = { action: "Start", ...(paused ? { data: { paused: "true" } } : {}) };
  const ended = instance !== undefined && isFinal(instance);
  request(subject, machine, ended ? [{ action: "Stop", uid: instance.metadata.uid }, start] : [start]);
}

function shortenGrace({ world, namespace, name }: Subject, grace: number): void {
  world.store.edit(kindIn(world, "instance"), namespace, name, (stored) => {
    stored["spec"] = { ...fieldsAt(stored, "spec"), terminationGracePeriodSeconds: grace };
  });
}

/** @throws StatusError 404, 409 */
export function stopMachine(subject: Subject, options: Fields): void {
  const machine = mustFindMachine(subject);
  const instance = findInstance(subject);
  const strategy = runStrategyOf(machine);
  const grace = numberAt(options, "gracePeriod");
  const alive = instance !== undefined && !isFinal(instance);
  const halts = strategy === "Always" || strategy === "Once";
  if (!alive && !halts) throw cannot("virtualmachine", subject.name, "VM is not running");
  const before = numberAt(instance, "spec", "terminationGracePeriodSeconds");
  if (strategy === "Halted" && (grace === undefined || (before !== undefined && grace >= before)))
    throw cannot(
      "virtualmachine",
      subject.name,
      "Halted only supports manual stop requests with a shorter graceperiod",
    );
  if (isDryRun(options)) return;
  if (alive && grace !== undefined) shortenGrace(subject, grace);
  if (halts) setRunning(subject, false);
  else request(subject, machine, [{ action: "Stop", uid: instance?.metadata.uid }]);
}

/** @throws StatusError 400, 404, 409, 500 */
export function restartMachine(subject: Subject, options: Fields): void {
  const grace = numberAt(options, "gracePeriodSeconds");
  if (grace !== undefined && grace > 0)
    throw badRequest("For force restart, only gracePeriod=0 is supported for now");
  if (grace !== undefined && grace < 0) throw badRequest("gracePeriod has to be greater or equal to 0");
  const machine = mustFindMachine(subject);
  const strategy = runStrategyOf(machine);
  if (strategy === "Halted" || strategy === "Once")
    throw cannot(
      "virtualmachine",
      subject.name,
      `RunStategy ${strategy} does not support manual restart requests`,
    );
  const instance = findInstance(subject);
  if (instance === undefined) throw cannot("virtualmachine", subject.name, "VM is not running: Halted");
  if (isDryRun(options)) return;
  if (grace === 0) {
    shortenGrace(subject, 0);
    removeLaunchers(subject.world, instance);
  }
  request(subject, machine, [{ action: "Stop", uid: instance.metadata.uid }, { action: "Start" }]);
}

const webhook = 'admission webhook "migration-create-validator.kubevirt.io" denied the request';

/** @throws StatusError 404, 409, 500 */
export function migrateMachine(subject: Subject, options: Fields): void {
  mustFindMachine(subject);
  const instance = mustFindInstance(subject);
  const { world, namespace, name } = subject;
  if (phaseOf(instance) !== "Running") throw cannot("virtualmachine", name, "VM is not running");
  const live = conditionOf(instance, "LiveMigratable");
  if (live?.["status"] === "False")
    throw internal(
      `${webhook}: Cannot migrate VMI, Reason: ${textAt(live, "reason")}, Message: ${textAt(live, "message")}`,
    );
  const other = world.store
    .list(kindIn(world, "migration"), namespace)
    .find((one) => textAt(one, "spec", "vmiName") === name && !isOver(one));
  if (other !== undefined)
    throw internal(
      `${webhook}: in-flight migration detected. Active migration job (${other.metadata.uid}) is currently already in progress for VMI ${name}.`,
    );
  if (isDryRun(options)) return;
  const selector = textsAt(options, "addedNodeSelector");
  make(
    world,
    "migration",
    { generateName: "kubevirt-migrate-vm-", namespace },
    { spec: { vmiName: name, ...(Object.keys(selector).length > 0 ? { addedNodeSelector: selector } : {}) } },
  );
}
