import { linkLimits } from "../../../contracts/relay/protocol.ts";
import type { ClusterEvent, WatchedObject } from "../../../contracts/relay/push.ts";
import type { InventoryKind } from "../../../contracts/relay/summaries.ts";
import type { Clock } from "../core/clock.ts";
import type { Pushes } from "../core/pushes.ts";
import type { KubernetesDriver } from "../drivers/kubernetes/kubernetes-driver.ts";
import type { Logger } from "../log/logger.ts";
import { readKubernetesRequest } from "../policy/kubernetes-request.rules.ts";
import { parsePath } from "../policy/path.rules.ts";
import { judge } from "../policy/policy.rules.ts";
import { clusterEvent } from "./cluster-event.rules.ts";
import { dependents, type KindName, kindPaths } from "./kinds.ts";
import type { KubeObject } from "./kube-object.ts";
import { type Around, summaryOf } from "./summary.rules.ts";
import { watchKind } from "./watch-kind.ts";

export interface InventoryOptions {
  readonly driver: KubernetesDriver;
  readonly pushes: Pushes;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly namespaces: readonly string[] | undefined;
}

const gatherMs = 300;
const objectsOfPush = 1000;
const bytesOfPush = linkLimits.frameBytes * 0.75;
const eventsOfPush = 500;

interface KindState {
  readonly objects: Map<string, KubeObject>;
  synced: boolean;
  /** Whether the relay has been told everything there is of it. */
  told: boolean;
}

/** Watches what the cluster holds and tells the relay what changed; only while this agent is the active one. */
export class Inventory {
  readonly #options: InventoryOptions;
  readonly #kinds = new Map<KindName, KindState>();
  readonly #told = new Map<string, string>();
  readonly #dirty = new Set<string>();
  readonly #around: Around;
  #events: ClusterEvent[] = [];
  #seenEvents = new Set<string>();
  #stopWatching: AbortController | undefined;
  #stopTimer: (() => void) | undefined;

