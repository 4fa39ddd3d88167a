/** What other modules and the engine object may use: compiled rules, the step, what is told of it, and the port. */

export type { ClaimedEffect, EffectOutcome, EffectRequest, NewEffect } from "./actions/effect.ts";
export { type EffectStep, nextEffectStep } from "./actions/effect-step.rules.ts";
export { newEffect } from "./actions/new-effect.rules.ts";
export { ruleSourceId } from "./engine/chain.rules.ts";
export { migrateState } from "./engine/compatibility.rules.ts";
export type { CompiledRule } from "./engine/compile/compiled-rule.ts";
export type { Output } from "./engine/outputs.ts";
export { type RuleSet, ruleSet } from "./engine/shard/rule-set.ts";
export { defaultLimits } from "./engine/shard/shard-batch.ts";

export {
  keyText,
  newShardRow,
  type ShardRow,
  type ShardStore,
  type TimerClock,
} from "./engine/shard/shard-store.ts";
export { type BatchResult, type KeyInput, stepBatch, stepKeys } from "./engine/shard/step-batch.ts";
export type { KeyState } from "./engine/state.ts";
export { readKeyState, writeKeyState } from "./engine/stored/stored-key.ts";
export { withHeld } from "./engine/trace.rules.ts";
export { leftOut } from "./left-out.rules.ts";
export { mergeHealth } from "./merge-health.rules.ts";
export { mustCompile } from "./must-compile.ts";
export {
  type ClockPlan,
  clockPlan,
  type PollEntry,
  runsId,
  type TimedRule,
} from "./polling/clock-plan.rules.ts";
export {
  afterAnswer,
  decidePolls,
  type FailedPoll,
  newPoll,
  type PollNote,
  type PollPolicy,
  type PollState,
  timeOf,
} from "./polling/decide-polls.rules.ts";
export { type PollResult, pollInputs, runInputs } from "./polling/fed-inputs.rules.ts";
export { keepPoll } from "./polling/keep-poll.ts";
export { makePoll } from "./polling/make-poll.ts";
export type { PollTask, PollView, RuleClockPort } from "./polling/port.ts";
export type {
  EffectCounts,
  EffectEvent,
  EffectQuery,
  EffectsPage,
  EnginePort,
  KeyExplanation,
  RuleAtWork,
  RuleHealth,
} from "./port.ts";
export { endSignals } from "./retire.rules.ts";
export { signalsOf } from "./signals-of.rules.ts";
export { listRulesAtWork, listTenantsWithRules, ruleGeneration } from "./store.ts";
export { readTestFile } from "./testing/read-test-file.ts";
export { runRuleTests } from "./testing/run-rule-tests.ts";
