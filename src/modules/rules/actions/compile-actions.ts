import type { HttpSettings, RuleAction } from "../../../../contracts/rule-actions.ts";
import type { Json } from "../../../kernel/json.ts";
import type { RuleIssues } from "../engine/compile/issues.ts";
import type { RuleScope } from "../engine/compile/scope.ts";
import type { ExprTypes } from "../expr/expr.ts";
import { celTypes, mapTo } from "../expr/values/type.ts";
import type { CompiledAction, JsonTemplate } from "./compiled-action.ts";

type Path = readonly PropertyKey[];

/** Values that the JSON of one action may have. */
const mostValues = 500;

/** Compiles what actions send. Every template that is wrong is reported with a pointer to its place. */
export function compileActions(
  actions: readonly RuleAction[],
  scope: RuleScope,
  issues: RuleIssues,
): ReadonlyMap<string, CompiledAction> {
  const types = typesOf(scope);
  const compiled = new Map<string, CompiledAction>();
  const ids = new Set<string>();
  for (const [i, action] of actions.entries()) {
    if (ids.has(action.id))
      issues.problem(["actions", i, "id"], "duplicate", `There are two actions "${action.id}".`);
    ids.add(action.id);
    const one = compileAction(action, ["actions", i, "settings"], types, issues);
    if (one !== undefined) compiled.set(action.id, one);
  }
  return compiled;
}

/** What templates of actions may name: what the rule saw by value, and the occasion; never a single event. */
function typesOf(scope: RuleScope): ExprTypes {
  const { event: _, data: __, window: ___, scheduledFor: ____, ...values } = scope.annotations;
  return {
    ...values,
    annotations: mapTo(celTypes.string),
    values: mapTo(celTypes.dyn),
    occasion: celTypes.string,
    at: celTypes.timestamp,
    matchId: celTypes.string,
    rule: mapTo(celTypes.dyn),
  };
}

function compileAction(
  action: RuleAction,
  at: Path,
  types: ExprTypes,
  issues: RuleIssues,
): CompiledAction | undefined {
  switch (action.kind) {
    case "notify":
      return undefined;
    case "job": {
      const { run } = action.settings;
      const dataset = issues.template([...at, "run", "dataset"], run.dataset, types);
      const name =
        run.name === undefined ? undefined : issues.template([...at, "run", "name"], run.name, types);
      return dataset === undefined ? undefined : { kind: "job", run, dataset, name };
    }
    case "http":
      return compileHttp(action.settings, at, types, issues);
    case "rule": {
      const given = new JsonCompiler(types, issues).compile([...at, "with"], action.settings.with);
      return given === undefined ? undefined : { kind: "rule", with: given };
    }
  }
}

function compileHttp(
  settings: HttpSettings,
  at: Path,
  types: ExprTypes,
  issues: RuleIssues,
): CompiledAction | undefined {
  const url = issues.template([...at, "url"], settings.url, types);
  checkUrl(settings.url, [...at, "url"], issues);
  const headers = Object.entries(settings.headers).flatMap(([name, source]) => {
    const template = issues.template([...at, "headers", name], source, types);
    return template === undefined ? [] : [[name, template] as const];
  });
  const { body } = settings;
  if (body !== undefined && settings.method === "GET")
    issues.problem([...at, "body"], "not_allowed", "A GET request has no body.");
  const json =
    body === undefined ? undefined : new JsonCompiler(types, issues).compile([...at, "body"], body);
  return url === undefined ? undefined : { kind: "http", settings, url, headers, body: json };
}

/** Whom a rule calls is its author's choice, never that of an event: scheme and host stand as they are. */
function checkUrl(url: string, at: Path, issues: RuleIssues): void {
  const fixed = url.replace(/\{\{.*$/s, "");
  if (
    !/^https?:\/\/[^/?#]+([/?#]|$)/.test(fixed) ||
    (fixed.length < url.length && !/^https?:\/\/[^/?#]+[/?#]/.test(fixed))
  ) {
    issues.problem(at, "not_a_url", "An http or https URL whose scheme and host hold no template.");
    return;
  }
  const read = URL.canParse(fixed) ? new URL(fixed) : undefined;
  if (read === undefined) issues.problem(at, "not_a_url", "This is not a URL.");
  else if (read.username !== "" || read.password !== "")
    issues.problem(at, "credentials", "The URL must not carry credentials; name a secret by secretName.");
}

/** Compiles the texts of one JSON value. */
class JsonCompiler {
  readonly #types: ExprTypes;
  readonly #issues: RuleIssues;
  #values = 0;

  constructor(types: ExprTypes, issues: RuleIssues) {
    this.#types = types;
    this.#issues = issues;
  }

  compile(at: Path, value: Json | undefined): JsonTemplate | undefined {
    this.#values += 1;
    if (this.#values === mostValues + 1)
      this.#issues.problem(at, "too_complex", `There are more than ${mostValues} values.`);
    if (this.#values > mostValues) return undefined;
    if (typeof value === "string") return this.#text(at, value);
    if (value === undefined || value === null || typeof value !== "object")
      return { kind: "constant", value: value ?? null };
    if (Array.isArray(value)) {
      const items = value.map((item: Json, i) => this.compile([...at, i], item));
      return { kind: "list", items: items.filter((item) => item !== undefined) };
    }
    const members = Object.entries(value).flatMap(([name, member]) => {
      const compiled = this.compile([...at, name], member);
      return compiled === undefined ? [] : [[name, compiled] as const];
    });
    return { kind: "object", members };
  }

  #text(at: Path, source: string): JsonTemplate | undefined {
    if (!source.includes("{{")) return { kind: "constant", value: source };
    const template = this.#issues.template(at, source, this.#types);
    if (template === undefined) return undefined;
    const [only] = template.parts;
    if (template.parts.length === 1 && only !== undefined && typeof only !== "string")
      return { kind: "value", expr: only };
    return { kind: "text", template };
  }
}
