import { canonicalJson } from "../../../kernel/json.ts";
import { jsonPointer } from "../../../kernel/problem.ts";
import { type CaseDraft, emptyDraft } from "./case-draft.ts";
import type { CaseFormat, FormatSurroundings } from "./case-format.ts";
import { isObject, readContexts, readText } from "./field-values.ts";
import { readMessages } from "./messages.ts";
import { mapAssertion } from "./promptfoo-assertions.rules.ts";
import { refusedAssertion, refusedOptions, refusedValue } from "./promptfoo-refusals.rules.ts";
import { combinationCount, fillTemplate, varCombinations } from "./promptfoo-vars.rules.ts";
import type { RecordFields } from "./record-fields.ts";

type Vars = Readonly<Record<string, unknown>>;
type Assertion = Readonly<Record<string, unknown>>;

const inputVars = ["question", "query", "user_input", "input", "prompt", "message", "messages", "text"];
const contextVars = ["contexts", "context"];
const referenceVars = ["reference", "ground_truth", "expected_answer", "expected"];

/** The assertions of a test with the pointer to each; those of an `assert-set` come with its own weight left aside. */
function flatAssertions(
  asserts: readonly unknown[],
): { assertion: Assertion; pointer: string; set?: number }[] {
  return asserts.flatMap((entry, index) => {
    const pointer = `/assert/${index}`;
    if (!isObject(entry)) return [];
    if (entry.type !== "assert-set" || !Array.isArray(entry.assert)) return [{ assertion: entry, pointer }];
    return entry.assert.flatMap((inner, at) =>
      isObject(inner) ? [{ assertion: inner, pointer: `${pointer}/assert/${at}`, set: index }] : [],
    );
  });
}

/** Rejects the row for everything in it that would run code or read a file. */
function rejectUnsafe(
  fields: RecordFields,
  test: { vars: Vars; asserts: readonly unknown[]; options: unknown; provider: unknown },
): void {
  const found = [
    ...flatAssertions(test.asserts).map(({ assertion, pointer }) => ({
      refusal: refusedAssertion(assertion),
      pointer,
    })),
    { refusal: refusedValue(test.vars), pointer: "/vars" },
    { refusal: refusedOptions(test.options), pointer: "/options" },
    { refusal: refusedValue(test.provider), pointer: "/provider" },
  ];
  for (const { refusal, pointer } of found) {
    if (refusal) fields.notes.reject(pointer + jsonPointer(refusal.path), refusal.code, refusal.message);
  }
}

function firstVar(vars: Vars, names: readonly string[]): string | undefined {
  return names.find((name) => vars[name] !== undefined && vars[name] !== null && vars[name] !== "");
}

