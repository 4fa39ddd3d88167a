import type { Ctx } from "../../../kernel/context.ts";
import { AppError, problem, toFailure } from "../../../kernel/problem.ts";
import { isUnknown, type Kube } from "../kube/kube.ts";
import type { KubeObject } from "../kube/object.ts";
import { pathOf, stevePath } from "../kube/paths.rules.ts";
import {
  type BuiltMachine,
  buildMachine,
  machineNames,
  madeClaimsOf,
  ownedBy,
} from "./build-machine.rules.ts";
import { withKeys } from "./cloud-init.rules.ts";
import { machinePath } from "./find-machine.ts";
import type { MachineDraft } from "./machine-draft.ts";
import { objectChecks } from "./preflight.rules.ts";
import type { DraftFacts } from "./preflight-facts.ts";
import { disksOf } from "./read-disks.rules.ts";

export interface MadeMachine {
  readonly commandId: string;
  readonly object: KubeObject;
}

/** Where in the draft the fields of a machine come from. */
const pointers = {
  "metadata.name": "/name",
  "metadata.labels": "/labels",
  "spec.runStrategy": "/runStrategy",
  "spec.template.spec.nodeSelector": "/nodeSelector",
  "spec.template.spec.networks": "/networks",
  "spec.template.spec.domain.devices.interfaces": "/networks",
  "spec.template.spec.domain.devices.disks": "/disks",
  "spec.template.spec.volumes": "/disks",
  "spec.template.spec.domain.cpu": "/cpu",
  "spec.template.spec.domain.memory": "/memory",
  "spec.template.spec.domain.resources.limits.cpu": "/cpu",
  "spec.template.spec.domain.resources.limits.memory": "/memory",
};

/** Refuses a draft that refers to what isn't there or isn't ready, with every wrong field. */
export function mustBePossible(draft: MachineDraft, facts: DraftFacts): void {
  const wrong = objectChecks(draft, facts).filter(({ status }) => status === "fail");
  const [first] = wrong;
  if (first === undefined) return;
  const errors = wrong.map(({ check, message, pointer }) => ({
    pointer: pointer ?? "",
    code: check,
    message,
  }));
  if (first.check === "name" && facts.taken.length > 0)
    throw problem("conflict", "harvester.name_taken", first.message, { errors });
  throw problem("invalid_input", "harvester.draft_impossible", first.message, { errors });
}

/** The machines of a draft, built but not made. `suffix` gives each a text that makes names its own. */
export function builtMachines(draft: MachineDraft, facts: DraftFacts, suffix: () => string): BuiltMachine[] {
  const images = new Map([...facts.images].flatMap(([ref, image]) => (image ? [[ref, image]] : [])));
  const userData = withKeys(draft.cloudInit?.userData, facts.publicKeys);
  const { templateMachine: template, defaultStorageClass } = facts;
  return machineNames(draft.name, draft.count).map((name) =>
    buildMachine(draft, name, { images, template, defaultStorageClass, userData, suffix: suffix() }),
  );
}

/**
 * Makes machines one after the other, each with the Secret that it owns. When one fails, those before it and what was
 * made of it are taken away again; what could not be is named in the problem.
 */
export async function makeMachines(
  ctx: Ctx,
  kube: Kube,
  namespace: string,
  built: readonly BuiltMachine[],
): Promise<MadeMachine[]> {
  const made: MadeMachine[] = [];
  try {
    for (const one of built) {
      const { commandId, object } = await kube.create(machinePath({ namespace }), one.machine, { pointers });
      if (object === undefined)
        throw problem("upstream_failed", "harvester.no_answer", "The cluster answered without the machine.");
      made.push({ commandId, object });
      if (one.secret)
        await kube.create(pathOf("core", "secrets", { namespace }), ownedBy(one.secret, object));
    }
    return made;
  } catch (error) {
    const left = await takeAway(ctx, kube, made);
    if (made.length === 0) throw error;
    const { kind, code, detail, data, ...more } = toFailure(error);
    const said =
      left.length === 0
        ? "Nothing was left of what had been made."
        : `These could not be removed again: ${left.join(", ")}. Delete them.`;
    throw problem(kind, code, `${detail} ${said}`, { ...more, data: { ...data, left }, cause: error });
  }
}

/** Deletes machines that were made, with their disks; answers the names of those that are still there. */
async function takeAway(ctx: Ctx, kube: Kube, made: readonly MadeMachine[]): Promise<string[]> {
  const gone = await Promise.allSettled(
    made.map(({ object }) => removeMachine(kube, object, madeClaimsOf(object))),
  );
  return made.flatMap(({ object }, index) => {
    const result = gone[index];
    if (result?.status === "fulfilled" || isUnknown(result?.reason)) return [];
    const { reason } = result ?? {};
    ctx.log("warn", "machine not removed", { error: reason instanceof AppError ? reason.failure : reason });
    return [object.metadata.name];
  });
}

/** Deletes a machine, and these of its volumes with it. Harvester is told the names of their disks. */
export function removeMachine(kube: Kube, machine: KubeObject, volumes: readonly string[]) {
  const { namespace = "", name } = machine.metadata;
  const query = { propagationPolicy: "Foreground" };
  if (volumes.length === 0) return kube.remove(machinePath({ namespace, name }), { query });
  const disks = disksOf(machine).filter(({ volume }) => volume !== null && volumes.includes(volume));
  return kube.remove(stevePath("kubevirt.io.virtualmachines", namespace, name), {
    query: { ...query, removedDisks: disks.map((disk) => disk.name).join(",") },
  });
}
