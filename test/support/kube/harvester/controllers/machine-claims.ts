import type { KubeObject, World } from "../../words.ts";
import { at, type Fields, fieldsAt, isFields, parsedText, textAt, textsAt } from "../machines/fields.ts";
import { kindIn } from "./kinds.ts";
import { make } from "./make.ts";
import { editIfChanged } from "./reconciler.ts";

export const templatesAnnotation = "harvesterhci.io/volumeClaimTemplates";
const removedAnnotation = "harvesterhci.io/removedPersistentVolumeClaims";

/** The claims that a machine's annotation describes. */
export function claimTemplatesOf(machine: unknown): Fields[] {
  const list = parsedText(textAt(machine, "metadata", "annotations", templatesAnnotation));
  return Array.isArray(list) ? list.filter(isFields) : [];
}

const ownersAnnotation = "harvesterhci.io/owned-by";

/** The names of the machines that a claim says it is owned by. */
export function ownersOf(claim: KubeObject): string[] {
  const said = parsedText(claim.metadata.annotations?.[ownersAnnotation]);
  const refs = Array.isArray(said) ? said.flatMap((one) => at(one, "refs") ?? []) : [];
  return refs.flatMap((ref) => (typeof ref === "string" ? (ref.split("/")[1] ?? []) : []));
}

/** Makes the claims of the machine's templates that are not there. */
export function provideClaims(world: World, machine: KubeObject): void {
  if (machine.metadata.deletionTimestamp !== undefined) return;
  const kind = kindIn(world, "claim");
  const { namespace } = machine.metadata;
  for (const template of claimTemplatesOf(machine)) {
    const name = textAt(template, "metadata", "name");
    if (name === undefined) continue;
    const owners = JSON.stringify([
      { schema: "kubevirt.io.virtualmachine", refs: [`${namespace}/${machine.metadata.name}`] },
    ]);
    const annotations = {
      ...textsAt(template, "metadata", "annotations"),
      [ownersAnnotation]: owners,
    };
    if (world.store.find(kind, namespace, name) === undefined)
      make(
        world,
        "claim",
        { name, namespace, annotations, labels: textsAt(template, "metadata", "labels") },
        { spec: fieldsAt(template, "spec"), status: { phase: "Pending" } },
      );
    else
      editIfChanged(world.store, kind, { namespace, name }, (claim) => {
        claim.metadata.annotations = {
          ...claim.metadata.annotations,
          [ownersAnnotation]: owners,
        };
      });
  }
}

/** The disks that go with a deleted machine. */
export function removeClaimsOf(world: World, machine: KubeObject): void {
  const kind = kindIn(world, "claim");
  const { namespace, annotations } = machine.metadata;
  for (const name of (annotations?.[removedAnnotation] ?? "").split(",").map((one) => one.trim()))
    if (name !== "" && world.store.find(kind, namespace, name) !== undefined)
      world.store.delete(kind, namespace, name);
}
