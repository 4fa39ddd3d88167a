import type { Controller, Kind, KubeObject, Store, StoreEvent, World } from "../../words.ts";
import { durations } from "../machines/durations.ts";

/** What names an object within one kind. */
export interface Key {
  readonly namespace: string | undefined;
  readonly name: string;
}

export interface Watched {
  readonly group: string;
  readonly plural: string;
  /** Which of the reconciled objects a change of this kind concerns; absent: the object itself. */
  concerns?(event: StoreEvent, world: World): readonly Key[];
}

export interface Reconciliation {
  readonly name: string;
  readonly watches: readonly Watched[];
  /** Looks at one object and does what is due; returns after how many milliseconds it wants to look again. */
  reconcile(world: World, key: Key): number | undefined;
}

export function keyOf(object: KubeObject): Key {
  return { namespace: object.metadata.namespace, name: object.metadata.name };
}

const written = (key: Key) => `${key.namespace ?? ""}/${key.name}`;

/** A controller that looks at one object at a time, after changes and when it asked to be woken. */
export function reconciler(reconciliation: Reconciliation): Controller {
  return {
    name: reconciliation.name,
    start(world) {
      const due = new Map<string, { atMs: number; cancel: () => void }>();
      const wake = (key: Key, delayMs: number) => {
        const id = written(key);
        const atMs = world.clock.now() + delayMs;
        const planned = due.get(id);
        if (planned !== undefined && planned.atMs <= atMs) return;
        planned?.cancel();
        const cancel = world.clock.after(delayMs, () => {
          due.delete(id);
          const again = reconciliation.reconcile(world, key);
          if (again !== undefined) wake(key, Math.max(again, durations.notice));
        });
        due.set(id, { atMs, cancel });
      };
      const look = (watched: Watched, event: StoreEvent) => {
        for (const key of watched.concerns?.(event, world) ?? [keyOf(event.object)])
          wake(key, durations.notice);
      };
      world.store.onChange((event) => {
        for (const watched of reconciliation.watches)
          if (watched.group === event.kind.group && watched.plural === event.kind.plural)
            look(watched, event);
      });
      for (const watched of reconciliation.watches) {
        const kind = world.store.kindOf(watched.group, watched.plural);
        for (const object of world.store.list(kind)) look(watched, { type: "ADDED", kind, object });
      }
    },
  };
}

/** Edits only when something comes out different; false when the object is gone or stays as it is. */
export function editIfChanged(
  store: Store,
  kind: Kind,
  key: Key,
  change: (object: KubeObject) => void,
): boolean {
  const before = store.find(kind, key.namespace, key.name);
  if (before === undefined) return false;
  const after = structuredClone(before);
  change(after);
  if (JSON.stringify(after) === JSON.stringify(before)) return false;
  store.edit(kind, key.namespace, key.name, change);
  return true;
}
