import type { KubeObject } from "../../words.ts";
import { type Fields, fieldsAt, itemsAt, textAt } from "./fields.ts";

/** The claims of a machine's template, each with the one that it is to move to. */
export type Moves = ReadonlyMap<string, string>;

export interface StorageFacts {
  readonly machine: KubeObject;
  readonly instance: KubeObject;
  /** Claim templates of the machine's annotation. */
  readonly templates: readonly Fields[];
  /** A migration of the instance is yet to end. */
  readonly underWay: boolean;
  /** Whether the claim that is moved to is bound. */
  isBound(claim: string): boolean;
}

export type StorageStep =
  | { readonly kind: "none" }
  /** The machine's volumes name the new claims, and KubeVirt carries the disks over. */
  | { readonly kind: "move"; readonly volumes: readonly Fields[] }
  /** The disks are there: the templates name the new claims for good. */
  | { readonly kind: "finish"; readonly templates: readonly Fields[] };

const claimOf = (volume: unknown) => textAt(volume, "persistentVolumeClaim", "claimName");

export function movesIn(templates: readonly Fields[]): Moves {
  return new Map(
    templates.flatMap((one) => {
      const target = textAt(one, "targetVolume");
      return target === undefined ? [] : [[textAt(one, "metadata", "name") ?? "", target] as const];
    }),
  );
}

/** One step of moving disks of a running machine to other volumes. */
export function stepStorage({ machine, instance, templates, underWay, isBound }: StorageFacts): StorageStep {
  const moves = movesIn(templates);
  if (moves.size === 0 || ![...moves.values()].every(isBound)) return { kind: "none" };
  const volumes = itemsAt(machine, "spec", "template", "spec", "volumes");
  if (volumes.some((one) => moves.has(claimOf(one) ?? "")))
    return {
      kind: "move",
      volumes: volumes.map((one) => {
        const target = moves.get(claimOf(one) ?? "");
        return target === undefined
          ? one
          : {
              ...one,
              persistentVolumeClaim: { ...fieldsAt(one, "persistentVolumeClaim"), claimName: target },
            };
      }),
    };
  const there = new Set(itemsAt(instance, "spec", "volumes").map(claimOf));
  const done = fieldsAt(instance, "status", "migrationState")["completed"] === true;
  if (![...moves.values()].every((one) => there.has(one)) || underWay || !done) return { kind: "none" };
  return {
    kind: "finish",
    templates: templates.map(({ targetVolume, ...one }) =>
      typeof targetVolume === "string"
        ? { ...one, metadata: { ...fieldsAt(one, "metadata"), name: targetVolume } }
        : one,
    ),
  };
}
