import type { Controller, Kind, KubeObject, OwnerReference } from "../words.ts";
import { FOREGROUND, ORPHAN } from "./deletion.ts";
import type { MemoryStore } from "./memory-store.ts";

interface Found {
  readonly kind: Kind;
  readonly object: KubeObject;
}

/** Deletes what its owners no longer hold, or lets it go, as the deletion of the owner asked. */
export class GarbageCollector implements Controller {
  readonly name = "garbage-collector";
  readonly #store: MemoryStore;

  constructor(store: MemoryStore) {
    this.#store = store;
  }

  start(): void {
    this.#store.onChange(({ type, kind, object }) => {
      if (type === "DELETED") this.#forget(object);
      else this.#look(kind, object);
    });
  }

  #look(kind: Kind, { metadata }: KubeObject): void {
    const object = this.#store.peek(kind, metadata.namespace, metadata.name);
    if (!object || object.metadata.uid !== metadata.uid) return;
    if (isGoing(object, ORPHAN)) this.#orphan({ kind, object });
    else if (isGoing(object, FOREGROUND)) this.#goOn({ kind, object });
    else if (refsOf(object).length > 0) this.#collect({ kind, object }, "Background");
  }

  /** Once an object is gone: what it owned, and the owners that waited for it. */
  #forget(object: KubeObject): void {
    for (const dependent of this.#store.heldBy(object.metadata.uid)) this.#collect(dependent, "Background");
    for (const { uid } of refsOf(object)) {
      const owner = this.#findOwner(uid);
      if (owner && isGoing(owner.object, FOREGROUND)) this.#goOn(owner);
    }
  }

  /** Deletes a dependent that no living owner holds; else lets go of the owners that are gone. */
  #collect({ kind, object }: Found, propagationPolicy: "Foreground" | "Background"): void {
    const { namespace, name, deletionTimestamp } = object.metadata;
    if (deletionTimestamp !== undefined) return;
    const refs = refsOf(object);
    const living = refs.filter(({ uid }) => {
      const owner = this.#findOwner(uid);
      return owner && !isGoing(owner.object, FOREGROUND);
    });
    if (living.length === 0) this.#store.delete(kind, namespace, name, { propagationPolicy });
    else if (living.length < refs.length) this.#setOwners({ kind, object }, living);
  }

  #orphan(owner: Found): void {
    const { uid } = owner.object.metadata;
    for (const dependent of this.#store.heldBy(uid)) {
      this.#setOwners(
        dependent,
        refsOf(dependent.object).filter((ref) => ref.uid !== uid),
      );
    }
    this.#dropFinalizer(owner, ORPHAN);
  }

  /** Deletes what the owner holds, and the owner once nothing blocks that. */
  #goOn({ kind, object }: Found): void {
    const { uid, namespace, name } = object.metadata;
    for (const dependent of this.#store.heldBy(uid)) this.#collect(dependent, "Foreground");
    const blocks = (ref: OwnerReference) => ref.uid === uid && ref.blockOwnerDeletion === true;
    if (this.#store.heldBy(uid).some((dependent) => refsOf(dependent.object).some(blocks))) return;
    const now = this.#store.peek(kind, namespace, name);
    if (now && isGoing(now, FOREGROUND)) this.#dropFinalizer({ kind, object: now }, FOREGROUND);
  }

  #findOwner(uid: string): Found | undefined {
    const place = this.#store.placeOf(uid);
    const object = place && this.#store.peek(place.kind, place.namespace, place.name);
    return place && object && { kind: place.kind, object };
  }

  #setOwners({ kind, object: { metadata } }: Found, owners: OwnerReference[]): void {
    this.#store.edit(kind, metadata.namespace, metadata.name, (object) => {
      object.metadata.ownerReferences = owners;
    });
  }

  #dropFinalizer({ kind, object: { metadata } }: Found, finalizer: string): void {
    this.#store.edit(kind, metadata.namespace, metadata.name, (object) => {
      object.metadata.finalizers = (object.metadata.finalizers ?? []).filter((one) => one !== finalizer);
    });
  }
}

function refsOf(object: KubeObject): OwnerReference[] {
  return object.metadata.ownerReferences ?? [];
}

function isGoing(object: KubeObject, finalizer: string): boolean {
  const { deletionTimestamp, finalizers } = object.metadata;
  return deletionTimestamp !== undefined && finalizers?.includes(finalizer) === true;
}
