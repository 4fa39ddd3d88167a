import { mostHops } from "../../../../contracts/rule-actions.ts";
import type { Json } from "../../../kernel/json.ts";
import type { CompiledRule } from "../engine/compile/compiled-rule.ts";
import type { EffectOutput } from "../engine/outputs.ts";
import { type Template, toJsonValue, valueText } from "../expr/compile-template.ts";
import type { Bindings } from "../expr/expr.ts";
import { CelFailure } from "../expr/values/value.ts";
import type { CompiledAction, JsonTemplate } from "./compiled-action.ts";
import type { EffectRequest, NewEffect } from "./effect.ts";

/** The rule that decided an effect. */
export interface EffectRule {
  readonly ruleId: string;
  readonly version: number;
  readonly projectId: string | null;
  readonly compiled: CompiledRule;
}

/**
 * What an effect of a step is to do, with its templates filled in; nothing for an action that only notifies, which is
 * the alert hub's affair. The event of a rule that has come through it before, or through too many, is held back.
 */
export function newEffect(output: EffectOutput, rule: EffectRule): NewEffect | undefined {
  const { action, lineage, at, occasion, labels } = output;
  const compiled = rule.compiled.actions.get(action.id);
  if (compiled === undefined || action.kind === "notify") return undefined;
  const visited = output.visited ?? [];
  const request = requestOf(compiled, output, rule, [...visited, rule.ruleId]);
  return {
    key: output.effectKey,
    ruleId: rule.ruleId,
    lineage,
    version: rule.version,
    projectId: rule.projectId,
    actionId: action.id,
    kind: action.kind,
    occasion,
    at,
    labels,
    target: targetOf(request),
    delivery: action.delivery,
    reasons: [...output.suppressed, ...(action.kind === "rule" ? guarded(visited, rule.ruleId) : [])],
    request,
  };
}

function guarded(visited: readonly string[], ruleId: string): string[] {
  if (visited.includes(ruleId)) return ["cycle"];
  return visited.length >= mostHops ? ["hops"] : [];
}

function targetOf(request: EffectRequest): string {
  if (request.kind === "job") return request.run.dataset;
  if (request.kind === "rule") return request.type;
  // The path and the query may be a credential.
  return `${request.method} ${URL.canParse(request.url) ? new URL(request.url).origin : "?"}`;
}

function requestOf(
  action: CompiledAction,
  output: EffectOutput,
  rule: EffectRule,
  visited: readonly string[],
): EffectRequest {
  const bindings = bindingsOf(output, rule);
  switch (action.kind) {
    case "job": {
      const dataset = action.dataset.render(bindings);
      const name = action.name === undefined ? {} : { name: action.name.render(bindings).slice(0, 200) };
      const project = rule.projectId === null ? {} : { projectId: rule.projectId };
      return { kind: "job", run: { ...action.run, ...project, dataset, ...name } };
    }
    case "http": {
      const { method, secretName = null, secretUse } = action.settings;
      const filled = Object.fromEntries(
        action.headers.map(([name, template]) => [name, headerText(template.render(bindings))]),
      );
      const { body, type } = bodyOf(action, output, rule, bindings);
      const typed = Object.keys(filled).some((name) => name.toLowerCase() === "content-type");
      const headers = body === null || typed ? filled : { "content-type": type, ...filled };
      return {
        kind: "http",
        method,
        url: urlText(action.url, bindings),
        headers,
        body,
        secretName,
        secretUse,
      };
    }
    case "rule": {
      const { labels, annotations, values, key, matchId } = output;
      const given = fill(action.with, bindings);
      const hops = visited.length;
      const data = {
        rule: factsOf(rule),
        labels,
        annotations,
        values,
        key,
        matchId,
        with: given,
        hops,
        visited,
      };
      return { kind: "rule", type: `maru.rule.${output.occasion}`, data };
    }
  }
}

const factsOf = ({ ruleId, version, compiled }: EffectRule) => ({
  id: ruleId,
  name: compiled.definition.name,
  version,
});

function bindingsOf(output: EffectOutput, rule: EffectRule): Bindings {
  const { values, key, labels, annotations, occasion, at, matchId } = output;
  return { ...values, key, labels, annotations, values, occasion, at, matchId, rule: factsOf(rule) };
}

function bodyOf(
  { settings, body }: CompiledAction & { readonly kind: "http" },
  output: EffectOutput,
  rule: EffectRule,
  bindings: Bindings,
): { readonly body: string | null; readonly type: string } {
  const json = "application/json";
  if (settings.method === "GET") return { body: null, type: json };
  if (body !== undefined) {
    const filled = fill(body, bindings);
    return typeof settings.body === "string" && typeof filled === "string"
      ? { body: filled, type: "text/plain; charset=utf-8" }
      : { body: JSON.stringify(filled), type: json };
  }
  const { labels, annotations, values, key, matchId, occasion, at, action } = output;
  const said = {
    rule: factsOf(rule),
    action: action.id,
    occasion,
    key,
    labels,
    annotations,
    values,
    matchId,
  };
  const event = { type: `rule.${occasion}`, timestamp: new Date(at).toISOString(), data: said };
  return { body: JSON.stringify(event), type: json };
}

/** A URL whose values can't add to its path or query. */
function urlText({ parts }: Template, bindings: Bindings): string {
  return parts
    .map((part) =>
      typeof part === "string" ? part : encodeURIComponent(valueText(part.evaluate(bindings)).toWellFormed()),
    )
    .join("");
}

/** A header's value: visible ASCII, everything else percent-encoded. */
const headerText = (text: string): string =>
  text
    .toWellFormed()
    .replace(/[^\x20-\x7e]+/g, encodeURIComponent)
    .trim()
    .slice(0, 4_000);

function fill(template: JsonTemplate, bindings: Bindings): Json {
  switch (template.kind) {
    case "constant":
      return template.value;
    case "text":
      return template.template.render(bindings);
    case "value": {
      const value = template.expr.evaluate(bindings);
      return value instanceof CelFailure ? null : (toJsonValue(value) as Json);
    }
    case "list":
      return template.items.map((item) => fill(item, bindings));
    case "object":
      return Object.fromEntries(template.members.map(([name, member]) => [name, fill(member, bindings)]));
  }
}
