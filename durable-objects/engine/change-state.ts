import type { AlertSignal } from "../../contracts/alerts.ts";
import {
  endSignals,
  keyText,
  migrateState,
  type Output,
  ruleSet,
  signalsOf,
  stepKeys,
} from "../../src/modules/rules/index.ts";
import type { AtWork, RuleChanges } from "./rules-at-work.ts";
import type { SqlShardStore } from "./store.ts";

/** Keys that are read, changed and written at a time. */
const keysPerSlice = 500;

/**
 * Makes the kept state fit the rules that are at work now, inside the transaction that replaced them, and answers what
 * the alert hub is to be told of it; `act` takes what is to be done of it.
 */
export function changeState(
  store: SqlShardStore,
  changes: RuleChanges,
  now: number,
  act: (outputs: readonly Output[], rule: AtWork) => void,
): AlertSignal[] {
  return [
    ...changes.retired.flatMap((one) => retire(store, one, now)),
    ...changes.edited.flatMap(({ before, after }) => edit(store, before, after, now, act)),
  ];
}

/** Closes the alerts of a lineage and forgets its state. */
function retire(store: SqlShardStore, { rule }: AtWork, now: number): AlertSignal[] {
  const { lineage, definition, shadow } = rule;
  const signals: AlertSignal[] = [];
  for (const keys of shadow ? [] : store.slicesOf(lineage, keysPerSlice)) {
    for (const state of keys) signals.push(...endSignals(lineage, definition.name, state, now));
  }
  store.forgetLineage(lineage);
  return signals;
}

function edit(
  store: SqlShardStore,
  before: AtWork,
  after: AtWork,
  now: number,
  act: (outputs: readonly Output[], rule: AtWork) => void,
): AlertSignal[] {
  const { lineage, definition, shadow, stateEpoch } = after.rule;
  const resets = before.rule.stateEpoch !== stateEpoch;
  const renamed = before.rule.definition.name !== definition.name;
  const only = ruleSet([after.compiled]);
  const outputs: Output[] = [];
  for (const keys of store.slicesOf(lineage, keysPerSlice)) {
    for (const state of resets ? keys : [])
      store.replaceKey(lineage, keyText(state.key), migrateState(state, "reset"));
    const inputs = keys.map(({ key }) => ({ key, input: { kind: "edited" as const, at: now, renamed } }));
    outputs.push(...stepKeys(store, only, after.compiled, inputs, now).outputs);
  }
  if (shadow) return [];
  act(outputs, after);
  // What ends because of the edit ends under the name that it had.
  const ends = (output: Output) =>
    output.kind === "transition" && output.reason === "relabelled" && output.to === "normal";
  return [
    ...signalsOf(outputs.filter(ends), before.rule.definition, now),
    ...signalsOf(
      outputs.filter((output) => !ends(output)),
      definition,
      now,
    ),
  ];
}
