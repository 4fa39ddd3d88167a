import type { DeleteOptions, Kind, KubeObject, SimClock, Store, StoreEvent } from "../words.ts";
import { instant } from "./clock.ts";
import { withCoreDefaults } from "./core-defaults.ts";
import { decideDeletion, isFinished } from "./deletion.ts";
import { type Change, History } from "./history.ts";
import { copyOf, same } from "./json.ts";
import { type KindRegistry, resourceKey } from "./kinds.ts";
import { newObject, nextObject } from "./metadata.ts";
import { nameSuffix, uuidOf } from "./numbers.ts";
import { alreadyExists, conflict, notFound } from "./status-error.ts";

interface StoreParts {
  readonly kinds: KindRegistry;
  readonly clock: SimClock;
  /** Numbers for uids and generated names, apart from the world's. */
  readonly numbers: () => number;
  readonly historyLength: number;
}

/** Where an object is. */
export interface Place {
  readonly kind: Kind;
  readonly namespace: string | undefined;
  readonly name: string;
}

const keyOf = (namespace: string | undefined, name: string) => `${namespace ?? ""}/${name}`;

/**
 * Every object of the cluster in its last state, under one revision that grows with each change. Stored objects are never
 * edited: a change puts a new one in place, so that history and watchers can hold them without copying.
 */
export class MemoryStore implements Store {
  readonly history: History;
  readonly #parts: StoreParts;
  readonly #objects = new Map<string, Map<string, KubeObject>>();
  readonly #uids = new Map<string, Place>();
  /** The uids of what each uid owns. */
  readonly #held = new Map<string, Set<string>>();
  readonly #listeners = new Set<(event: StoreEvent) => void>();
  readonly #committed: ((change: Change) => void)[] = [];
  readonly #undelivered: StoreEvent[] = [];
  #delivering = false;
  #revision = 1;

  constructor(parts: StoreParts) {
    this.#parts = parts;
    this.history = new History(parts.historyLength);
  }

  revision(): number {
    return this.#revision;
  }

  kindOf(group: string, plural: string): Kind {
    return this.#parts.kinds.kindOf(group, plural);
  }

  find(kind: Kind, namespace: string | undefined, name: string): KubeObject | undefined {
    const stored = this.peek(kind, namespace, name);
    return stored && copyOf(stored);
  }

  get(kind: Kind, namespace: string | undefined, name: string): KubeObject {
    return copyOf(this.mustPeek(kind, namespace, name));
  }

  list(kind: Kind, namespace?: string): KubeObject[] {
    return this.peekAll(kind, namespace).map(copyOf);
  }

  /** The stored object itself, not to be edited. */
  peek(kind: Kind, namespace: string | undefined, name: string): KubeObject | undefined {
    return this.#objects.get(resourceKey(kind))?.get(keyOf(kind.namespaced ? namespace : undefined, name));
  }

  mustPeek(kind: Kind, namespace: string | undefined, name: string): KubeObject {
    const stored = this.peek(kind, namespace, name);
    if (!stored) throw notFound(kind, name);
    return stored;
  }

