import type { RuleDefinition } from "../../../../contracts/rules.ts";
import { canonicalJson } from "../../../kernel/json.ts";
import { jsonPointer } from "../../../kernel/problem.ts";
import type { KeyState } from "./state.ts";

/**
 * What an edit does to the state. `carry`: everything goes on. `reset`: alerts go on, what windows, patterns and
 * baselines have gathered starts afresh. `newLineage`: nothing is kept, and open alerts of the old one are closed.
 */
export const editEffects = ["carry", "reset", "newLineage"] as const;
export type EditEffect = (typeof editEffects)[number];

export interface EditChange {
  /** RFC 6901, into the definition. */
  readonly pointer: string;
  readonly effect: EditEffect;
}

export interface Compatibility {
  /** What happens unless the author chooses otherwise. */
  readonly effect: EditEffect;
  /** What the author may choose. */
  readonly allowed: readonly EditEffect[];
  readonly changes: readonly EditChange[];
}

/** How a field's change is taken by default, and whether its state would still fit. */
interface FieldKind {
  readonly effect: EditEffect;
  /** The strongest that the author may ask for instead. */
  readonly best: EditEffect;
}

const carried: FieldKind = { effect: "carry", best: "carry" };
const condition: FieldKind = { effect: "newLineage", best: "carry" };
const gathered: FieldKind = { effect: "newLineage", best: "reset" };
const identity: FieldKind = { effect: "newLineage", best: "newLineage" };

const fields: Readonly<Record<keyof RuleDefinition, FieldKind>> = {
  name: carried,
  description: carried,
  labels: carried,
  annotations: carried,
  actions: carried,
  forMs: carried,
  keepFiringMs: carried,
  resolveAfterMs: carried,
  noData: carried,
  error: carried,
  limit: carried,
  flapping: carried,
  cooldownMs: carried,
  dedupeTtlMs: carried,
  ttlMs: carried,
  maxKeys: carried,
  outageToleranceMs: carried,
  watermark: carried,
  lateness: carried,
  sources: condition,
  dataSchema: condition,
  condition,
  trigger: gathered,
  ordered: condition,
  time: identity,
  key: identity,
  keyLabels: identity,
  nullKey: condition,
  outcome: identity,
};

const strength: Readonly<Record<EditEffect, number>> = { carry: 0, reset: 1, newLineage: 2 };

/**
 * Compares two versions of a rule: what changed, what that does to the state, and what else the author may choose. The
 * first version, with null before it, always begins a lineage.
 */
export function compatibility(before: RuleDefinition | null, after: RuleDefinition): Compatibility {
  if (before === null) return { effect: "newLineage", allowed: ["newLineage"], changes: [] };
  const changes: EditChange[] = [];
  let effect: EditEffect = "carry";
  let best: EditEffect = "carry";
  for (const name of Object.keys(fields) as (keyof RuleDefinition)[]) {
    if (canonicalJson(before[name]) === canonicalJson(after[name])) continue;
    const kind =
      name === "trigger"
        ? triggerKind(before, after)
        : name === "condition"
          ? conditionKind(before, after)
          : fields[name];
    changes.push({ pointer: jsonPointer([name]), effect: kind.effect });
    effect = stronger(effect, kind.effect);
    best = stronger(best, kind.best);
  }
  return { effect, allowed: editEffects.filter((one) => strength[one] >= strength[best]), changes };
}

function stronger(a: EditEffect, b: EditEffect): EditEffect {
  return strength[a] >= strength[b] ? a : b;
}

/** Another kind of trigger is another rule; how a metric is fetched and when a schedule runs leaves no state behind. */
function triggerKind(before: RuleDefinition, after: RuleDefinition): FieldKind {
  const [a, b] = [before.trigger, after.trigger];
  if (a.kind !== b.kind) return identity;
  if (a.kind === "schedule") return carried;
  if (a.kind === "metric" || a.kind === "filter") return condition;
  if (a.kind === "window" && b.kind === "window" && canonicalJson(a.window) === canonicalJson(b.window)) {
    return canonicalJson(a.aggregates) === canonicalJson(b.aggregates) ? carried : gathered;
  }
  return gathered;
}

/** The baselines of one model mean nothing to another. */
function conditionKind(before: RuleDefinition, after: RuleDefinition): FieldKind {
  const [a, b] = [before.condition, after.condition];
  const learns = (one: RuleDefinition["condition"]) =>
    one !== undefined && one.kind !== "expression" && one.kind !== "static";
  return learns(a) && (a?.kind !== b?.kind || canonicalJson(a) !== canonicalJson(b)) ? gathered : condition;
}

/** The state of a key after an edit that keeps its lineage. Consumes the state given. */
export function migrateState(state: KeyState, effect: "carry" | "reset"): KeyState {
  if (effect === "carry") return state;
  delete state.window;
  delete state.pattern;
  delete state.held;
  delete state.models;
  delete state.log;
  return state;
}
