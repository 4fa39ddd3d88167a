import type { Json } from "../../../../kernel/json.ts";
import type { CompiledRule } from "../compile/compiled-rule.ts";
import { earliest } from "../earliest.ts";
import { type KeyState, newKeyState } from "../state.ts";
import type { RuleProgress, ShardStore } from "./shard-store.ts";

/** A key that a batch has read: what it is now, and whether it has to be written. */
export interface Touched {
  readonly text: string;
  state: KeyState;
  due: number | null;
  dirty: boolean;
  fresh: boolean;
}

/** The keys that a batch has touched, by lineage: each is read once and written once. */
export class TouchedKeys {
  private readonly store: ShardStore;
  private readonly now: number;
  private readonly byLineage = new Map<string, Map<string, Touched>>();

  constructor(store: ShardStore, now: number) {
    this.store = store;
    this.now = now;
  }

  private of({ lineage }: CompiledRule): Map<string, Touched> {
    const known = this.byLineage.get(lineage);
    if (known !== undefined) return known;
    const fresh = new Map<string, Touched>();
    this.byLineage.set(lineage, fresh);
    return fresh;
  }

  /** A key that exists. */
  find(rule: CompiledRule, text: string): Touched | undefined {
    const keys = this.of(rule);
    const known = keys.get(text);
    if (known !== undefined) return known;
    const state = this.store.readKey(rule.lineage, text);
    if (state === undefined) return undefined;
    const touched = { text, state, due: null, dirty: false, fresh: false };
    keys.set(text, touched);
    return touched;
  }

  /** A key that did not exist until now. */
  add(rule: CompiledRule, key: readonly Json[], text: string): Touched {
    const touched = { text, state: newKeyState(key, this.now), due: null, dirty: true, fresh: true };
    this.of(rule).set(text, touched);
    return touched;
  }

  drop(rule: CompiledRule, text: string): void {
    this.of(rule).delete(text);
    this.store.deleteKey(rule.lineage, text);
  }

  /** Writes the keys of a rule that changed and their timers, and says in its progress when the first is due. */
  settle(rule: CompiledRule, progress: RuleProgress): void {
    const { lineage } = rule;
    for (const touched of this.of(rule).values()) {
      if (!touched.dirty) continue;
      this.store.writeKey(lineage, touched.text, touched.state);
      this.store.setTimer(lineage, touched.text, "rule", touched.due);
      progress.due = earliest(progress.due, touched.due);
      if (touched.fresh) {
        const expiry = this.now + rule.definition.ttlMs;
        this.store.setTimer(lineage, touched.text, "clock", expiry);
        progress.expiry = earliest(progress.expiry, expiry);
        touched.fresh = false;
      }
      touched.dirty = false;
    }
  }
}