  /** The stored objects themselves, not to be edited, in the order of their keys. */
  peekAll(kind: Kind, namespace?: string): KubeObject[] {
    const found = [...(this.#objects.get(resourceKey(kind)) ?? [])];
    found.sort(([left], [right]) => (left < right ? -1 : 1));
    return found
      .map(([, object]) => object)
      .filter((object) => namespace === undefined || object.metadata.namespace === namespace);
  }

  /** Where the object with this uid is, if it still exists. */
  placeOf(uid: string): Place | undefined {
    return this.#uids.get(uid);
  }

  /** What names this uid as its owner, not to be edited. */
  heldBy(uid: string): { kind: Kind; object: KubeObject }[] {
    return [...(this.#held.get(uid) ?? [])].flatMap((held) => {
      const place = this.placeOf(held);
      const object = place && this.peek(place.kind, place.namespace, place.name);
      return place && object ? [{ kind: place.kind, object }] : [];
    });
  }

  /** Every stored object, not to be edited. */
  *everything(): Iterable<{ kind: Kind; object: KubeObject }> {
    for (const kind of this.#parts.kinds.stored()) {
      for (const object of this.peekAll(kind)) yield { kind, object };
    }
  }

  /** The object as `create` would store it, for admission to look at. */
  draft(kind: Kind, object: Partial<KubeObject>): KubeObject {
    const { clock, numbers } = this.#parts;
    const stored = this.kindOf(kind.group, kind.plural);
    const born = { uid: uuidOf(numbers), suffix: nameSuffix(numbers), at: instant(clock.now()) };
    return withCoreDefaults(stored, newObject(stored, object, born));
  }

  create(kind: Kind, object: Partial<KubeObject>): KubeObject {
    return copyOf(this.insert(kind, this.draft(kind, object), false));
  }

  /** Stores a draft, or with `dryRun` only says whether it could. */
  insert(kind: Kind, draft: KubeObject, dryRun: boolean): KubeObject {
    const { namespace, name } = draft.metadata;
    if (this.peek(kind, namespace, name)) throw alreadyExists(kind, name);
    return dryRun ? draft : this.#commit("ADDED", kind, draft);
  }

  update(kind: Kind, object: KubeObject): KubeObject {
    return copyOf(this.replace(kind, object, false));
  }

  /** Stores over what is there; nothing happens where nothing differs. */
  replace(kind: Kind, object: KubeObject, dryRun: boolean): KubeObject {
    const { namespace, name, uid, resourceVersion } = object.metadata;
    const old = this.mustPeek(kind, namespace, name);
    if (uid && uid !== old.metadata.uid) {
      const why = `Precondition failed: UID in precondition: ${uid}, UID in object meta: ${old.metadata.uid}`;
      throw conflict(kind, name, why);
    }
    if (resourceVersion && resourceVersion !== old.metadata.resourceVersion) throw conflict(kind, name);
    const next = nextObject(kind, old, object);
    if (dryRun || same(next, old)) return next;
    return this.#commit(isFinished(kind, next) ? "DELETED" : "MODIFIED", kind, next, old);
  }

  edit(
    kind: Kind,
    namespace: string | undefined,
    name: string,
    change: (object: KubeObject) => void,
  ): KubeObject {
    const object = this.get(kind, namespace, name);
    change(object);
    return this.update(kind, object);
  }

  delete(kind: Kind, namespace: string | undefined, name: string, options: DeleteOptions = {}): void {
    this.remove(kind, namespace, name, options, false);
  }

  /** Deletes, or marks what has to wait. `gone` says which; the object is the last state. */
  remove(
    kind: Kind,
    namespace: string | undefined,
    name: string,
    options: DeleteOptions,
    dryRun: boolean,
  ): { gone: boolean; object: KubeObject } {
    const old = this.mustPeek(kind, namespace, name);
    mustMeet(kind, old, options.preconditions);
    const decided = decideDeletion(kind, old, options, this.#parts.clock.now());
    if (dryRun) return { gone: decided.gone, object: decided.gone ? old : decided.marked };
    if (decided.gone) return { gone: true, object: this.#commit("DELETED", kind, old, old) };
    if (same(decided.marked, old)) return { gone: false, object: old };
    return { gone: false, object: this.#commit("MODIFIED", kind, decided.marked, old) };
  }

  /** As each change is made, with the stored objects themselves. */
  onCommit(listener: (change: Change) => void): void {
    this.#committed.push(listener);
  }

  onChange(listener: (event: StoreEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  #commit(type: StoreEvent["type"], kind: Kind, object: KubeObject, old?: KubeObject): KubeObject {
    this.#revision += 1;
    const stored: KubeObject = {
      ...object,
      metadata: { ...object.metadata, resourceVersion: String(this.#revision) },
    };
    const { namespace, name, uid } = stored.metadata;
    const key = resourceKey(kind);
    const ofKind = this.#objects.get(key) ?? new Map<string, KubeObject>();
    this.#objects.set(key, ofKind);
    if (type === "DELETED") {
      ofKind.delete(keyOf(namespace, name));
      this.#uids.delete(uid);
    } else {
      ofKind.set(keyOf(namespace, name), stored);
      this.#uids.set(uid, { kind, namespace, name });
    }
    this.#holdBy(old, (uids) => uids.delete(uid));
    if (type !== "DELETED") this.#holdBy(stored, (uids) => uids.add(uid));
    const event: StoreEvent = { type, kind, object: stored, ...(old ? { old } : {}) };
    const change: Change = { ...event, revision: this.#revision };
    this.history.append(change);
    for (const listener of this.#committed) listener(change);
    this.#undelivered.push(event);
    this.#deliver();
    return stored;
  }

  #holdBy(object: KubeObject | undefined, change: (uids: Set<string>) => void): void {
    for (const { uid } of object?.metadata.ownerReferences ?? []) {
      const uids = this.#held.get(uid) ?? new Set();
      change(uids);
      if (uids.size > 0) this.#held.set(uid, uids);
      else this.#held.delete(uid);
    }
  }

  /** One event after the other to all listeners, also where a listener makes the next change. */
  #deliver(): void {
    if (this.#delivering) return;
    this.#delivering = true;
    for (let event = this.#undelivered.shift(); event; event = this.#undelivered.shift()) {
      const { type, kind, object, old } = event;
      const told: StoreEvent = { type, kind, object: copyOf(object), ...(old ? { old: copyOf(old) } : {}) };
      for (const listener of [...this.#listeners]) this.#tell(listener, told);
    }
    this.#delivering = false;
  }

  /** A listener that throws is a bug of the simulator: the caller's change stands, and the process hears of it. */
  #tell(listener: (event: StoreEvent) => void, event: StoreEvent): void {
    try {
      listener(event);
    } catch (error) {
      queueMicrotask(() => {
        throw error;
      });
    }
  }
}

function mustMeet(kind: Kind, object: KubeObject, wanted: DeleteOptions["preconditions"] = {}): void {
  const { name, uid, resourceVersion } = object.metadata;
  if (wanted.uid !== undefined && wanted.uid !== uid) {
    const why = `Precondition failed: UID in precondition: ${wanted.uid}, UID in object meta: ${uid}`;
    throw conflict(kind, name, why);
  }
  if (wanted.resourceVersion !== undefined && wanted.resourceVersion !== resourceVersion) {
    const why = `Precondition failed: ResourceVersion in precondition: ${wanted.resourceVersion}, ResourceVersion in object meta: ${resourceVersion}`;
    throw conflict(kind, name, why);
  }
}
