import {
  offsetMs,
  type RuleTest,
  type RuleTestFile,
  type RuleTestReport,
  type RuleTestResult,
} from "../../../../contracts/rule-tests.ts";
import type { RuleDefinition } from "../../../../contracts/rules.ts";
import { jsonPointer, problem } from "../../../kernel/problem.ts";
import { compileSchedule } from "../../schedules/index.ts";
import { Replay } from "../backtest/replay.ts";
import { compileRule } from "../engine/compile/compile-rule.ts";
import type { CompiledRule } from "../engine/compile/compiled-rule.ts";
import { placedMessage } from "../expr/placed-message.ts";
import { Seen } from "./seen.rules.ts";
import { testInputs } from "./test-inputs.rules.ts";

/** Steps that all tests of a file may cost together. */
const workOfFile = 1_000_000;

/** The rules that tests name by their ids, by `keptRuleName`. */
export type KeptRules = ReadonlyMap<string, RuleDefinition>;

/** How a version of a rule is named among those that are kept; the latest where no version is given. */
export const keptRuleName = (ruleId: string, version: number | undefined): string =>
  `${ruleId}@${version ?? ""}`;

/**
 * Runs the tests of a file through the engine that runs live. Pure; what the tests say decides everything.
 * @throws invalid_input `rules.test_file` with a pointer into the file
 */
export function runRuleTests(file: RuleTestFile, kept: KeptRules = new Map()): RuleTestReport {
  const known = new Map<string, CompiledRule>();
  for (const [i, rule] of file.rules.entries()) {
    if (known.has(rule.name)) throw wrong(["rules", i, "name"], `There are two rules "${rule.name}".`);
    known.set(rule.name, compiled(rule, ["rules", i]));
  }
  let left = workOfFile;
  const tests = file.tests.map((test, i) => {
    const rule = ruleOf(test, known, ["tests", i], kept);
    const { steps, ...result } = runTest(test, rule, left, ["tests", i]);
    left -= steps;
    return result;
  });
  const passed = tests.filter(({ ok }) => ok).length;
  return { ok: passed === tests.length, passed, failed: tests.length - passed, tests };
}

function ruleOf(
  test: RuleTest,
  known: ReadonlyMap<string, CompiledRule>,
  path: readonly PropertyKey[],
  kept: KeptRules,
): CompiledRule {
  if (test.ruleId !== undefined) {
    const definition = kept.get(keptRuleName(test.ruleId, test.version));
    if (definition !== undefined) return compiled(definition, [...path, "ruleId"]);
    throw wrong([...path, "ruleId"], "A rule by its id needs the server that keeps it.");
  }
  const [only] = known.size === 1 ? known.values() : [];
  const found = test.rule === undefined ? only : known.get(test.rule);
  if (found !== undefined) return found;
  if (test.rule === undefined) throw wrong([...path, "rule"], "Say which rule is tested.");
  const names = [...known.keys()].map((name) => `"${name}"`).join(", ");
  throw wrong([...path, "rule"], `There is no rule "${test.rule}" in the file. There is ${names || "none"}.`);
}

function compiled(definition: RuleDefinition, path: readonly PropertyKey[]): CompiledRule {
  const outcome = compileRule(definition, { tenantId: "test", lineage: "test" });
  if (outcome.ok) return outcome.rule;
  const errors = outcome.problems.map((issue) => ({
    pointer: jsonPointer(path) + issue.pointer,
    code: issue.code,
    message: placedMessage(issue),
  }));
  throw problem("invalid_input", "rules.test_file", errors[0]?.message ?? "A rule is not valid.", { errors });
}

function wrong(path: readonly PropertyKey[], message: string) {
  const errors = [{ pointer: jsonPointer(path), code: "rule", message }];
  return problem("invalid_input", "rules.test_file", message, { errors });
}

function runTest(
  test: RuleTest,
  rule: CompiledRule,
  maxWork: number,
  path: readonly PropertyKey[],
): RuleTestResult & { readonly steps: number } {
  const startAt = Date.parse(test.startsAt);
  const seen = new Seen(startAt);
  const { trigger, name } = rule.definition;
  const replay = new Replay({
    rule,
    startAt,
    hub: null,
    nextRun: trigger.kind === "schedule" ? compileSchedule(trigger.schedule).next : null,
    maxWork,
    onOutputs: (outputs) => seen.hear(outputs),
  });
  const inputs = testInputs(test, startAt, path);
  const expectations = [...test.expect].sort((a, b) => offsetMs(a.at) - offsetMs(b.at));
  const failures: RuleTestResult["failures"] = [];
  let next = 0;
  for (const expectation of expectations) {
    const until = startAt + offsetMs(expectation.at);
    for (let input = inputs[next]; input !== undefined && input.at <= until; input = inputs[++next]) {
      if (replay.isExhausted) break;
      if ("events" in input) replay.ingest(input.events, input.at);
      else replay.feed(input.input, input.at);
    }
    replay.passTo(until);
    if (replay.isExhausted) {
      const unexpected = [`The tests of a file may cost ${workOfFile} steps together.`];
      failures.push({ at: String(expectation.at), of: "work", missing: [], unexpected });
      break;
    }
    failures.push(...seen.check(expectation));
  }
  const { steps } = replay.shard.progress.counters;
  return { name: test.name, rule: name, ok: failures.length === 0, failures, problems: seen.problems, steps };
}