/** The var that is the question: the mapped one, one with a usual name, or the only one; else prompt and vars decide. */
function readInput(draft: CaseDraft, vars: Vars, fields: RecordFields, prompts: unknown): void {
  const names = Object.keys(vars);
  const asked = fields.asked("input")?.replace(/^\/vars\//, "");
  const name =
    firstVar(vars, asked === undefined ? inputVars : [asked, ...inputVars]) ??
    (names.length === 1 ? names[0] : undefined);
  if (name !== undefined) {
    const found = { value: vars[name], pointer: `/vars${jsonPointer([name])}` };
    fields.notes.mapped("input", found.pointer);
    if (Array.isArray(found.value))
      draft.input = readMessages(found.value, found.pointer, fields.notes).messages;
    else draft.input = readText(found, fields.notes);
    return;
  }
  const list = Array.isArray(prompts) ? prompts : [];
  if (list.length === 1 && typeof list[0] === "string") {
    const filled = fillTemplate(list[0], vars);
    if (!filled.whole)
      fields.notes.warn(
        "",
        "template_not_filled",
        "The prompt has places that cannot be filled; they were left as they are.",
      );
    fields.notes.mapped("input", "/prompts/0");
    draft.input = filled.text;
  } else if (names.length > 0) {
    fields.notes.warn(
      "/vars",
      "input_is_all_vars",
      "No var is plainly the question; the input is all vars as JSON. Map one with `mapping`.",
    );
    draft.input = canonicalJson(vars);
  }
}

function readReference(draft: CaseDraft, vars: Vars, asserts: ReturnType<typeof flatAssertions>): void {
  for (const { assertion } of asserts) {
    const type = String(assertion.type ?? "");
    if (type.startsWith("not-")) continue;
    const reference = mapAssertion(
      type,
      filledValue(assertion.value, vars),
      numberOf(assertion.threshold),
    )?.reference;
    if (reference !== undefined && draft.reference === undefined) draft.reference = reference;
  }
  const name = firstVar(vars, referenceVars);
  if (draft.reference === undefined && name !== undefined && typeof vars[name] === "string")
    draft.reference = vars[name];
}

function filledValue(value: unknown, vars: Vars): unknown {
  if (typeof value === "string") return fillTemplate(value, vars).text;
  return Array.isArray(value) ? value.map((entry) => filledValue(entry, vars)) : value;
}

function numberOf(value: unknown): number | undefined {
  return typeof value === "number" && Number.isFinite(value) ? value : undefined;
}

/** Each assertion in Maru's words, kept with the case; the ones no metric scores are told and kept as they are. */
function readAssertions(
  draft: CaseDraft,
  vars: Vars,
  asserts: ReturnType<typeof flatAssertions>,
  fields: RecordFields,
  around: FormatSurroundings,
): Record<string, unknown>[] {
  return asserts.map(({ assertion, pointer, set }) => {
    const written = String(assertion.type ?? "");
    const negated = written.startsWith("not-");
    const type = negated ? written.slice(4) : written;
    const value = filledValue(assertion.value, vars);
    const mapped = mapAssertion(type, value, numberOf(assertion.threshold));
    const fits = mapped && (mapped.reference === undefined || mapped.reference === draft.reference);
    const kept = {
      ...assertion,
      ...(value === undefined ? {} : { value }),
      ...(set === undefined ? {} : { set }),
    };
    if (!fits) {
      const why = mapped ? "its value is not the reference of the case" : "no metric scores it";
      fields.notes.warn(
        pointer,
        "assertion_not_mapped",
        `The assertion ${written} is kept but not scored: ${why}.`,
      );
      return kept;
    }
    const { metric, options, threshold } = mapped;
    around.journal.suggest(metric, { ...options }, { threshold, negated, cases: 1 });
    return { ...kept, metric, options, negated, ...(threshold === undefined ? {} : { threshold }) };
  });
}

function readCase(
  fields: RecordFields,
  around: FormatSurroundings,
  vars: Vars,
  asserts: readonly unknown[],
): CaseDraft {
  const draft = emptyDraft();
  readInput(draft, vars, fields, around.envelope.prompts);
  const contexts = firstVar(vars, contextVars);
  if (contexts !== undefined) {
    const found = { value: vars[contexts], pointer: `/vars/${contexts}` };
    fields.notes.mapped("contexts", found.pointer);
    const held =
      typeof found.value === "string" && !found.value.trim().startsWith("[")
        ? { ...found, value: [found.value] }
        : found;
    draft.contexts = readContexts(fields, held, undefined, { ranked: true });
  }
  const flat = flatAssertions(asserts);
  readReference(draft, vars, flat);
  draft.metadata.vars = vars;
  const assertions = readAssertions(draft, vars, flat, fields, around);
  if (assertions.length > 0) draft.metadata.assertions = assertions;
  const sets = asserts.flatMap((entry, index) => {
    if (!isObject(entry) || entry.type !== "assert-set") return [];
    const { assert: _assert, ...rest } = entry;
    return [{ ...rest, set: index }];
  });
  if (sets.length > 0) draft.metadata.assertionSets = sets;
  return draft;
}

function members(value: unknown): Record<string, unknown> {
  return isObject(value) ? value : {};
}

/** What every case of a test has in common. */
function readShared(fields: RecordFields): { output: string | undefined; metadata: Record<string, unknown> } {
  const metadata = { ...members(fields.plain(["metadata"])?.value) };
  const description = readText(fields.plain(["description"]), fields.notes);
  if (description !== undefined) metadata.description = description;
  const threshold = fields.plain(["threshold"])?.value;
  if (threshold !== undefined) metadata.assertionThreshold = threshold;
  return { output: readText(fields.plain(["providerOutput"]), fields.notes), metadata };
}

/**
 * The tests of a promptfoo configuration (promptfoo.dev/docs/configuration), one case for every combination of the
 * lists in its vars. Nothing in the file is ever run or followed: code, programs and file references reject their row.
 */
export const promptfooYaml: CaseFormat = {
  name: "promptfoo-yaml",
  containers: ["yaml"],
  read: (fields, around) => {
    const vars = members(fields.plain(["vars"])?.value);
    const asserted = fields.plain(["assert"])?.value;
    const asserts = Array.isArray(asserted) ? asserted : [];
    const optionsField = fields.plain(["options"]);
    const options = members(optionsField?.value);
    const provider = fields.plain(["provider"]);
    rejectUnsafe(fields, { vars, asserts, options, provider: provider?.value });
    const expand = options.disableVarExpansion !== true;
    const { maxVarCombinations } = around.limits;
    if (expand && combinationCount(vars) > maxVarCombinations) {
      fields.notes.reject(
        "/vars",
        "too_many_combinations",
        `The lists in vars give more than ${maxVarCombinations} cases.`,
      );
    }
    if (fields.notes.rejected) return [];
    if (optionsField && Object.keys(options).length > 0) fields.keepWhole(optionsField);
    if (provider) fields.keepWhole(provider);
    const shared = readShared(fields);
    return (expand ? varCombinations(vars) : [vars]).map((combination) => {
      const draft = readCase(fields, around, combination, asserts);
      return { ...draft, output: shared.output, metadata: { ...shared.metadata, ...draft.metadata } };
    });
  },
};
