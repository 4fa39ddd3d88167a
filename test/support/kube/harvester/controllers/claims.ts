import type { KubeObject, World } from "../../words.ts";
import { textAt } from "../machines/fields.ts";
import { claimsOf } from "../machines/instance-spec.rules.ts";
import { kindIn } from "./kinds.ts";

export interface ClaimsState {
  readonly missing: readonly string[];
  readonly unbound: readonly string[];
  /** One of them waits for its first consumer. */
  readonly waiting: boolean;
}

/** How the claims that an instance needs are. */
export function claimsState(world: World, namespace: string | undefined, spec: unknown): ClaimsState {
  const kind = kindIn(world, "claim");
  const missing: string[] = [];
  const unbound: string[] = [];
  let waiting = false;
  for (const name of claimsOf(spec)) {
    const claim = world.store.find(kind, namespace, name);
    if (claim === undefined) missing.push(name);
    else if (textAt(claim, "status", "phase") !== "Bound") {
      unbound.push(name);
      waiting ||= waitsForConsumer(world, claim);
    }
  }
  return { missing, unbound, waiting };
}

/** Whether the storage class of a claim binds only when something runs with it. */
export function waitsForConsumer(world: World, claim: KubeObject): boolean {
  const name = textAt(claim, "spec", "storageClassName");
  const found =
    name === undefined ? undefined : world.store.find(kindIn(world, "storageClass"), undefined, name);
  return textAt(found, "volumeBindingMode") === "WaitForFirstConsumer";
}
