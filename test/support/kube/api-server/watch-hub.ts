import type { Kind, KubeObject, StoreEvent } from "../words.ts";
import type { Change } from "./history.ts";
import { apiVersionOf, resourceKey } from "./kinds.ts";
import type { MemoryStore } from "./memory-store.ts";
import { Outflow } from "./outflow.ts";
import { isSelected, type Selection } from "./selectors.ts";
import { expired } from "./status-error.ts";

/** What one watcher asked for. */
export interface WatchWish {
  readonly path: string;
  readonly kind: Kind;
  readonly namespace?: string;
  readonly selection: Selection;
  /** Where to start; undefined: everything there is as ADDED, then what comes. */
  readonly since?: number;
  readonly bookmarks: boolean;
  /** Ends the initial events with a bookmark that says so. */
  readonly marksInitialEnd: boolean;
  readonly timeoutMs: number;
  /** The object as the watcher wants to see it. */
  show(object: KubeObject): unknown;
}

interface Watcher extends WatchWish {
  readonly flow: Outflow;
}

const SLOW_READER_GRACE_MS = 100;
const INITIAL_END = "k8s.io/initial-events-end";

/** Hands every change to the watchers that it concerns, as lines of JSON. */
export class WatchHub {
  readonly #store: MemoryStore;
  readonly #backlog: number;
  readonly #watchers = new Set<Watcher>();
  /** Those with more waiting than they should have, for the moment. */
  readonly #minded = new Set<Outflow>();
  readonly #bookmarking: NodeJS.Timeout;

  constructor(
    store: MemoryStore,
    { backlog, bookmarkEveryMs }: { backlog: number; bookmarkEveryMs: number },
  ) {
    this.#store = store;
    this.#backlog = backlog;
    store.onCommit((change) => {
      for (const watcher of this.#watchers) this.#pass(watcher, change);
    });
    this.#bookmarking = setInterval(() => {
      for (const watcher of this.#watchers) this.#bookmark(watcher);
    }, bookmarkEveryMs);
    this.#bookmarking.unref();
  }

  watch(wish: WatchWish): Outflow {
    const flow = new Outflow();
    const since = wish.since ?? this.#store.revision();
    const watcher: Watcher = { ...wish, flow };
    if (!this.#store.history.reaches(since)) {
      flow.push(line("ERROR", expired(tooOld(since, this.#store.history.oldest())).status));
      flow.end();
      return flow;
    }
    if (wish.since === undefined) this.#sendAll(watcher);
    else for (const change of this.#store.history.since(since)) this.#pass(watcher, change);
    this.#watchers.add(watcher);
    const timer = setTimeout(() => {
      this.#bookmark(watcher);
      flow.end();
    }, wish.timeoutMs);
    flow.onEnd(() => {
      clearTimeout(timer);
      this.#watchers.delete(watcher);
    });
    return flow;
  }

  /** Tells the watchers on these paths that their revision is gone, and forgets what came before. */
  expire(path: string): void {
    const from = this.#store.history.oldest();
    this.#store.history.forget();
    for (const watcher of [...this.#watchers]) {
      if (!watcher.path.includes(path)) continue;
      watcher.flow.push(line("ERROR", expired(tooOld(from, this.#store.revision())).status));
      watcher.flow.end();
    }
  }

  stop(): void {
    clearInterval(this.#bookmarking);
    for (const watcher of [...this.#watchers]) watcher.flow.end();
  }

  #sendAll(watcher: Watcher): void {
    for (const object of this.#store.peekAll(watcher.kind, watcher.namespace)) {
      if (isSelected(watcher.selection, object)) watcher.flow.push(line("ADDED", watcher.show(object)));
    }
    if (watcher.marksInitialEnd) this.#bookmark(watcher, { [INITIAL_END]: "true" });
  }

  #pass(watcher: Watcher, change: Change): void {
    if (resourceKey(change.kind) !== resourceKey(watcher.kind)) return;
    if (watcher.namespace !== undefined && change.object.metadata.namespace !== watcher.namespace) return;
    const type = seenAs(watcher.selection, change);
    if (!type) return;
    watcher.flow.push(line(type, watcher.show(change.object)));
    if (watcher.flow.backlog > this.#backlog) this.#mindSlowness(watcher.flow);
  }

  /** A reader gets a moment to catch up with a burst; one that does not read at all is closed. */
  #mindSlowness(flow: Outflow): void {
    if (this.#minded.has(flow)) return;
    this.#minded.add(flow);
    setTimeout(() => {
      this.#minded.delete(flow);
      if (flow.backlog > this.#backlog) flow.end(true);
    }, SLOW_READER_GRACE_MS).unref();
  }

  #bookmark(watcher: Watcher, annotations?: Record<string, string>): void {
    if (!watcher.bookmarks) return;
    const metadata = {
      resourceVersion: String(this.#store.revision()),
      creationTimestamp: null,
      ...(annotations ? { annotations } : {}),
    };
    const { kind } = watcher;
    watcher.flow.push(line("BOOKMARK", { kind: kind.kind, apiVersion: apiVersionOf(kind), metadata }));
  }
}

/** An object that starts to match is new to the watcher, one that stops is gone for it. */
function seenAs(selection: Selection, change: StoreEvent): StoreEvent["type"] | undefined {
  const matched = change.old !== undefined && isSelected(selection, change.old);
  if (change.type === "DELETED") return matched ? "DELETED" : undefined;
  const matches = isSelected(selection, change.object);
  if (matches) return matched ? "MODIFIED" : "ADDED";
  return matched ? "DELETED" : undefined;
}

function line(type: string, object: unknown): string {
  return `${JSON.stringify({ type, object })}\n`;
}

function tooOld(since: number, oldest: number): string {
  return `too old resource version: ${since} (${oldest})`;
}
