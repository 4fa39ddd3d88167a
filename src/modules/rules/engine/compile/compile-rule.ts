import type { RuleAction } from "../../../../../contracts/rule-actions.ts";
import type { Condition } from "../../../../../contracts/rule-conditions.ts";
import type { RuleDefinition } from "../../../../../contracts/rules.ts";
import { isZone } from "../../../../kernel/zone.ts";
import { compileActions } from "../../actions/compile-actions.ts";
import { typeOfJsonSchema } from "../../expr/json-schema-types.ts";
import { type CelType, celTypes } from "../../expr/values/type.ts";
import { compilePatternTrigger } from "./compile-pattern-trigger.ts";
import { compileWindow } from "./compile-window.ts";
import type { CompiledCondition, CompiledRule, CompiledTrigger, NamedTemplate } from "./compiled-rule.ts";
import { type RuleIssue, RuleIssues } from "./issues.ts";
import { type RuleScope, scopeOf } from "./scope.ts";

export interface RuleIdentity {
  readonly tenantId: string;
  readonly lineage: string;
}

export type RuleOutcome =
  | { readonly ok: true; readonly rule: CompiledRule; readonly notes: readonly RuleIssue[] }
  | { readonly ok: false; readonly problems: readonly RuleIssue[]; readonly notes: readonly RuleIssue[] };

/**
 * Compiles a rule. `data` is the type of the events' data, `dyn` where there is no schema. Every expression
 * that is wrong is reported with a pointer into the definition. Pure; the result holds no state.
 */
export function compileRule(
  definition: RuleDefinition,
  identity: RuleIdentity,
  data: CelType = dataTypeOf(definition),
): RuleOutcome {
  const issues = new RuleIssues();
  const scope = scopeOf(definition, data);
  const { where } = definition.sources;
  const compiledWhere =
    where === undefined ? undefined : issues.expr(["sources", "where"], where, scope.event, ["bool"]);
  const key = definition.key.map((source, i) => issues.expr(["key", i], source, scope.event));
  const trigger = compileTrigger(definition, scope, issues);
  const condition = compileCondition(definition, scope, issues);
  const labels = templates("labels", definition, scope, issues);
  const annotations = templates("annotations", definition, scope, issues);
  const actions = compileActions(definition.actions, scope, issues);
  checkKeyLabels(definition, issues);
  if (issues.problems.length > 0 || trigger === undefined) {
    return { ok: false, problems: issues.problems, notes: issues.notes };
  }
  const rule: CompiledRule = {
    ...identity,
    definition,
    where: compiledWhere,
    key: key.filter((expr) => expr !== undefined),
    keyLabels: key.map((_, i) => definition.keyLabels[i] ?? `key${i}`),
    trigger,
    condition,
    labels,
    labelsVary: labels.some(readsEvent),
    annotations,
    actions,
  };
  return { ok: true, rule, notes: issues.notes };
}

const dataTypeOf = ({ dataSchema }: RuleDefinition): CelType =>
  dataSchema === undefined ? celTypes.dyn : typeOfJsonSchema(dataSchema);

function compileTrigger(
  definition: RuleDefinition,
  scope: RuleScope,
  issues: RuleIssues,
): CompiledTrigger | undefined {
  const { trigger } = definition;
  switch (trigger.kind) {
    case "filter": {
      const at = ["trigger", "value"];
      const value =
        trigger.value === undefined ? undefined : issues.expr(at, trigger.value, scope.event, numbers);
      return { kind: "filter", value };
    }
    case "window":
      return compileWindow(trigger, scope, issues);
    case "pattern": {
      const texts = [...Object.values(definition.labels), ...Object.values(definition.annotations)];
      const sayEvents = (text: string) => text.includes("match");
      const keepsEvents = texts.some(sayEvents) || definition.actions.some(readsMatch);
      const pattern = compilePatternTrigger(trigger.pattern, scope, keepsEvents, issues);
      return pattern === undefined ? undefined : { kind: "pattern", pattern };
    }
    default:
      return { kind: trigger.kind };
  }
}

const readsMatch = (action: RuleAction) => JSON.stringify(action.settings).includes("match");

const numbers = ["int", "uint", "double"] as const;

function compileCondition(
  definition: RuleDefinition,
  scope: RuleScope,
  issues: RuleIssues,
): CompiledCondition | undefined {
  const { condition, trigger } = definition;
  const matchesAlone = trigger.kind === "pattern" || trigger.kind === "schedule";
  if (condition === undefined) {
    if (!matchesAlone) issues.problem(["condition"], "missing", `A ${trigger.kind} rule needs a condition.`);
    return undefined;
  }
  if (matchesAlone) {
    issues.problem(["condition"], "not_allowed", `A ${trigger.kind} rule has no condition.`);
    return undefined;
  }
  if (condition.kind !== "expression") {
    checkBand(condition, definition, issues);
    return condition;
  }
  const open = issues.expr(["condition", "open"], condition.open, scope.condition, ["bool"]);
  const close =
    condition.close === undefined
      ? undefined
      : issues.expr(["condition", "close"], condition.close, scope.condition, ["bool"]);
  return open === undefined ? undefined : { kind: "expression", open, close };
}

function checkBand(
  condition: Exclude<Condition, { kind: "expression" }>,
  definition: RuleDefinition,
  issues: RuleIssues,
): void {
  const { trigger } = definition;
  const names = trigger.kind === "window" ? Object.keys(trigger.aggregates) : valueNames(trigger);
  if (!names.includes(condition.of)) {
    const known = names.length === 0 ? "This rule has no value." : `There is ${names.join(", ")}.`;
    issues.problem(["condition", "of"], "unknown_name", `There is no value "${condition.of}". ${known}`);
  }
  if (condition.kind === "seasonal" && !isZone(condition.zone)) {
    issues.problem(["condition", "zone"], "unknown_zone", `There is no time zone "${condition.zone}".`);
  }
}

function valueNames(trigger: RuleDefinition["trigger"]): string[] {
  return trigger.kind === "metric" || (trigger.kind === "filter" && trigger.value !== undefined)
    ? ["value"]
    : [];
}

function templates(
  field: "labels" | "annotations",
  definition: RuleDefinition,
  scope: RuleScope,
  issues: RuleIssues,
): NamedTemplate[] {
  const compiled: NamedTemplate[] = [];
  for (const [name, source] of Object.entries(definition[field])) {
    const template = issues.template([field, name], source, scope[field]);
    if (template !== undefined) compiled.push({ name, template });
  }
  return compiled;
}

function checkKeyLabels({ keyLabels, key }: RuleDefinition, issues: RuleIssues): void {
  if (keyLabels.length > key.length) {
    issues.problem(["keyLabels", key.length], "too_many", "There are more labels than parts of the key.");
  }
}

function readsEvent({ template }: NamedTemplate): boolean {
  const names = new Set(["event", "data"]);
  return template.parts.some(
    (part) => typeof part !== "string" && part.reads.some((name) => names.has(name)),
  );
}
