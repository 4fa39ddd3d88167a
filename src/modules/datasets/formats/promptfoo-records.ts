import { canonicalJson } from "../../../kernel/json.ts";
import { jsonPointer, problem } from "../../../kernel/problem.ts";
import { isObject } from "./field-values.ts";
import type { ImportJournal } from "./import-journal.ts";
import type { ImportLimits } from "./import-options.ts";
import { refusedAssertion, refusedOptions, refusedValue } from "./promptfoo-refusals.rules.ts";
import type { SourceItem } from "./source-record.ts";
import { readYaml, type YamlSource } from "./yaml-document.ts";

type Path = readonly (string | number)[];
type Config = Readonly<Record<string, unknown>>;

/** What is kept of a configuration for the data set; `env` may hold secrets and is not. */
const keptMembers = [
  "description",
  "tags",
  "evaluateOptions",
  "outputPath",
  "commandLineOptions",
  "defaultTest",
  "sharing",
];
const readMembers = new Set([
  ...keptMembers,
  "prompts",
  "providers",
  "targets",
  "tests",
  "scenarios",
  "env",
  "extensions",
  "$schema",
]);

/** Keeps the items of a list that are only text or data, and tells which were refused. */
function keepSafe(config: Config, member: string, yaml: YamlSource, journal: ImportJournal): unknown[] {
  const value = config[member];
  if (value === undefined || value === null) return [];
  const list = Array.isArray(value) ? value : [value];
  return list.filter((item, index) => {
    const path = Array.isArray(value) ? [member, index] : [member];
    const refusal = refusedValue(item) ?? refusedValue(isObject(item) ? Object.keys(item) : undefined);
    if (!refusal) return true;
    const note = { pointer: jsonPointer(path), code: refusal.code, message: refusal.message };
    journal.note({ line: yaml.lineAt(path), ...note, severity: "error" });
    return false;
  });
}

function readConfig(config: Config, yaml: YamlSource, journal: ImportJournal): string[] {
  for (const member of keptMembers) {
    if (config[member] !== undefined && config[member] !== null) journal.dataset[member] = config[member];
  }
  const providers = [
    ...keepSafe(config, "providers", yaml, journal),
    ...keepSafe(config, "targets", yaml, journal),
  ];
  if (providers.length > 0) journal.dataset.providers = providers;
  const prompts = keepSafe(config, "prompts", yaml, journal);
  if (prompts.length > 0) journal.dataset.prompts = prompts;
  if (config.extensions !== undefined && config.extensions !== null) {
    journal.note({
      line: yaml.lineAt(["extensions"]),
      pointer: "/extensions",
      code: "executable_refused",
      message: "Extensions would run code that came with the file; they are refused and never run.",
      severity: "error",
    });
  }
  if (config.env !== undefined && config.env !== null) {
    journal.noteFile("/env", "env_not_imported", "Environment values may be secrets and are not imported.");
  }
  const others = Object.entries(config).filter(([name]) => !readMembers.has(name));
  if (others.length > 0) journal.dataset.other = Object.fromEntries(others);
  return prompts.flatMap((prompt) =>
    typeof prompt === "string"
      ? [prompt]
      : isObject(prompt) && typeof prompt.raw === "string"
        ? [prompt.raw]
        : [],
  );
}

/** Code or files in what every test inherits refuse the whole file: no test would be what its author meant. */
function checkDefaults(defaults: unknown, yaml: YamlSource): Config {
  if (defaults === undefined || defaults === null) return {};
  const fault = isObject(defaults) ? refusedDefaults(defaults) : refusedValue(defaults);
  if (fault) {
    const pointer = jsonPointer(["defaultTest", ...fault.path]);
    const line = yaml.lineAt(["defaultTest"]);
    throw problem("invalid_input", `datasets.${fault.code}`, `Line ${line}: ${fault.message}`, {
      errors: [{ pointer, code: fault.code, message: fault.message }],
      data: { line },
    });
  }
  return isObject(defaults) ? defaults : {};
}

function refusedDefaults(defaults: Config): ReturnType<typeof refusedValue> {
  const asserts = Array.isArray(defaults.assert) ? defaults.assert : [];
  for (const [index, item] of asserts.entries()) {
    const nested = isObject(item) && Array.isArray(item.assert) ? item.assert : [item];
    for (const one of nested) {
      const fault = isObject(one) ? refusedAssertion(one) : undefined;
      if (fault) return { ...fault, path: ["assert", index, ...fault.path] };
    }
  }
  const options = refusedOptions(defaults.options);
  if (options) return { ...options, path: ["options", ...options.path] };
  return refusedValue(defaults.vars, ["vars"]) ?? refusedValue(defaults.provider, ["provider"]);
}

function members(value: unknown): Record<string, unknown> {
  return isObject(value) ? { ...value } : {};
}

function list(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}

/** A test with what it inherits, as promptfoo merges them: assertions are added, everything else is overridden. */
function inherit(defaults: Config, test: Config): Record<string, unknown> {
  const options = { ...members(defaults.options), ...members(test.options) };
  const inherited = options.disableDefaultAsserts === true ? [] : list(defaults.assert);
  const merged: Record<string, unknown> = { ...defaults, ...test };
  merged.vars = { ...members(defaults.vars), ...members(test.vars) };
  merged.metadata = { ...members(defaults.metadata), ...members(test.metadata) };
  merged.assert = [...inherited, ...list(test.assert)];
  merged.options = options;
  return merged;
}

function item(test: unknown, defaults: Config, path: Path, yaml: YamlSource): SourceItem {
  const line = yaml.lineAt(path);
  if (typeof test === "string") {
    const refusal = refusedValue(test);
    const code = refusal?.code ?? "file_reference_refused";
    const message =
      refusal?.message ?? `"${test.slice(0, 80)}" names another file; write its tests in this one.`;
    return { line, broken: { pointer: jsonPointer(path), code, message } };
  }
  if (!isObject(test))
    return {
      line,
      broken: { pointer: jsonPointer(path), code: "not_an_object", message: "A test must be a map." },
    };
  return { line, raw: canonicalJson(test), value: inherit(defaults, test) };
}

function* scenarioItems(config: Config, defaults: Config, yaml: YamlSource): Generator<SourceItem> {
  for (const [index, scenario] of list(config.scenarios).entries()) {
    if (!isObject(scenario)) {
      yield item(scenario, defaults, ["scenarios", index], yaml);
      continue;
    }
    for (const setting of list(scenario.config)) {
      const shared = inherit(defaults, members(setting));
      for (const [at, test] of list(scenario.tests).entries())
        yield item(test, shared, ["scenarios", index, "tests", at], yaml);
    }
  }
}

/** The tests of a promptfoo configuration as records, each with its defaults; `prompts` receives the inline prompts. */
export function* promptfooRecords(
  text: string,
  limits: ImportLimits,
  journal: ImportJournal,
  prompts: string[],
): Generator<SourceItem> {
  const yaml = readYaml(text, limits);
  const root = yaml.value;
  if (Array.isArray(root)) {
    for (const [index, test] of root.entries()) yield item(test, {}, [index], yaml);
    return;
  }
  const config = members(root);
  prompts.push(...readConfig(config, yaml, journal));
  const defaults = checkDefaults(config.defaultTest, yaml);
  const tests = config.tests;
  if (typeof tests === "string") yield item(tests, defaults, ["tests"], yaml);
  for (const [index, test] of list(tests).entries()) yield item(test, defaults, ["tests", index], yaml);
  yield* scenarioItems(config, defaults, yaml);
}