  constructor(options: InventoryOptions) {
    this.#options = options;
    this.#around = {
      find: (kind, namespace, name) =>
        this.#kinds.get(kind as KindName)?.objects.get(keyOf(kind, namespace ?? "", name)),
    };
    options.pushes.onRoom = () => this.#soon();
  }

  /** `fresh`: the relay remembers nothing that this agent told it. */
  setRole(role: "active" | "standby", fresh: boolean): void {
    if (role === "standby") {
      this.stop();
      return;
    }
    if (fresh) {
      this.#told.clear();
      for (const state of this.#kinds.values()) state.told = false;
      this.#soon();
    }
    if (this.#stopWatching === undefined) this.#watch();
  }

  stop(): void {
    this.#stopWatching?.abort();
    this.#stopWatching = undefined;
    this.#stopTimer?.();
    this.#stopTimer = undefined;
    this.#kinds.clear();
    this.#told.clear();
    this.#dirty.clear();
  }

  #watch(): void {
    const { clock, driver, logger } = this.#options;
    const stop = new AbortController();
    this.#stopWatching = stop;
    const reach = {
      clock,
      signal: stop.signal,
      read: (path: string, signal: AbortSignal) => driver.read(path, signal),
      stream: (path: string, signal: AbortSignal) => driver.stream(path, signal),
    };
    for (const [kind, path] of Object.entries(kindPaths) as [KindName, string][]) {
      if (!this.#mayWatch(path)) {
        logger("info", "kind not watched: the policy refuses it", { kind });
        continue;
      }
      const state: KindState = { objects: new Map(), synced: false, told: false };
      this.#kinds.set(kind, state);
      void watchKind({ ...reach, path }, this.#taker(kind, state));
    }
    if (this.#mayWatch("/api/v1/events"))
      void watchKind({ ...reach, path: "/api/v1/events" }, this.#eventTaker());
  }

  #mayWatch(path: string): boolean {
    const request = readKubernetesRequest("GET", parsePath(`${path}?watch=true`));
    return judge(this.#options.driver.policy, request).allowed;
  }

  #taker(kind: KindName, state: KindState) {
    const mark = (object: KubeObject): string => {
      const key = keyOf(kind, object.metadata.namespace ?? "", object.metadata.name);
      this.#markDirty(kind, key, object);
      return key;
    };
    return {
      listed: (objects: readonly KubeObject[]) => {
        for (const object of state.objects.values()) mark(object);
        state.objects.clear();
        for (const object of objects) if (this.#isWanted(object)) state.objects.set(mark(object), object);
        state.synced = true;
        this.#soon();
      },
      changed: (object: KubeObject) => {
        if (!this.#isWanted(object)) return;
        state.objects.set(mark(object), object);
        this.#soon();
      },
      removed: (object: KubeObject) => {
        state.objects.delete(mark(object));
        this.#soon();
      },
      failed: (detail: string, gone: boolean) => {
        if (gone) state.synced = true;
        this.#options.logger(gone ? "info" : "warn", "watch failed", { kind, detail });
      },
    };
  }

  #isWanted({ metadata: { namespace } }: KubeObject): boolean {
    const { namespaces } = this.#options;
    return namespaces === undefined || namespace === undefined || namespaces.includes(namespace);
  }

  #markDirty(kind: KindName, key: string, object: KubeObject): void {
    this.#dirty.add(key);
    for (const other of dependents(kind, object)) this.#dirty.add(other);
  }

  #eventTaker() {
    const take = (object: KubeObject): void => {
      const event = clusterEvent(object);
      if (event === undefined || this.#seenEvents.has(event.id) || !this.#isWanted(object)) return;
      if (this.#seenEvents.size > 5000) this.#seenEvents = new Set([...this.#seenEvents].slice(2500));
      this.#seenEvents.add(event.id);
      this.#events.push(event);
      this.#soon();
    };
    let isFirst = true;
    return {
      // What had happened before the agent came is not news.
      listed: (objects: readonly KubeObject[]) => {
        for (const object of objects) {
          const event = isFirst ? clusterEvent(object) : undefined;
          if (event === undefined) take(object);
          else this.#seenEvents.add(event.id);
        }
        isFirst = false;
      },
      changed: take,
      removed: () => {},
      failed: (detail: string) =>
        this.#options.logger("warn", "watch failed", { kind: "core/events", detail }),
    };
  }

  #soon(): void {
    if (this.#stopTimer !== undefined || this.#stopWatching === undefined) return;
    this.#stopTimer = this.#options.clock.later(() => {
      this.#stopTimer = undefined;
      this.#tell();
    }, gatherMs);
  }

  #tell(): void {
    const { pushes } = this.#options;
    while (this.#events.length > 0)
      pushes.add({ type: "events", events: this.#events.splice(0, eventsOfPush) });
    // Machines are told with their instances: not before both are known.
    const unknown = this.#kinds.get("kubevirt.io/virtualmachineinstances")?.synced === false;
    for (const [kind, state] of this.#kinds) {
      if (kind === "kubevirt.io/virtualmachineinstances" || !state.synced || state.told) continue;
      if (kind === "kubevirt.io/virtualmachines" && unknown) continue;
      if (!pushes.hasRoom) return;
      this.#tellWhole(kind, state);
    }
    this.#tellChanges();
  }

  #tellWhole(kind: InventoryKind, state: KindState): void {
    const { pushes, clock } = this.#options;
    const all = [...state.objects].map(([key, object]) => this.#watched(kind, key, object));
    const parts = split(all);
    const last = parts.pop() ?? [];
    const at = clock.now();
    for (const changed of parts) pushes.add({ type: "inventory", at, changed, removed: [] });
    pushes.add({ type: "inventory", at, full: [kind], changed: last, removed: [] });
    state.told = true;
    for (const { key, summary } of all) {
      this.#told.set(key, JSON.stringify(summary));
      this.#dirty.delete(key);
    }
  }

  #tellChanges(): void {
    const { pushes, clock } = this.#options;
    const changed: WatchedObject[] = [];
    const removed: string[] = [];
    for (const key of this.#dirty) {
      const kind = kindOf(key);
      const state = this.#kinds.get(kind);
      if (kind === "kubevirt.io/virtualmachineinstances") this.#dirty.delete(key);
      if (state?.told !== true || kind === "kubevirt.io/virtualmachineinstances") continue;
      if (!pushes.hasRoom || changed.length >= objectsOfPush || removed.length >= objectsOfPush) break;
      this.#dirty.delete(key);
      const object = state.objects.get(key);
      if (object === undefined) {
        if (this.#told.delete(key)) removed.push(key);
        continue;
      }
      const watched = this.#watched(kind, key, object);
      const text = JSON.stringify(watched.summary);
      if (this.#told.get(key) === text) continue;
      this.#told.set(key, text);
      changed.push(watched);
    }
    if (changed.length === 0 && removed.length === 0) return;
    const [first = [], ...more] = split(changed);
    const now = clock.now();
    pushes.add({ type: "inventory", at: now, changed: first, removed });
    for (const part of more) pushes.add({ type: "inventory", at: now, changed: part, removed: [] });
    if (this.#dirty.size > 0) this.#soon();
  }

  #watched(kind: InventoryKind, key: string, object: KubeObject): WatchedObject {
    const { uid, resourceVersion } = object.metadata;
    return { key, uid, resourceVersion, summary: summaryOf(kind, object, this.#around) };
  }
}

/** The key of an object in the inventory. */
function keyOf(kind: string, namespace: string, name: string): string {
  return `${kind}/${namespace}/${name}`;
}

function kindOf(key: string): KindName {
  return key.split("/").slice(0, 2).join("/") as KindName;
}

function split(objects: readonly WatchedObject[]): WatchedObject[][] {
  const parts: WatchedObject[][] = [[]];
  let bytes = 0;
  for (const object of objects) {
    const size = JSON.stringify(object).length * 1.1;
    if ((parts.at(-1)?.length ?? 0) >= objectsOfPush || bytes + size > bytesOfPush) {
      parts.push([]);
      bytes = 0;
    }
    bytes += size;
    parts.at(-1)?.push(object);
  }
  return parts;
}
