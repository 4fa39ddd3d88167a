import type { Controller, Kind, KubeObject, OwnerReference } from "../words.ts";
import { FOREGROUND, ORPHAN } from "./deletion.ts";
import type { MemoryStore } from "./memory-store.ts";

interface Found {
  readonly kind: Kind;
  readonly object: KubeObject;
}

/** Deletes what its owners no longer hold, or lets it go, as the deletion of the owner asked. */
export function garbageCollector(store: MemoryStore): Controller {
  const heldBy = (uid: string): Found[] =>
    [...store.everything()].filter(({ object }) => refsOf(object).some((ref) => ref.uid === uid));
  const isWaiting = (uid: string) => {
    const place = store.placeOf(uid);
    const owner = place && store.peek(place.kind, place.namespace, place.name);
    return isGoing(owner, FOREGROUND);
  };

  /** Deletes a dependent that no living owner holds; else lets go of the owners that are gone. */
  const collect = ({ kind, object }: Found, foreground: boolean) => {
    const { namespace, name } = object.metadata;
    const living = refsOf(object).filter(({ uid }) => store.placeOf(uid) && !isWaiting(uid));
    if (living.length === 0) {
      store.delete(kind, namespace, name, { propagationPolicy: foreground ? "Foreground" : "Background" });
    } else if (living.length < refsOf(object).length) setOwners(kind, object, living);
  };
  const setOwners = (kind: Kind, { metadata }: KubeObject, owners: OwnerReference[]) => {
    store.edit(kind, metadata.namespace, metadata.name, (object) => {
      object.metadata.ownerReferences = owners;
    });
  };
  const dropFinalizer = (kind: Kind, { metadata }: KubeObject, finalizer: string) => {
    store.edit(kind, metadata.namespace, metadata.name, (object) => {
      object.metadata.finalizers = (object.metadata.finalizers ?? []).filter((one) => one !== finalizer);
    });
  };

  const orphan = ({ kind, object }: Found) => {
    for (const dependent of heldBy(object.metadata.uid)) {
      const others = refsOf(dependent.object).filter(({ uid }) => uid !== object.metadata.uid);
      setOwners(dependent.kind, dependent.object, others);
    }
    dropFinalizer(kind, object, ORPHAN);
  };
  const goOn = ({ kind, object }: Found) => {
    const { uid } = object.metadata;
    for (const dependent of heldBy(uid)) {
      if (dependent.object.metadata.deletionTimestamp === undefined) collect(dependent, true);
    }
    const blocking = heldBy(uid).filter(({ object: dependent }) =>
      refsOf(dependent).some((ref) => ref.uid === uid && ref.blockOwnerDeletion === true),
    );
    const now = store.peek(kind, object.metadata.namespace, object.metadata.name);
    if (blocking.length === 0 && now && isGoing(now, FOREGROUND)) dropFinalizer(kind, now, FOREGROUND);
  };

  const look = (kind: Kind, stale: KubeObject) => {
    const object = store.peek(kind, stale.metadata.namespace, stale.metadata.name);
    if (!object || object.metadata.uid !== stale.metadata.uid) return;
    if (isGoing(object, ORPHAN)) orphan({ kind, object });
    else if (isGoing(object, FOREGROUND)) goOn({ kind, object });
    else if (object.metadata.deletionTimestamp === undefined && refsOf(object).length > 0) {
      collect({ kind, object }, false);
    }
  };
  const forget = (object: KubeObject) => {
    for (const dependent of heldBy(object.metadata.uid)) {
      if (dependent.object.metadata.deletionTimestamp === undefined) collect(dependent, false);
    }
    for (const { uid } of refsOf(object)) {
      const place = store.placeOf(uid);
      const owner = place && store.peek(place.kind, place.namespace, place.name);
      if (place && owner && isGoing(owner, FOREGROUND)) goOn({ kind: place.kind, object: owner });
    }
  };
  return {
    name: "garbage-collector",
    start() {
      store.onChange(({ type, kind, object }) => (type === "DELETED" ? forget(object) : look(kind, object)));
    },
  };
}

function refsOf(object: KubeObject): OwnerReference[] {
  return object.metadata.ownerReferences ?? [];
}

function isGoing(object: KubeObject | undefined, finalizer: string): boolean {
  const { deletionTimestamp, finalizers } = object?.metadata ?? {};
  return deletionTimestamp !== undefined && finalizers?.includes(finalizer) === true;
}
